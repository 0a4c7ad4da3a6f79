"""Read models can always be rebuilt from the log, while the service works, and the rebuild proves the rows in service."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, Uuid
from tests.alive import Sent, alive, by
from tests.integration.events.conftest import Owner
from tests.sample import NOTE, NOTES_MODEL, SAMPLE, Amend, Close, NoteClosed, NoteWritten, Write

from events.ids import derived, uuid7
from events.migrate import migrate
from events.read_model import ReadModel, Row
from events.rebuild import outdated, rebuild
from events.recorded import Recorded
from events.runtime import Runtime

COUNTIES = Table(
    "counties",
    MetaData(),
    Column("county", Text, primary_key=True),
    Column("open", Integer, nullable=False),
)
KEYS = [derived("rebuilt", number) for number in range(5)]


def count(row: Row | None, recorded: Recorded[Any], county: str) -> Row | None:
    change = 1 if isinstance(recorded.event, NoteWritten) else -1
    left = (row or {"open": 0})["open"] + change
    return {"county": county, "open": left} if left else None


def counties(recorded: Recorded[Any]) -> list[str]:
    """Many notes share a row, and a row goes when nothing is open: the kind of model that needs care."""
    match recorded.event:
        case NoteWritten(county=county):
            return [county]
        case NoteClosed():
            return ["Alder"]
        case _:
            return []


COUNTIES_MODEL = ReadModel(COUNTIES, version=1, fold=count, keys=counties)
COUNTED = replace(SAMPLE, read_models=(NOTES_MODEL, COUNTIES_MODEL))


async def counted(runtime: Runtime) -> list[Any]:
    rows: list[Any] = await runtime.pool.fetch(
        "select 'n', note_id::text, county, amended, state from notes order by 2"
    )
    more: list[Any] = await runtime.pool.fetch("select 'c', county, open from counties order by 2")
    return rows + more


@given(
    steps=st.lists(st.lists(st.tuples(st.sampled_from(KEYS), st.integers(0, 2)), min_size=1, max_size=6), max_size=6)
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rebuilt_rows_equal_the_rows_kept_inline(
    database: str, owner: Owner, monkeypatch: pytest.MonkeyPatch, steps: list[list[tuple[UUID, int]]]
) -> None:
    """Architecture, read models: whatever happens, in whatever rounds, the log tells the same story.

    Pages are so small that rows are folded over several, stored, forgotten and read again.
    """
    for name, size in {"PAGE": 2, "TOGETHER": 4, "KEPT": 1}.items():
        monkeypatch.setattr(f"events.rebuild.{name}", size)

    async def run() -> None:
        async with alive(COUNTED, database, bus=Sent()) as runtime:
            for round_ in steps:
                await asyncio.gather(*(one(runtime, key, kind) for key, kind in round_), return_exceptions=True)
            inline = await counted(runtime)
            for model in COUNTED.read_models:
                done = await rebuild(database, COUNTED, model)
                assert (done.differing, done.swapped) == ((), True)
            assert await counted(runtime) == inline

    async def one(runtime: Runtime, key: UUID, kind: int) -> None:
        command = (Write(key, "Alder"), Amend(2), Close())[kind]
        await runtime.handle(NOTE, key, command, by(), permit=lambda note: written(note.note_id, kind))

    def written(note_id: UUID | None, kind: int) -> None:
        if kind and note_id is None:
            raise LookupError("not written yet")

    asyncio.run(run())
    owner("drop schema sample cascade")


async def test_a_rebuild_while_writers_write_loses_nothing(sample: Runtime, database: str, owner: Owner) -> None:
    """Architecture, read models: writers wait for the last page only."""
    stop = asyncio.Event()
    written: list[UUID] = []

    async def write() -> None:
        while not stop.is_set():
            key = uuid7()
            await sample.handle(NOTE, key, Write(key, "Alder"), by())
            written.append(key)
            await sample.handle(NOTE, key, Amend(2), by())

    writers = [asyncio.create_task(write()) for _ in range(6)]
    for _ in range(4):
        done = await rebuild(database, SAMPLE, NOTES_MODEL)
        assert (done.differing, done.swapped) == ((), True)
        await asyncio.sleep(0.05)
    stop.set()
    await asyncio.gather(*writers)
    assert len(written) > 20
    assert owner("select count(*), min(amended) from sample.notes") == [(len(written), 2)]
    done = await rebuild(database, SAMPLE, NOTES_MODEL)
    assert (done.rows, done.differing) == (len(written), ())


async def test_a_row_altered_by_hand_is_named_and_stays_until_accepted(
    sample: Runtime, database: str, owner: Owner
) -> None:
    """Architecture, read models: a difference is somebody's to explain before it is overwritten."""
    keys = [uuid7() for _ in range(3)]
    for key in keys:
        await sample.handle(NOTE, key, Write(key, "Alder"), by())
    owner("update sample.notes set county = 'Birch' where note_id = %s", keys[0])
    owner("delete from sample.notes where note_id = %s", keys[1])
    refused = await rebuild(database, SAMPLE, NOTES_MODEL)
    assert (set(refused.differing), refused.swapped) == ({str(keys[0]), str(keys[1])}, False)
    assert owner("select county from sample.notes where note_id = %s", keys[0]) == [("Birch",)]
    assert owner("select to_regclass('sample.notes_shadow')") == [(None,)]
    accepted = await rebuild(database, SAMPLE, NOTES_MODEL, accept_differences=True)
    assert (len(accepted.differing), accepted.swapped) == (2, True)
    assert owner("select distinct county, count(*) from sample.notes group by 1") == [("Alder", 3)]


