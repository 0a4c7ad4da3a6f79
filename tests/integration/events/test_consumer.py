"""Consuming: every message has its effect once, in order per key, and one that cannot be handled holds up its key only."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.alive import START, Sent, alive
from tests.integration.events.conftest import Owner
from tests.integration.events.echo import ECHO, NOISE
from tests.sample import NoteChanged, NoteTaken

from events import parked
from events.consumer import PositionMoved
from events.faults import TRANSIENT
from events.ids import derived
from events.message import Batch, Message
from events.reaction import Received, Subscription
from events.runtime import Runtime
from events.transaction import Transaction

ONE, TWO, THREE = (derived("consumer", number) for number in range(3))


@pytest.fixture
async def echo(database: str) -> AsyncIterator[Runtime]:
    async with alive(ECHO, database, bus=Sent()) as runtime:
        yield runtime


def message(sequence: int, key: UUID, number: int, county: str = "", data: bytes | None = None) -> Message:
    """A note taken (number 0) or changed, as the relay of the sample would send it."""
    event = NoteChanged(note_id=key, number=number) if number else NoteTaken(note_id=key, county=county)
    attributes = {
        "id": str(derived("message", sequence)),
        "type": event.event_type,
        "source": "/hearthline/sample",
        "time": START.isoformat(),
        "recordedat": START.isoformat(),
        "correlationid": str(derived("correlation")),
    }
    return Message("sample", str(key), sequence, event.to_json() if data is None else data, attributes)


def batch(offset: int, messages: Sequence[Message]) -> Batch:
    return Batch("sample", 0, offset, offset + len(messages), messages)


async def heard(runtime: Runtime, key: UUID) -> list[int]:
    return [fact.event.number for fact in await runtime.stream(NOISE.stream(key))]  # type: ignore[attr-defined]


async def test_effect_and_position_commit_together(echo: Runtime, owner: Owner) -> None:
    """Architecture, decision 9: both or neither, in one transaction."""
    await echo.consumer.handle(batch(0, [message(1, ONE, 0), message(2, ONE, 1), message(3, TWO, 0)]))
    assert [await heard(echo, key) for key in (ONE, TWO)] == [[0, 1], [0]]
    assert await echo.consumer.next_offset("sample", 0) == 3
    assert owner("select count(distinct e.xmin::text) from echo.events e, echo.positions p where e.xmin = p.xmin") == [
        (1,)
    ]
    assert owner("select note_id, heard from echo.echoes order by heard") == [(TWO, 1), (ONE, 2)]


async def test_a_batch_delivered_again_has_no_second_effect(echo: Runtime) -> None:
    """Architecture, decision 9: at least once on the way, once in effect."""
    again = batch(0, [message(1, ONE, 0), message(2, ONE, 1)])
    await echo.consumer.handle(again)
    with pytest.raises(PositionMoved):
        await echo.consumer.handle(again)
    assert await heard(echo, ONE) == [0, 1]


async def test_two_members_with_the_same_batch_take_effect_once(echo: Runtime, database: str) -> None:
    """Architecture, decision 9: also when both believe that the partition is theirs."""
    async with alive(ECHO, database, bus=Sent(), migrated=True) as other:
        results = await asyncio.gather(
            *(each.consumer.handle(batch(0, [message(1, ONE, 0)])) for each in (echo, other)), return_exceptions=True
        )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "PositionMoved"]
    assert await heard(echo, ONE) == [0]


async def test_what_two_relays_sent_at_once_has_one_effect(echo: Runtime) -> None:
    """Architecture, the relay: copies of the same events, interleaved, within a batch and across batches."""
    first = [message(1, ONE, 0), message(2, ONE, 1), message(1, ONE, 0), message(3, TWO, 0), message(2, ONE, 1)]
    second = [message(3, TWO, 0), message(4, ONE, 2), message(4, ONE, 2)]
    await echo.consumer.handle(batch(0, first))
    await echo.consumer.handle(batch(5, second))
    assert [await heard(echo, key) for key in (ONE, TWO)] == [[0, 1, 2], [0]]


async def test_what_a_service_records_names_the_fact_that_caused_it(echo: Runtime) -> None:
    """Architecture, the envelope: causation and correlation lead back to the first command."""
    await echo.consumer.handle(batch(0, [message(7, ONE, 0)]))
    (fact,) = await echo.stream(NOISE.stream(ONE))
    assert fact.meta["causation"] == str(derived("message", 7))
    assert fact.meta["correlation"] == str(derived("correlation"))
    assert fact.meta["actor"] == "echo"


async def test_a_message_that_cannot_be_handled_parks_its_own_key_only(echo: Runtime) -> None:
    """Architecture, parking: later messages of that key wait behind it, other keys go on."""
    await echo.consumer.handle(
        batch(0, [message(1, ONE, 0), message(2, TWO, 0, "Nowhere"), message(3, ONE, 1), message(4, TWO, 1)])
    )
    await echo.consumer.handle(batch(4, [message(5, TWO, 2), message(6, THREE, 0)]))
    assert [await heard(echo, key) for key in (ONE, TWO, THREE)] == [[0, 1], [], [0]]
    waiting = await parked.waiting(echo.pool)
    assert [(each.sequence, each.reason) for each in waiting] == [
        (2, "Rejected: county-unknown"),
        (4, "an earlier message of this key is parked"),
        (5, "an earlier message of this key is parked"),
    ]
    assert await echo.consumer.next_offset("sample", 0) == 6


@pytest.mark.parametrize("data", [b"{}", b"not json", b"\xff\xfe", b'{"noteId":"\\u0000"}', b"\0", b""])
async def test_rubbish_on_the_bus_is_parked_and_holds_up_nobody(echo: Runtime, data: bytes) -> None:
    """Architecture, parking: whatever bytes arrive, the partition goes on; the reason quotes none of them."""
    await echo.consumer.handle(batch(0, [message(1, ONE, 0, data=data), message(2, TWO, 0)]))
    assert await heard(echo, TWO) == [0]
    (waiting,) = await parked.waiting(echo.pool)
    assert (waiting.key, waiting.reason.partition(":")[0]) == (str(ONE), "ValidationError")


async def test_a_message_without_its_attributes_is_parked(echo: Runtime) -> None:
    """Architecture, parking: a stranger's message has no id, no type, no time."""
    stranger = Message("sample", "stranger", 1, b"{}", {})
    await echo.consumer.handle(batch(0, [stranger, message(2, TWO, 0)]))
    await echo.consumer.handle(batch(2, [stranger._replace(sequence=3)]))
    assert await heard(echo, TWO) == [0]
    assert [each.key for each in await parked.waiting(echo.pool)] == ["stranger", "stranger"]


