"""A service alive: its connections, its log, its writer, its relay and consumer, its loops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import structlog
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncEngine

from events import database
from events.clock import Clock
from events.consumer import Consumer
from events.decider import Decider
from events.event import Event
from events.handler import Outcome, handle
from events.ids import Ids, uuid7
from events.loader import Loader
from events.log import Log
from events.message import Bus
from events.metrics import Metrics
from events.private import privates
from events.recorded import Context, Recorded
from events.relay import Relay
from events.service import Service
from events.settings import ServiceSettings
from events.tokens import TokenVerifier
from events.tracing import Tracing
from events.transaction import Transaction, transaction
from events.vault import Vault
from events.writer import Writer

logger = structlog.get_logger()


async def woken(heard: asyncio.Event, seconds: float) -> None:
    """Return when something was heard, or after `seconds`. Not by wait_for, which in Python 3.11 can swallow a cancellation
    of the same moment: a loop that was told to stop would go on."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await heard.wait()
    heard.clear()


@dataclass
class Runtime:
    """What the code of a service may use: nothing here is global, everything is handed in by `running`."""

    service: Service
    settings: Any
    clock: Clock
    ids: Ids
    url: str
    pool: Any
    engine: AsyncEngine
    bus: Bus
    vault: Vault
    verifier: TokenVerifier
    metrics: Metrics
    tracer: Tracing
    log: Log = field(init=False)
    writer: Writer = field(init=False)
    loader: Loader = field(init=False)
    relay: Relay = field(init=False)
    consumer: Consumer = field(init=False)
    own: Any = field(init=False)
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    failure: BaseException | None = None
    stopping: bool = False

    def __post_init__(self) -> None:
        service = self.service
        self.log = Log(service.name, service.registry, service.announce, service.read_models)
        self.writer, self.loader = Writer(self.log, self.pool), Loader(self.log, self.pool)
        self.own = service.prepare(self.settings)
        self.relay, self.consumer = Relay(self), Consumer(self, service.subscriptions)

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that holds the append lock of the service."""
        return transaction(self)

    def turn(self, stream: str) -> asyncio.Lock:
        """Commands of this process on one stream take turns, so that only those of other replicas can conflict."""
        return self.turns.setdefault(stream, asyncio.Lock())

    async def handle(
        self, decider: Decider[Any, Any, Any], key: UUID, command: Any, context: Context, **how: Any
    ) -> Outcome:
        """Run one command: see `events.handler.handle`."""
        return await handle(self, decider, key, command, context, **how)

    async def stream(self, stream: str) -> list[Recorded[Event]]:
        """The events of one stream in order; private values stay sealed."""
        return await self.loader.load(stream)

    async def rows(self, select: Any) -> Sequence[RowMapping]:
        """The rows of a SQLAlchemy select."""
        async with self.engine.connect() as connection:
            return (await connection.execute(select)).mappings().all()

    async def seal(self, events: list[Any]) -> list[Any]:
        """The events with private values sealed; costs nothing when nothing is private."""
        if next(privates(events), None) is None:
            return events
        async with self.pool.acquire() as connection:
            return await self.vault.seal(connection, events)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[tuple[Any, Callable[[float], Awaitable[None]]]]:
        """A connection of its own that hears the writer: `wake(seconds)` returns at an append or after `seconds`."""
        connection = await database.connect(self.url, self.service.schema)
        heard = asyncio.Event()

        async def wake(seconds: float) -> None:
            await woken(heard, seconds)

        try:
            await connection.add_listener(self.log.channel, lambda *_: heard.set())
            yield connection, wake
        finally:
            await connection.close(timeout=5)

    async def ready(self) -> list[str]:
        """Why this service is not ready; empty when it is."""
        if self.stopping:
            return ["stopping"]
        if self.failure:
            return [f"{type(self.failure).__name__}"]
        try:
            async with asyncio.timeout(2):
                await self.pool.fetchval("select 1 from relayed")
        except Exception as error:
            return [f"database: {type(error).__name__}"]
        return []

    async def work(self) -> None:
        """Relay, consume and run the loops of the service until cancelled. A loop that dies makes the service unready."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.relay.run(), name=f"{self.service.name}-relay")
                group.create_task(self.consumer.run(), name=f"{self.service.name}-consumer")
                for loop in self.service.background:
                    group.create_task(loop(self), name=f"{self.service.name}-{loop.__name__}")
        except BaseExceptionGroup as error:
            self.failure = error.exceptions[0]
            logger.exception("service-failed", service=self.service.name)
            raise


@asynccontextmanager
async def running(
    service: Service,
    settings: ServiceSettings,
    *,
    url: str,
    clock: Clock,
    bus: Bus,
    vault: Vault,
    verifier: TokenVerifier,
    ids: Ids = uuid7,
    tracing: Tracing | None = None,
) -> AsyncIterator[Runtime]:
    """A service with its connections open; `Runtime.work` runs its loops. Closing commits what the writer still holds."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(database.pool(url, service.schema, settings.database_connections))
        engine = database.engine(url, service.schema, settings.database_connections)
        stack.push_async_callback(engine.dispose)
        tracer = tracing or Tracing(service.name, settings.trace_ratio, settings.otlp_endpoint)
        stack.callback(tracer.close)
        runtime = Runtime(
            service, settings, clock, ids, url, pool, engine, bus, vault, verifier, Metrics(service.name), tracer
        )
        async with pool.acquire() as connection:
            await vault.start(connection)
        stack.push_async_callback(runtime.writer.close)
        yield runtime
