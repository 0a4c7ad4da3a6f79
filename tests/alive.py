"""Services brought to life on a real database for tests: migrated, with virtual time and repeatable ids."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from events.bus_postgres import PostgresBus

from events import database
from events.authority import Actor
from events.clock import Clock, VirtualClock
from events.issuer import Issuer, signing_key
from events.message import Bus
from events.migrate import migrate
from events.runtime import Runtime, running
from events.service import Service
from events.settings import ServiceSettings
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
            service.settings(**settings) if settings else ServiceSettings(),
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
