"""Commands share round trips and transactions, but never each other's fate."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest
from pydantic_core import PydanticSerializationError
from sqlalchemy import CheckConstraint, MetaData
from tests.alive import Sent, alive, by, until
from tests.integration.events.conftest import Owner
from tests.sample import NOTE, NOTES, NOTES_MODEL, SAMPLE, Amend, Break, Close, Write

from events.decider import Rejected
from events.event import Event
from events.ids import uuid7
from events.private import Private, PrivateInClear
from events.read_model import ReadModel
from events.registry import UnknownEvent
from events.runtime import Runtime

BOUNDED = NOTES.to_metadata(MetaData())
BOUNDED.append_constraint(CheckConstraint("amended < 5", name="not_too_often"))
BOUNDED_SAMPLE = replace(SAMPLE, read_models=(ReadModel(BOUNDED, 1, NOTES_MODEL.fold),))
MANY = 40


@pytest.fixture
async def bounded(database: str) -> AsyncIterator[Runtime]:
    async with alive(BOUNDED_SAMPLE, database, bus=Sent()) as runtime:
        yield runtime


async def together(runtime: Runtime, culprit: UUID, command: object, among: int = MANY) -> BaseException:
    """Many commands at the same moment, one of them the culprit's; the others must succeed. Returns its fault."""
    keys = [uuid7() for _ in range(among)]
    neighbours = [runtime.handle(NOTE, key, Write(key, "Alder"), by()) for key in keys]
    middle = among // 2
    results = await asyncio.gather(
        *neighbours[:middle],
        runtime.handle(NOTE, culprit, command, by()),
        *neighbours[middle:],
        return_exceptions=True,
    )
    fault = results.pop(middle)
    assert [result for result in results if isinstance(result, BaseException)] == []
    stored = await runtime.pool.fetch(
        "select stream from events where stream = any($1)", [NOTE.stream(k) for k in keys]
    )
    assert len(stored) == among
    assert isinstance(fault, BaseException)
    return fault


async def test_a_rejection_fails_its_own_command_only(bounded: Runtime) -> None:
    """Architecture, the writer: the rules say no to one command."""
    await bounded.handle(NOTE, key := uuid7(), Write(key, "Alder"), by())
    await bounded.handle(NOTE, key, Close(), by())
    assert isinstance(await together(bounded, key, Amend()), Rejected)


async def test_a_fault_in_a_rule_fails_its_own_command_only(bounded: Runtime) -> None:
    """Architecture, the writer: a decider that raises."""
    assert str(await together(bounded, uuid7(), Break())) == "a fault in a rule"


async def test_a_constraint_in_the_database_fails_its_own_command_only(bounded: Runtime, owner: Owner) -> None:
    """Architecture, the writer: a round that PostgreSQL refuses is tried again one by one."""
    key = uuid7()
    await bounded.handle(NOTE, key, Write(key, "Alder"), by())
    assert isinstance(await together(bounded, key, Amend(5)), asyncpg.CheckViolationError)
    assert owner("select count(*) from sample.events where stream = %s", NOTE.stream(key)) == [(1,)]
    assert (await bounded.handle(NOTE, key, Amend(4), by())).version == 5


async def test_text_that_postgresql_cannot_store_fails_its_own_command_only(bounded: Runtime) -> None:
    """Architecture, the writer: the null character is no text to PostgreSQL."""
    fault = await together(bounded, key := uuid7(), Write(key, "Al\0der"))
    assert isinstance(fault, asyncpg.UntranslatableCharacterError)


async def test_an_event_that_cannot_be_serialised_fails_its_own_command_only(bounded: Runtime) -> None:
    """Architecture, the writer: half a surrogate pair is no text at all."""
    fault = await together(bounded, key := uuid7(), Write(key, "\ud800"))
    assert isinstance(fault, PydanticSerializationError | UnicodeEncodeError)


