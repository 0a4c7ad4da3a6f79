"""The order of positions is the order of commits: whoever reads by position sees every event once, in order."""

import asyncio
import multiprocessing
import os
import random
from collections import defaultdict
from multiprocessing.context import ForkServerProcess

import pytest
from tests.alive import Sent, alive, by, virtual
from tests.integration.events import writer_program
from tests.integration.events.conftest import Owner
from tests.integration.events.writer_program import KEYS
from tests.sample import NOTE, REGISTRY, SAMPLE, Amend, Write, announce

from events.database import connect
from events.ids import SeededIds
from events.log import Log
from events.migrate import migrate
from events.recorded import Recorded

SEEDS = [1, 2, 3, *map(int, os.environ.get("HEARTHLINE_TEST_SEEDS", "").split())]
LOG = Log(SAMPLE.name, REGISTRY, announce, ())
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([writer_program.__name__])


async def tail(url: str, dice: random.Random, seen: list[Recorded[object]], finished: asyncio.Event) -> None:
    """Read by position, a few at a time, until the writers have finished and nothing is left."""
    connection = await connect(url, SAMPLE.schema)
    try:
        while True:
            last_round = finished.is_set()
            page = await LOG.read_all(connection, seen[-1].position if seen else 0, dice.randint(1, 40))
            seen += page
            if not page and last_round:
                return
            await asyncio.sleep(dice.choice([0, 0, 0.001, 0.01]))
    finally:
        await connection.close()


async def hold_the_lock_and_give_up(url: str) -> None:
    """One long transaction that takes positions first and is rolled back when others have long been waiting."""
    connection = await connect(url, SAMPLE.schema)
    await connection.execute(LOG.begin)
    stream = NOTE.stream(KEYS[0])
    version = (await LOG.versions(connection, [stream]))[stream]
    events = NOTE.decide(Amend(20), NOTE.initial)
    ids = [SeededIds(number, virtual())() for number in range(900, 920)]
    await LOG.append(connection, LOG.draft(stream, version, events, ids, by()))
    await asyncio.sleep(0.4)
    await connection.execute("rollback")
    await connection.close()


async def ended(processes: list[ForkServerProcess], within: float = 30) -> list[int | None]:
    """The exit codes, as soon as all have ended."""
    for process in processes:
        await asyncio.to_thread(process.join, within)
    return [process.exitcode for process in processes]


@pytest.mark.crash
@pytest.mark.parametrize("seed", SEEDS)
async def test_no_reader_skips_an_event_whatever_happens_to_the_writers(database: str, owner: Owner, seed: int) -> None:
    """Architecture, the log: commit order is position order, and versions have no gaps.

    Four processes write at once, some of their transactions roll back, one holds the lock for long and gives up, two
    processes are killed in the middle; a reader follows by position all the time.
    """
    dice = random.Random(seed)
    await migrate(database, [SAMPLE])
    async with alive(SAMPLE, database, bus=Sent(), migrated=True) as runtime:
        for key in KEYS:
            await runtime.handle(NOTE, key, Write(key, "Alder"), by())
    seen: list[Recorded[object]] = []
    finished = asyncio.Event()
    reader = asyncio.create_task(tail(database, dice, seen, finished))
    survivors, victims = [
        [PROCESSES.Process(target=writer_program.main, args=(database, dice.randrange(10**9), commands)) for _ in "ab"]
        for commands in (12, 100_000)
    ]
    for process in [*survivors, *victims]:
        await asyncio.to_thread(process.start)
    holder = asyncio.create_task(hold_the_lock_and_give_up(database))
    for victim in victims:
        await asyncio.sleep(dice.uniform(0.3, 1.2))
        victim.kill()
    assert await ended(victims) == [-9, -9]
    assert await ended(survivors) == [0, 0], f"seed {seed}: a writer failed"
    await holder
    finished.set()
    await reader
    stored = owner("select position, stream, version from sample.events order by position")
    found = [(fact.position, fact.stream, fact.version) for fact in seen]
    assert found == stored, f"seed {seed}: the reader skipped {set(stored) - set(found)}"
    versions = defaultdict(list)
    for _, stream, version in found:
        versions[stream].append(version)
    assert len(versions) == len(KEYS)
    for stream, numbers in versions.items():
        assert numbers == list(range(1, len(numbers) + 1)), f"seed {seed}: {stream}"
    assert len(found) < found[-1][0], f"seed {seed}: nothing was rolled back, the run proves less than it says"
    assert len(found) > 150, f"seed {seed}: too few events to prove anything"
