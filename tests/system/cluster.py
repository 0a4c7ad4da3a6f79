"""Services in processes of their own, as in a cluster, on the log in PostgreSQL or on Kafka."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer
from tests.system import processes
from tests.system.installation import Door, Installation, issuer_at, new_clock
from tests.system.mailbox import Mailbox
from tests.system.processes import Nursery, free_ports
from tests.system.quiet_kafka import busy_on_kafka
from tests.system.settings import of_service, shared

from events import database
from events.migrate import migrate
from events.quiet import busy
from events.service import Service


@dataclass
class Cluster:
    """One process for each service."""

    nursery: Nursery
    settings: Mapping[str, Mapping[str, Any]]
    logs: Path
    pids: dict[str, int] = field(default_factory=dict)

    def start(self, names: Iterable[str]) -> None:
        """Start these services."""
        for name in names:
            log = self.logs / f"{name}.log"
            self.pids[name] = self.nursery.start(["run", name], self.settings[name], log)

    async def kill(self, names: Iterable[str]) -> None:
        """SIGKILL these services at once."""
        await processes.kill([self.pids[name] for name in names if name in self.pids])

    async def stop(self) -> None:
        """SIGTERM all services and wait until they have left in order."""
        for pid in self.pids.values():
            os.kill(pid, signal.SIGTERM)
        async with asyncio.timeout(30):
            while any(processes.alive(pid) for pid in self.pids.values()):
                await asyncio.sleep(0.01)

    def log(self) -> str:
        """What all processes have written."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.logs.glob("*.log")))

    async def ready(self, within: float = 60.0) -> None:
        """Wait until every service says that it is ready. Raises RuntimeError when one has ended."""
        async with httpx.AsyncClient() as client, asyncio.timeout(within):
            for name in self.settings:
                while not await self._is_ready(client, name):
                    await asyncio.sleep(0.02)

    async def _is_ready(self, client: httpx.AsyncClient, name: str) -> bool:
        if not processes.alive(self.pids[name]):
            raise RuntimeError(f"{name} has ended: {(self.logs / f'{name}.log').read_text()[-2000:]}")
        try:
            answer = await client.get(f"http://127.0.0.1:{self.settings[name]['port']}/health/ready")
        except httpx.TransportError:
            return False
        return answer.status_code == 200


@dataclass(frozen=True)
class Kafka:
    """A broker, and what the topics and groups of this test begin with."""

    bootstrap: str
    prefix: str
    session: float

    @property
    def settings(self) -> dict[str, object]:
        """The settings under which a service takes part."""
        return {
            "kafka_bootstrap": self.bootstrap,
            "kafka_prefix": self.prefix,
            "kafka_partitions": 4,
            "kafka_session_seconds": self.session,
        }


@asynccontextmanager
async def cluster(
    nursery: Nursery,
    services: Sequence[Service],
    url: str,
    directory: Path,
    mailbox: Mailbox,
    kafka: Kafka | None = None,
    **more: Any,
) -> AsyncIterator[tuple[Installation, Cluster]]:
    """All services, each alone, on a freshly migrated database; not started yet, gone when the context is left."""
    clock = new_clock(directory)
    await migrate(url, services)
    ports = dict(zip((service.name for service in services), free_ports(len(services)), strict=True))
    everywhere = shared(directory, clock) | (kafka.settings if kafka else {}) | more
    settings = {each.name: everywhere | of_service(each, url, ports[each.name], mailbox) for each in services}
    async with AsyncExitStack() as stack:
        owner = await database.connect(url, "public")
        stack.push_async_callback(owner.close)
        doors = {}
        for name, port in ports.items():
            address = f"http://127.0.0.1:{port}"
            client = await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=20))
            doors[name] = Door(client, issuer_at(address, directory, clock))
        if kafka:
            reader = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap)
            await reader.start()
            stack.push_async_callback(reader.stop)

        async def quiet() -> str:
            if kafka:
                return await busy_on_kafka(owner, reader, kafka.prefix, services, clock.now())
            return await busy(owner, services, clock.now())

        there = Cluster(nursery, settings, directory)
        stack.push_async_callback(there.kill, settings)
        yield Installation(clock, url, owner, services, doors, quiet), there