WIDER = Table(
    "notes",
    MetaData(),
    Column("note_id", Uuid, primary_key=True),
    Column("county", Text, nullable=False),
    Column("amended", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("closings", Integer, nullable=False),
)
Index("notes_county", WIDER.c.county)


def wider(row: Row | None, recorded: Recorded[Any], key: Any) -> Row | None:
    before = {name: value for name, value in (row or {}).items() if name != "closings"}
    closings = (row or {}).get("closings", 0) + isinstance(recorded.event, NoteClosed)
    return (NOTES_MODEL.fold(before, recorded, key) or {}) | {"closings": closings}


NEWER = ReadModel(WIDER, version=2, fold=wider)
NEWER_SAMPLE = replace(SAMPLE, read_models=(NEWER,))


async def test_a_new_version_is_found_rebuilt_and_then_up_to_date(sample: Runtime, database: str, owner: Owner) -> None:
    """Architecture, releases: raising the version is all that a change of a fold needs."""
    await sample.handle(NOTE, key := uuid7(), Write(key, "Alder"), by())
    await sample.handle(NOTE, key, Close(), by())
    assert await outdated(database, SAMPLE) == []
    await migrate(database, [NEWER_SAMPLE])
    assert await outdated(database, NEWER_SAMPLE) == [NEWER]
    for _ in range(2):
        done = await rebuild(database, NEWER_SAMPLE, NEWER)
        assert (done.rows, done.differing, done.swapped) == (1, (), True)
    assert await outdated(database, NEWER_SAMPLE) == []
    assert owner("select county, state, closings from sample.notes") == [("Alder", "closed", 1)]
    assert owner("select indexname from pg_indexes where schemaname = 'sample' and tablename = 'notes' order by 1") == [
        ("notes_county",),
        ("notes_pkey",),
    ]
    async with alive(NEWER_SAMPLE, database, bus=Sent()) as newer:
        await newer.handle(NOTE, other := uuid7(), Write(other, "Alder"), by())
    assert owner("select count(*) from sample.notes") == [(2,)]


async def test_a_process_goes_on_writing_after_the_table_was_swapped(sample: Runtime, database: str) -> None:
    """Architecture, read models: statements prepared before the swap find the new table."""
    await sample.handle(NOTE, key := uuid7(), Write(key, "Alder"), by())
    await sample.handle(NOTE, key, Amend(), by())
    for number in range(2, 5):
        await rebuild(database, SAMPLE, NOTES_MODEL)
        await asyncio.gather(*(sample.handle(NOTE, key, Amend(), by()) for _ in range(3)))
        assert await sample.pool.fetchval("select amended from notes") == 1 + 3 * (number - 1)


async def test_a_model_that_is_new_beside_old_facts_is_filled(sample: Runtime, database: str) -> None:
    """Architecture, releases: a read model added later tells the whole story, not only what comes next."""
    for _ in range(3):
        await sample.handle(NOTE, key := uuid7(), Write(key, "Alder"), by())
    await migrate(database, [COUNTED])
    assert COUNTIES_MODEL in await outdated(database, COUNTED)
    await rebuild(database, COUNTED, COUNTIES_MODEL)
    assert await outdated(database, COUNTED) == []
    assert await sample.pool.fetchval("select open from counties where county = 'Alder'") == 3


async def test_an_interrupted_rebuild_can_simply_be_started_again(sample: Runtime, database: str) -> None:
    """Architecture, operations: the half-filled copy is thrown away."""
    await sample.handle(NOTE, key := uuid7(), Write(key, "Alder"), by())

    def interrupt(position: int) -> None:
        raise KeyError(position)

    with pytest.raises(KeyError):
        await rebuild(database, SAMPLE, NOTES_MODEL, progress=interrupt)
    assert (await rebuild(database, SAMPLE, NOTES_MODEL)).swapped
