"""Confidential text is sealed wherever it is stored, forgotten everywhere at once, and survives a change of keys."""

import asyncio
import base64
from uuid import UUID

import asyncpg
import pytest
from tests.alive import MASTER, Sent, alive, by
from tests.integration.events.conftest import Owner
from tests.integration.events.echo import ECHO
from tests.sample import NOTE, SAMPLE, Write

from events import vault
from events.database import connect
from events.decider import Rejected
from events.expunge import expunge
from events.ids import uuid7
from events.private import Private
from events.runtime import Runtime
from events.vault import MasterKeyMissing, MasterKeys

MARKER = "a-marker-that-must-not-be-found"
NEW = base64.b64encode(bytes(range(1, 33))).decode()
OLD = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def person() -> UUID:
    return uuid7()


async def write(runtime: Runtime, person: UUID, text: str = MARKER) -> UUID:
    key = uuid7()
    await runtime.handle(NOTE, key, Write(key, "Alder", Private(person, text)), by())
    return key


async def read(runtime: Runtime, key: UUID) -> Private[str]:
    (fact,) = await runtime.stream(NOTE.stream(key))
    async with runtime.pool.acquire() as connection:
        (opened,) = await runtime.vault.open(connection, [fact.event])
    text: Private[str] = opened.text  # type: ignore[attr-defined]
    return text


def everything(owner: Owner) -> str:
    """Every row of every table, as text."""
    tables = owner(
        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname !~ '^(pg_|information)'"
    )
    return "\n".join(row for (table,) in tables for (row,) in owner(f"select t::text from {table} t"))  # noqa: S608


def test_the_master_key_of_the_tests_is_the_old_one() -> None:
    """The tests below rotate from it."""
    assert MasterKeys.parse(OLD).keys == MASTER.keys


async def test_a_private_text_is_nowhere_in_the_database(sample: Runtime, owner: Owner, person: UUID) -> None:
    """Architecture, the vault: a dump of the whole database shows who, but not what."""
    key = await write(sample, person)
    async with sample.pool.acquire() as connection:
        assert await sample.relay.run_once(connection) == 1
    dump = everything(owner)
    assert str(key) in dump
    assert str(person) in dump
    for encoded in (MARKER, base64.b64encode(MARKER.encode()).decode()[4:-4], MARKER.encode().hex()):
        assert encoded not in dump
    assert (await read(sample, key)).value == MARKER


async def test_a_forgotten_person_is_erased_everywhere_and_nothing_fails(
    sample: Runtime, owner: Owner, person: UUID, database: str
) -> None:
    """Architecture, forgetting: at once, for every process, without rewriting a fact."""
    forgotten, kept = await write(sample, person), await write(sample, other := uuid7())
    before = owner("select xmin::text, md5(e::text) from sample.events e order by position")
    async with alive(ECHO, database, bus=Sent()):
        done = await expunge(database, [SAMPLE, ECHO], person, "court order 17")
    assert (done.key_destroyed, done.facts) == (True, {"sample": 1, "echo": 0})
    assert (await read(sample, forgotten)).erased
    assert (await read(sample, kept)).value == MARKER
    assert owner("select xmin::text, md5(e::text) from sample.events e order by position") == before
    assert owner("select forgotten_by, wrapped from privacy.person_keys where person = %s", person) == [
        ("court order 17", None)
    ]
    assert not (await expunge(database, [SAMPLE], person, "again")).key_destroyed
    assert owner("select wrapped is null from privacy.person_keys where person = %s", other) == [(False,)]


async def test_nothing_new_is_kept_of_a_forgotten_person(sample: Runtime, person: UUID, database: str) -> None:
    """Architecture, forgetting: a new private value of this person is refused (410), a record without one is not."""
    await write(sample, person)
    await expunge(database, [SAMPLE], person, "court order 17")
    with pytest.raises(Rejected) as refused:
        await write(sample, person)
    assert (refused.value.code, refused.value.status) == ("person-forgotten", 410)
    key = uuid7()
    assert (await sample.handle(NOTE, key, Write(key, "Alder"), by())).version == 1


