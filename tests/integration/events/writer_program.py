"""A process that writes into the sample's log for as long as it lives, in every way that can go well or badly."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

from tests.alive import Sent, alive, by, virtual
from tests.sample import NOTE, SAMPLE, Amend, Break, NoteAmended, Write

from events.decider import Rejected
from events.ids import SeededIds
from events.recorded import Context
from events.runtime import Runtime

KEYS = [SeededIds(number, virtual())() for number in range(6)]
CONTEXT: Context = by("writer", datetime(2026, 3, 2, 15, 0, tzinfo=UTC))


class GivenUp(Exception):
    """A transaction is rolled back on purpose, after its events were inserted."""


async def amend(runtime: Runtime, key: UUID, dice: random.Random) -> None:
    """One to three events in one command."""
    await runtime.handle(NOTE, key, Amend(dice.randint(1, 3)), CONTEXT)


async def break_off(runtime: Runtime, key: UUID, dice: random.Random) -> None:
    """A fault in the rules."""
    await runtime.handle(NOTE, key, Break(), CONTEXT)


async def write_again(runtime: Runtime, key: UUID, dice: random.Random) -> None:
    """A command that the rules refuse, except the first time."""
    await runtime.handle(NOTE, key, Write(key, "Alder"), CONTEXT)


async def roll_back(runtime: Runtime, key: UUID, dice: random.Random) -> None:
    """A transaction that has taken positions, holds the lock for a while, and gives up."""
    async with runtime.transaction() as tx:
        await tx.execute(NOTE, key, Amend(dice.randint(1, 5)), CONTEXT)
        await asyncio.sleep(dice.choice([0, 0.005, 0.05]))
        raise GivenUp


async def two_streams(runtime: Runtime, key: UUID, dice: random.Random) -> None:
    """One transaction that appends to two streams, with a pause between."""
    async with runtime.transaction() as tx:
        await tx.execute(NOTE, key, Amend(), CONTEXT)
        await asyncio.sleep(dice.choice([0, 0.002, 0.01]))
        await tx.execute(NOTE, dice.choice(KEYS), Amend(2), CONTEXT)


async def out_of_place(runtime: Runtime, key: UUID, dice: random.Random) -> None:
    """Raw appends at a version that is long taken: PostgreSQL refuses, whatever the code thinks."""
    async with runtime.transaction() as tx:
        await tx.append(NOTE.stream(key), 0, [NoteAmended(number=0)], CONTEXT)


WAYS: list[Callable[[Runtime, UUID, random.Random], Awaitable[None]]] = [
    *[amend] * 12,
    *[two_streams] * 3,
    *[roll_back] * 3,
    break_off,
    write_again,
    out_of_place,
]


async def _one_of_many(runtime: Runtime, dice: random.Random, commands: int) -> None:
    for _ in range(commands):
        try:
            await dice.choice(WAYS)(runtime, dice.choice(KEYS), dice)
        except (Rejected, GivenUp, RuntimeError):
            continue
        except Exception as error:
            if type(error).__name__ != "UniqueViolationError":
                raise


async def _write(url: str, seed: int, commands: int) -> None:
    dice = random.Random(seed)
    writing = alive(SAMPLE, url, bus=Sent(), migrated=True, database_connections=4)
    async with writing as runtime, asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(_one_of_many(runtime, random.Random(dice.random()), commands))


def main(url: str, seed: int, commands: int) -> None:
    """Six tasks give `commands` commands each. A fault that was not asked for ends the process with an error."""
    asyncio.run(_write(url, seed, commands))
