"""One measured figure beside its peer's, and the tools to measure both the same way."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from events.ids import uuid7


@dataclass(frozen=True)
class Figure:
    """What was measured, in `unit`; `ratio` is value / peer value; `aim` says what was hoped for."""

    name: str
    value: float
    unit: str
    peer: str
    peer_value: float
    ratio: float
    aim: str
    reached: bool

    @classmethod
    def beside(
        cls, name: str, value: float, unit: str, peer: str, peer_value: float, *, least_ratio: float, least: float = 0
    ) -> "Figure":
        """A figure whose aim is a ratio to the peer, or a value of its own."""
        ratio = value / peer_value if peer_value else 0.0
        aim = f">= {least_ratio:g}x" + (f" or >= {least:,.0f}" if least else "")
        reached = ratio >= least_ratio or bool(least and value >= least)
        return cls(name, round(value, 1), unit, peer, round(peer_value, 1), round(ratio, 3), aim, reached)


@asynccontextmanager
async def fresh_database(url: str) -> AsyncIterator[str]:
    """A new database on the same server; dropped afterwards."""
    name = f"bench_{uuid7().hex}"
    parts = urlsplit(url)
    owner = await asyncpg.connect(url)
    try:
        await owner.execute(f"create database {name}")
        yield urlunsplit(parts._replace(path=f"/{name}"))
        await owner.execute(f"drop database {name} with (force)")
    finally:
        await owner.close()


async def rate(callers: int, seconds: float, once: Callable[[], Awaitable[int]]) -> float:
    """How many per second `callers` tasks get done together: `once` says how many it did. A warm-up is not counted."""
    async with asyncio.timeout(seconds * 10 + 60):
        await _together(callers, min(1.0, seconds / 4), once)
        return await _together(callers, seconds, once)


async def _together(callers: int, seconds: float, once: Callable[[], Awaitable[int]]) -> float:
    until = time.perf_counter() + seconds

    async def caller() -> int:
        done = 0
        while time.perf_counter() < until:
            done += await once()
        return done

    started = time.perf_counter()
    done = sum(await asyncio.gather(*(caller() for _ in range(callers))))
    return done / (time.perf_counter() - started)