async def test_a_service_cannot_bring_a_forgotten_key_back(sample: Runtime, person: UUID, database: str) -> None:
    """Architecture, forgetting: the role of a service may add keys, not change them."""
    await write(sample, person)
    await expunge(database, [SAMPLE], person, "court order 17")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await sample.pool.execute("update privacy.person_keys set wrapped = '\\x00', forgotten_at = null")
    with pytest.raises(asyncpg.UniqueViolationError):
        await sample.pool.execute(
            "insert into privacy.person_keys (person, wrapped, master) values ($1, '\\x00', 'x')", person
        )


async def test_rotating_the_master_key_rewrites_no_event(database: str, owner: Owner, person: UUID) -> None:
    """Architecture, the vault: data keys are wrapped anew, facts stay byte for byte; then the old key can go."""
    async with alive(SAMPLE, database, bus=Sent()) as runtime:
        key = await write(runtime, person)
        forgotten = await write(runtime, gone := uuid7())
        token = runtime.vault.token("a text")
    await expunge(database, [SAMPLE], gone, "court order 17")
    before = owner("select xmin::text, md5(e::text) from sample.events e order by position")
    connection = await connect(database, "privacy")
    both = MasterKeys.parse(f"{NEW},{OLD}")
    assert await vault.rotate(connection, both) == 2
    assert await vault.rotate(connection, both) == 0
    await connection.close()
    assert owner("select xmin::text, md5(e::text) from sample.events e order by position") == before
    async with alive(SAMPLE, database, bus=Sent(), masters=MasterKeys.parse(NEW), migrated=True) as runtime:
        assert (await read(runtime, key)).value == MARKER
        assert (await read(runtime, forgotten)).erased
        assert runtime.vault.token("a text") == token


async def test_old_and_new_master_key_work_side_by_side_before_the_rotation(database: str, person: UUID) -> None:
    """Architecture, the vault: replicas get the new key one after another."""
    async with (
        alive(SAMPLE, database, bus=Sent()) as old,
        alive(SAMPLE, database, bus=Sent(), masters=MasterKeys.parse(f"{NEW},{OLD}"), migrated=True) as new,
    ):
        first, second = await write(old, person), await write(new, person)
        for runtime in (old, new):
            assert [(await read(runtime, key)).value for key in (first, second)] == [MARKER, MARKER]


async def test_a_wrong_master_key_stops_the_start_with_one_line(database: str, person: UUID) -> None:
    """Architecture, operations: the operator learns which key is missing before anything is written."""
    async with alive(SAMPLE, database, bus=Sent()) as runtime:
        await write(runtime, person)
    (master,) = MASTER.keys
    with pytest.raises(MasterKeyMissing, match=master) as stopped:
        async with alive(SAMPLE, database, bus=Sent(), masters=MasterKeys.parse(NEW), migrated=True):
            pytest.fail("it started")
    assert "\n" not in str(stopped.value)


async def test_ciphertext_altered_in_the_database_is_detected(sample: Runtime, owner: Owner, person: UUID) -> None:
    """Architecture, the vault: also by swapping two sealed texts of different people."""
    mine, theirs = await write(sample, person), await write(sample, uuid7(), "theirs")
    owner(
        "update sample.events e set data = jsonb_set(e.data, '{text,sealed}', o.data #> '{text,sealed}')"
        " from sample.events o where e.stream = %s and o.stream = %s",
        NOTE.stream(mine),
        NOTE.stream(theirs),
    )
    with pytest.raises(ValueError, match=f"{person} was altered") as detected:
        await read(sample, mine)
    assert "theirs" not in str(detected.value)
    assert (await read(sample, theirs)).value == "theirs"


async def test_many_at_once_make_one_key_per_person(database: str, owner: Owner, person: UUID) -> None:
    """Architecture, the vault: replicas that meet a person at the same moment agree."""
    async with (
        alive(SAMPLE, database, bus=Sent()) as one,
        alive(SAMPLE, database, bus=Sent(), migrated=True) as two,
    ):
        keys = await asyncio.gather(*(write(each, person, f"{MARKER}-{n}") for n in range(10) for each in (one, two)))
        texts = [(await read(one, key)).value for key in keys]
    assert sorted({str(text) for text in texts}) == sorted(f"{MARKER}-{n}" for n in range(10))
    assert owner("select count(*) from privacy.person_keys where person = %s", person) == [(1,)]
