"""One process: settings, database, bus, keys, issuer; some or all services; HTTP until a signal says stop."""

import asyncio
import gc
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog
import uvicorn
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from events import database, problems
from events.authority import Actor
from events.bus_kafka import KafkaBus, KafkaSettings
from events.bus_postgres import PostgresBus
from events.clock import Clock, FileClock, SystemClock
from events.http import process_app
from events.ids import Ids, uuid7
from events.issuer import Issuer, issuer_routes, signing_key
from events.message import Bus
from events.runtime import Runtime, running
from events.service import Service, installed
from events.settings import ServiceSettings, load
from events.token_keys import KeySource, OpenIdKeys
from events.tokens import TokenSettings, TokenVerifier
from events.vault import MasterKeys, Vault

logger = structlog.get_logger()


@dataclass
class Process:
    """What runs in this process. `app` answers HTTP; `work` runs the loops of all services."""

    settings: ServiceSettings
    clock: Clock
    runtimes: list[Runtime]
    issuer: Issuer | None
    routes: list[BaseRoute] = field(default_factory=list)

    @property
    def app(self) -> ASGIApp:
        """The HTTP application: every service under its name, health, metrics, and the local issuer when there is one."""
        mounted = [*self.routes]
        if self.issuer:
            tokens = FastAPI(title="Hearthline local issuer", version="1", responses=problems.DOCUMENTED)
            tokens.include_router(issuer_routes(self.issuer))
            problems.install(tokens)
            mounted.insert(0, Mount("/issuer", tokens))
        return process_app(self.runtimes, mounted)

    async def work(self) -> None:
        """Run the loops of all services until cancelled."""
        async with asyncio.TaskGroup() as group:
            for runtime in self.runtimes:
                group.create_task(runtime.work(), name=runtime.service.name)


def clock_of(settings: ServiceSettings) -> Clock:
    """The system clock, or the virtual one that a test shares between processes."""
    return FileClock(settings.clock_file) if settings.clock_file else SystemClock()


def master_keys(settings: ServiceSettings) -> MasterKeys:
    """The master keys from the environment or a file; on the embedded default generated at the first start."""
    if settings.master_keys:
        return MasterKeys.parse(settings.master_keys.get_secret_value())
    path = settings.master_key_file or settings.data_directory / "master.key"
    return MasterKeys.of_file(path, generate=settings.master_key_file is None and settings.database_url is None)


def local_issuer(settings: ServiceSettings) -> str:
    """The URL of the issuer of the local run."""
    return f"http://{settings.host}:{settings.port}/issuer"


def owner_url(settings: ServiceSettings) -> str:
    """The database as the owner of the schemas: for migrations, rebuilds and forgetting."""
    given = settings.migration_url or settings.database_url
    return given or database.embedded(settings.data_directory / "postgres")


def service_url(settings: ServiceSettings, service: Service) -> str:
    """The database as the running service: its own role on the embedded default, else the URL that was given."""
    return settings.database_url or database.as_role(owner_url(settings), service.role)


def bus_of(settings: ServiceSettings, url: str) -> Bus:
    """Kafka when brokers are named, else the log in PostgreSQL."""
    if not settings.kafka_bootstrap:
        return PostgresBus(url)
    password = settings.kafka_password.get_secret_value() if settings.kafka_password else None
    return KafkaBus(
        KafkaSettings(
            bootstrap=settings.kafka_bootstrap,
            partitions=settings.kafka_partitions,
            replication=settings.kafka_replication,
            prefix=settings.kafka_prefix,
            session_timeout=settings.kafka_session_seconds,
            heartbeat=settings.kafka_session_seconds * 0.3,
            security_protocol=settings.kafka_security_protocol,
            sasl_mechanism=settings.kafka_sasl_mechanism,
            username=settings.kafka_username,
            password=password,
            cafile=settings.kafka_cafile,
        )
    )


@asynccontextmanager
async def assembled(
    services: Sequence[Service],
    *,
    people: Mapping[str, Actor],
    clock: Clock | None = None,
    ids: Ids = uuid7,
    overrides: Mapping[str, Any] | None = None,
) -> AsyncIterator[Process]:
    """Everything opened and closed in order. The database must be migrated. Raises WrongSetting."""
    async with AsyncExitStack() as stack:
        given = dict(overrides or {})
        # What is set for another service that is installed beside these is no mistake.
        shared = load(ServiceSettings, [service.settings for service in (*services, *installed())], **given)
        clock = clock or clock_of(shared)
        issuer, keys = None, None
        tokens = TokenSettings(shared.issuer or local_issuer(shared), shared.audience)
        if shared.issuer:
            keys = OpenIdKeys(shared.issuer, await stack.enter_async_context(httpx.AsyncClient()))
        else:
            issuer = Issuer(tokens, signing_key(shared.data_directory), clock, people)
        source: KeySource = keys or issuer  # type: ignore[assignment]
        runtimes = []
        for service in services:
            settings = load(service.settings, **given)
            url = service_url(settings, service)
            bus = bus_of(settings, url)
            stack.push_async_callback(bus.close)
            verifier = TokenVerifier(tokens, source, clock)
            context = running(
                service,
                settings,
                url=url,
                clock=clock,
                bus=bus,
                vault=Vault(master_keys(settings)),
                verifier=verifier,
                ids=ids,
            )
            runtimes.append(await stack.enter_async_context(context))
        yield Process(shared, clock, runtimes, issuer)


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the process decides the order of stopping."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def reserve(settings: ServiceSettings) -> socket.socket:
    """The address of the process, ours from now on; nobody is answered yet. Raises OSError when it is taken."""
    address = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    try:
        address.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        address.bind((settings.host, settings.port))
    except OSError as error:
        address.close()
        raise OSError(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from error
    return address


@contextmanager
def settled() -> Iterator[None]:
    """What is loaded by now stays: the garbage collector does not walk through all of it again and again."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def serve(
    process: Process, ready: Callable[[], Awaitable[None]] | None = None, address: socket.socket | None = None
) -> None:
    """Answer HTTP and run the loops until SIGTERM or SIGINT; then: unready, no new requests, batches finished, closed.

    `address` is what `reserve` gave; without it the address is taken now.
    """
    address = address or reserve(process.settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    config = uvicorn.Config(
        process.app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    work = asyncio.create_task(process.work(), name="work")
    http = asyncio.create_task(server.serve([address]), name="http")
    stopped = asyncio.create_task(stop.wait(), name="stop")
    try:
        if ready:
            await ready()
        with settled():
            await asyncio.wait({work, http, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for runtime in process.runtimes:
            runtime.stopping = True
        server.should_exit = True
        work.cancel()
        stopped.cancel()
        results = await asyncio.gather(http, work, stopped, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
            raise result
