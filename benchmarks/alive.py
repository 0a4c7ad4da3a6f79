"""The benchmarked service, alive on a database of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from benchmarks.subject import SERVICE
from events import database
from events.authority import Actor
from events.bus_postgres import PostgresBus
from events.clock import SystemClock
from events.issuer import Issuer, signing_key
from events.message import Bus
from events.migrate import migrate
from events.runtime import Runtime, running
from events.settings import ServiceSettings
from events.tokens import TokenSettings, TokenVerifier
from events.tracing import Tracing
from events.vault import MasterKeys, Vault

TOKENS = TokenSettings("http://issuer.bench", "hearthline")
CALLER = Actor("hal-hotline", frozenset({"ROLE-02"}), frozenset(), "hotline")


@asynccontextmanager
async def alive(
    url: str, directory: Path, *, bus: Bus | None = None, tracing: Tracing | None = None
) -> AsyncIterator[tuple[Runtime, dict[str, str]]]:
    """The service with its connections open, and the headers of a caller."""
    await migrate(url, [SERVICE])
    clock = SystemClock()
    issuer = Issuer(TOKENS, signing_key(directory), clock, {})
    own = database.as_role(url, SERVICE.role)
    bus = bus or PostgresBus(own)
    async with running(
        SERVICE,
        ServiceSettings(),
        url=own,
        clock=clock,
        bus=bus,
        vault=Vault(MasterKeys.of_file(directory / "master.key", generate=True)),
        verifier=TokenVerifier(TOKENS, issuer, clock),
        tracing=tracing,
    ) as runtime:
        yield runtime, {"Authorization": f"Bearer {issuer.issue(CALLER, timedelta(hours=1))}"}
    await bus.close()
