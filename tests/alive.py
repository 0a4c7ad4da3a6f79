"""Services brought to life on a real database for tests: migrated, with virtual time and repeatable ids."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from events import database
from events.authority import Actor
from events.bus_postgres import PostgresBus
from events.clock import Clock, VirtualClock
from events.issuer import Issuer, signing_key
from events.message import Bus, Handle, Message, Positions
from events.migrate import migrate
from events.recorded import Context
from events.runtime import Runtime, running
from events.service import Service
from events.tokens import TokenSettings, TokenVerifier
from events.tracing import Tracing
from events.vault import MasterKeys, Vault

MASTER = MasterKeys.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TOKENS = TokenSettings("http://issuer.test", "hearthline")
SUPERVISOR = Actor("sam-supervisor", frozenset({"ROLE-03"}), frozenset({"Alder"}))
WORKER = Actor("wilma-worker", frozenset({"ROLE-05"}), frozenset({"Alder"}))
HOTLINE = Actor("hotline-desk", frozenset({"ROLE-02"}), frozenset(), "hotline")
ADMINISTRATOR = Actor("ada-administrator", frozenset({"ROLE-79"}), frozenset())
CORRELATION = UUID("01890000-0000-7000-8000-00000000c0de")


class Sent:
    """A bus that keeps what was published and delivers nothing, for tests that hand over batches themselves."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def ensure_topics(self, topics: Sequence[str]) -> None:
        """Nothing to prepare."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Keep them."""
        self.messages += messages

    @asynccontextmanager
    async def consume(
        self, group: str, topics: Sequence[str], positions: Positions, handle: Handle, *, max_batch: int = 500
    ) -> AsyncIterator[None]:
        """Deliver nothing."""
        yield

    async def close(self) -> None:
        """Nothing to release."""
        await asyncio.sleep(0)


async def until(holds: Callable[[], object]) -> None:
    """Let the other tasks run until this holds."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


def by(actor: str = "tester", now: datetime = START) -> Context:
    """The envelope of a command that `actor` gives at `now`."""
    return Context(actor, now, now, CORRELATION)


def virtual() -> VirtualClock:
    """A clock that stands at the start of every test."""
    return VirtualClock(START)


def issuer(clock: Clock, directory: Path, people: Mapping[str, Actor] | None = None) -> Issuer:
    """An issuer of its own key for one test."""
    return Issuer(TOKENS, signing_key(directory), clock, people or {})


def bearer(tokens: Issuer, actor: Actor) -> dict[str, str]:
    """The Authorization header of an actor, good for ten years."""
    return {"Authorization": f"Bearer {tokens.issue(actor, timedelta(days=3650))}"}


@asynccontextmanager
async def alive(
    service: Service,
    url: str,
    *,
    clock: Clock | None = None,
    bus: Bus | None = None,
    tokens: Issuer | None = None,
    tracing: Tracing | None = None,
    masters: MasterKeys = MASTER,
    migrated: bool = False,
    **settings: Any,
) -> AsyncIterator[Runtime]:
    """One running service on the database at `url`, as its own database role."""
    if not migrated:
        await migrate(url, [service])
    clock = clock or virtual()
    own = database.as_role(url, service.role)
    verifier = TokenVerifier(TOKENS, tokens, clock) if tokens else None
    own_bus = PostgresBus(own) if bus is None else None
    try:
        async with running(
            service,
            service.settings(**settings),
            url=own,
            clock=clock,
            bus=bus or own_bus,  # type: ignore[arg-type]
            vault=Vault(masters),
            verifier=verifier,  # type: ignore[arg-type]
            tracing=tracing,
        ) as runtime:
            yield runtime
    finally:
        if own_bus:
            await own_bus.close()
