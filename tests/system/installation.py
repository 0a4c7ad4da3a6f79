"""The services of one county, wherever they run, as its people reach them."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from tests.alive import MASTER

from events.clock import FileClock
from events.issuer import Issuer, signing_key
from events.quiet import NeverQuiet
from events.service import Service
from events.tokens import TokenSettings
from hearthline.county import actors

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NEXT = """
select min(at) from (
  select next_at as at from deadlines.scopes where next_at > $1
  union all select next_at from notifications.deliveries where state = 'waiting' and next_at > $1) as moments
"""
KEYS = next(iter(MASTER.keys.values()))


def turn(clock: FileClock, instant: datetime) -> None:
    """Set the clock of all processes at once; nobody ever reads half an instant."""
    draft = clock.path.with_suffix(".draft")
    draft.write_text(instant.isoformat())
    os.replace(draft, clock.path)


def new_clock(directory: Path) -> FileClock:
    """A clock that stands at the start of every story."""
    clock = FileClock(directory / "clock")
    turn(clock, MONDAY)
    return clock


def issuer_at(address: str, directory: Path, clock: FileClock) -> Issuer:
    """The local issuer of the process at `address`."""
    return Issuer(TokenSettings(f"{address}/issuer", "hearthline"), signing_key(directory), clock, actors())


@dataclass(frozen=True)
class Door:
    """Where one service answers, and who signs the tokens that it takes."""

    client: httpx.AsyncClient
    issuer: Issuer


@dataclass
class Installation:
    """Everything that runs. `owner` is a connection of the owner of the database; `quiet` says what is still to be done."""

    clock: FileClock
    url: str
    owner: Any
    services: Sequence[Service]
    doors: Mapping[str, Door]
    quiet: Callable[[], Awaitable[str]]
    acknowledged: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def ask(
        self, person: str, method: str, path: str, body: Any = None, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """One request, repeated until it is answered: nobody knows whether the first one took effect."""
        door = self.doors[path.split("/")[1]]
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["Idempotency-Key"] = key
        async with asyncio.timeout(60):
            while True:
                sent["Authorization"] = f"Bearer {door.issuer.issue(door.issuer.people[person])}"
                try:
                    answer = await door.client.request(method, path, json=body, headers=sent)
                except httpx.TransportError:
                    await asyncio.sleep(0.02)
                    continue
                if answer.status_code != 503:
                    return answer
                await asyncio.sleep(0.02)

    async def done(self, person: str, method: str, path: str, body: Any = None, **more: str) -> Any:
        """One request that must succeed; the JSON of its answer. What a service answers to a command is kept."""
        answer = await self.ask(person, method, path, body, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        told = answer.json()
        if method != "GET":
            self.acknowledged.append((path.split("/")[1], told))
        return told

    async def settle(self, within: float = 60.0) -> None:
        """Wait until nothing is left to do at this instant. Raises NeverQuiet."""
        until = time.monotonic() + within
        while what := await self.quiet():
            if time.monotonic() > until:
                raise NeverQuiet(what)
            await asyncio.sleep(0.02)

    async def until(self, moment: datetime) -> None:
        """Let time pass, stopping wherever something becomes due."""
        await self.settle()
        while self.clock.now() < moment:
            due = await self.owner.fetchval(NEXT, self.clock.now())
            turn(self.clock, min(due, moment) if due else moment)
            await self.settle()