async def test_a_type_that_nobody_takes_is_passed_over(echo: Runtime) -> None:
    """Architecture, contracts: new public events do not disturb old readers."""
    news = message(1, ONE, 0)
    await echo.consumer.handle(batch(0, [news._replace(attributes={**news.attributes, "type": "sample.New.v1"})]))
    assert await parked.waiting(echo.pool) == []
    assert await echo.consumer.next_offset("sample", 0) == 1


async def test_a_broken_connection_is_an_error_of_the_moment_and_parks_nothing(echo: Runtime) -> None:
    """Architecture, parking: the bus delivers the batch again, and then it takes effect."""
    killed: list[int] = []

    async def kill_once(tx: Transaction, facts: Sequence[Received]) -> None:
        if not killed:
            killed.append(await tx.connection.fetchval("select pg_backend_pid()"))
            async with tx.runtime.pool.acquire() as other:
                await other.execute("select pg_terminate_backend($1)", killed[0])
        await tx.connection.execute("select 1")

    echo.consumer.by_topic["sample"].append(Subscription("sample", (NoteTaken,), handle=kill_once))
    with pytest.raises(TRANSIENT):
        await echo.consumer.handle(batch(0, [message(1, ONE, 0)]))
    assert await parked.waiting(echo.pool) == []
    assert await heard(echo, ONE) == []
    await echo.consumer.handle(batch(0, [message(1, ONE, 0)]))
    assert await heard(echo, ONE) == [0]


async def test_a_deadlock_is_an_error_of_the_moment_and_parks_nothing(
    echo: Runtime, database: str, owner: Owner
) -> None:
    """Architecture, parking: PostgreSQL picks a victim, and its message was not at fault."""
    failed: list[bool] = []

    async def deadlock(tx: Transaction, facts: Sequence[Received]) -> None:
        if not failed:
            failed.append(True)
            await tx.connection.execute("do $$ begin raise exception using errcode = '40P01'; end $$")

    echo.consumer.by_topic["sample"].append(Subscription("sample", (NoteTaken,), handle=deadlock))
    with pytest.raises(asyncpg.DeadlockDetectedError):
        await echo.consumer.handle(batch(0, [message(1, ONE, 0)]))
    await echo.consumer.handle(batch(0, [message(1, ONE, 0)]))
    assert await heard(echo, ONE) == [0]
    assert await parked.waiting(echo.pool) == []


async def test_a_value_that_does_not_fit_is_no_error_of_the_moment(echo: Runtime) -> None:
    """Architecture, parking: what will fail for ever must not hold up its partition for ever."""

    async def too_large(tx: Transaction, facts: Sequence[Received]) -> None:
        if any(fact.event.subject == str(ONE) for fact in facts):
            await tx.connection.execute("select $1::int", 2**40)

    echo.consumer.by_topic["sample"].append(Subscription("sample", (NoteTaken,), handle=too_large))
    await echo.consumer.handle(batch(0, [message(1, ONE, 0), message(2, TWO, 0)]))
    assert [each.key for each in await parked.waiting(echo.pool)] == [str(ONE)]
    assert [await heard(echo, key) for key in (ONE, TWO)] == [[], [0]]


async def test_a_handler_works_in_the_transaction_that_moves_the_position(echo: Runtime, owner: Owner) -> None:
    """Architecture, decision 9: tables of a consumer's own."""
    owner("create table echo.tally (county text)")
    owner("grant all on echo.tally to hearthline_echo")

    async def tally(tx: Transaction, facts: Sequence[Received]) -> None:
        rows: list[Any] = [(fact.event.county,) for fact in facts]  # type: ignore[attr-defined]
        await tx.connection.executemany("insert into tally values ($1)", rows)

    echo.consumer.by_topic["sample"].append(Subscription("sample", (NoteTaken,), handle=tally))
    await echo.consumer.handle(batch(0, [message(1, ONE, 0, "Alder"), message(2, TWO, 0, "Birch")]))
    assert owner("select t.county from echo.tally t, echo.positions p where t.xmin = p.xmin order by 1") == [
        ("Alder",),
        ("Birch",),
    ]
    await echo.consumer.handle(batch(2, [message(3, THREE, 0, "Nowhere"), message(4, ONE, 0, "Cedar")]))
    assert owner("select county from echo.tally order by 1") == [("Alder",), ("Birch",), ("Cedar",)]