async def test_a_conflict_is_decided_again_without_disturbing_the_others(bounded: Runtime, owner: Owner) -> None:
    """Architecture, the writer: two commands on one record among many others."""
    key = uuid7()
    keys = [uuid7() for _ in range(MANY)]
    await bounded.handle(NOTE, key, Write(key, "Alder"), by())
    await asyncio.gather(
        *(bounded.handle(NOTE, key, Amend(), by()) for _ in range(4)),
        *(bounded.handle(NOTE, each, Write(each, "Alder"), by()) for each in keys),
    )
    assert owner("select count(*) from sample.notes") == [(MANY + 1,)]
    assert owner("select max(version) from sample.events where stream = %s", NOTE.stream(key)) == [(5,)]


async def test_a_record_that_cannot_be_read_fails_its_own_command_only(bounded: Runtime, owner: Owner) -> None:
    """Architecture, the loader: a fact of an unknown name in one stream does not hide the other streams."""
    key = uuid7()
    await bounded.handle(NOTE, key, Write(key, "Alder"), by())
    owner("update sample.events set name = 'sample.from-the-future' where stream = %s", NOTE.stream(key))
    assert isinstance(await together(bounded, key, Amend()), UnknownEvent)


async def test_a_forgotten_person_stops_their_own_command_only(bounded: Runtime, owner: Owner) -> None:
    """Architecture, the vault: nothing new is sealed for a person whose key was destroyed."""
    key, person = uuid7(), uuid7()
    await bounded.handle(NOTE, key, Write(key, "Alder", Private(person, "text")), by())
    owner("update privacy.person_keys set wrapped = null, forgotten_at = now() where person = %s", person)
    fault = await together(bounded, other := uuid7(), Write(other, "Alder", Private(person, "more")))
    assert isinstance(fault, Rejected)
    assert (fault.code, fault.status) == ("person-forgotten", 410)


async def test_a_caller_who_leaves_does_not_take_the_others_along(bounded: Runtime) -> None:
    """Architecture, the writer: a request that is cancelled while its round is under way."""
    keys = [uuid7() for _ in range(MANY)]
    commands = [asyncio.create_task(bounded.handle(NOTE, key, Write(key, "Alder"), by())) for key in keys]
    await until(lambda: bounded.writer.waiting)
    for command in commands[::3]:
        command.cancel()
    results = await asyncio.gather(*commands, return_exceptions=True)
    assert {type(result).__name__ for result in results} == {"CancelledError", "Outcome"}
    assert sum(isinstance(result, BaseException) for result in results) == len(commands[::3])


async def test_a_private_value_in_the_clear_is_never_written(bounded: Runtime) -> None:
    """Architecture, the vault: an event that was not sealed cannot become a draft."""
    event: Event = NOTE.decide(Write(key := uuid7(), "Alder", Private(uuid7(), "text")), NOTE.initial)[0]
    with pytest.raises((PrivateInClear, PydanticSerializationError), match="in the clear"):
        bounded.log.draft(NOTE.stream(key), 0, [event], [uuid7()], by())


async def test_a_round_is_tried_again_one_by_one_only_for_a_fault_of_its_content(bounded: Runtime) -> None:
    """Architecture, the writer: when the connection breaks before the commit, nobody's effect is half there."""
    keys = [uuid7() for _ in range(5)]
    begin = bounded.log.begin
    bounded.log.begin = f"{begin}; select pg_terminate_backend(pg_backend_pid())"
    results = await asyncio.gather(
        *(bounded.handle(NOTE, key, Write(key, "Alder"), by()) for key in keys), return_exceptions=True
    )
    bounded.log.begin = begin
    assert all(isinstance(result, asyncpg.PostgresError | OSError | asyncpg.InterfaceError) for result in results)
    outcomes = await asyncio.gather(*(bounded.handle(NOTE, key, Write(key, "Alder"), by()) for key in keys))
    assert {outcome.version for outcome in outcomes} == {1}
