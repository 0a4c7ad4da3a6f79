"""The relay: the log is the outbox; everything announced is published, in order per key, whatever breaks."""

import asyncio
import json
from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

import pytest
from tests.alive import START, Sent, alive, by
from tests.integration.events.conftest import Owner
from tests.integration.events.echo import ECHO
from tests.integration.events.test_consumer import batch, heard
from tests.sample import NOTE, SAMPLE, Amend, Close, Write

from events import metrics
from events.consumer import message_id
from events.ids import derived, uuid7
from events.message import Message
from events.relay import Relay
from events.runtime import Runtime
from events.testing import eventually


async def write(runtime: Runtime, times: int = 1) -> UUID:
    key = uuid7()
    await runtime.handle(NOTE, key, Write(key, "Alder"), by())
    await runtime.handle(NOTE, key, Amend(times), by())
    return key


async def relay_once(relay: Relay) -> int:
    async with relay.runtime.pool.acquire() as connection:
        relay.position = await connection.fetchval("select position from relayed")
        return await relay.run_once(connection)


async def test_a_message_says_what_happened_when_and_because_of_what(sample: Runtime, sent: Sent) -> None:
    """Architecture, the envelope: CloudEvents 1.0, the id is the id of the fact."""
    key = await write(sample)
    await relay_once(sample.relay)
    facts = await sample.stream(NOTE.stream(key))
    assert [message.id for message in sent.messages] == [str(fact.id) for fact in facts]
    first = sent.messages[0]
    assert (first.topic, first.key, first.type) == ("sample", str(key), "sample.NoteTaken.v1")
    assert first.attributes["recordedat"] == START.isoformat()
    assert first.attributes["correlationid"] == facts[0].meta["correlation"]
    assert json.loads(first.data) == {"noteId": str(key), "county": "Alder"}


async def test_messages_keep_the_order_of_the_log_and_their_sequence_grows(sample: Runtime, sent: Sent) -> None:
    """Architecture, the relay: order per key."""
    keys = await asyncio.gather(*(write(sample, 3) for _ in range(10)))
    sample.relay.batch = 7
    while await relay_once(sample.relay):
        pass
    assert len(sent.messages) == 40
    assert all(left.sequence < right.sequence for left, right in pairwise(sent.messages))
    for key in keys:
        mine = [message.type.split(".")[1] for message in sent.messages if message.key == str(key)]
        assert mine == ["NoteTaken", "NoteChanged", "NoteChanged", "NoteChanged"]


async def test_a_crash_between_publishing_and_the_checkpoint_is_recognised(
    sample: Runtime, sent: Sent, owner: Owner, database: str
) -> None:
    """Architecture, the relay: sent again after the restart, without a second effect."""
    key = await write(sample, 2)
    await relay_once(sample.relay)
    owner("update sample.relayed set position = 0")
    await write(sample)
    await relay_once(Relay(sample))
    assert len(sent.messages) == 3 + 5
    assert sent.messages[:3] == sent.messages[3:6]
    async with alive(ECHO, database, bus=Sent()) as echo:
        await echo.consumer.handle(batch(0, sent.messages[:4]))
        await echo.consumer.handle(batch(4, sent.messages[4:]))
        assert await heard(echo, key) == [0, 1, 2]


async def test_what_the_bus_refuses_is_sent_again(sample: Runtime, sent: Sent, owner: Owner) -> None:
    """Architecture, the relay: the checkpoint moves only after the bus has everything."""
    publish, refusals = sent.publish, iter(range(2))

    async def refuse_twice(messages: Sequence[Message]) -> None:
        if next(refusals, None) is not None:
            raise ConnectionError("no bus")
        await publish(messages)

    sent.publish = refuse_twice  # type: ignore[method-assign]
    await write(sample)
    relaying = asyncio.create_task(sample.relay.run())

    async def relayed() -> bool:
        return len(sent.messages) == 2 and owner("select position from sample.relayed") == [(2,)]

    await eventually(relayed)
    relaying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await relaying


async def lease_holders(owner: Owner) -> int:
    ((count,),) = owner(
        "select count(*) from pg_locks l join pg_database d on d.oid = l.database"
        " where d.datname = current_database() and l.locktype = 'advisory' and l.granted"
    )
    return int(count)


async def test_of_two_relays_one_holds_the_lease_and_the_other_takes_over(
    sample: Runtime, sent: Sent, owner: Owner, database: str
) -> None:
    """Architecture, replicas: one publishes; when it goes, the other goes on; who stands by holds back no vacuum."""
    other_sent = Sent()
    async with alive(SAMPLE, database, bus=other_sent, migrated=True) as other:
        first = asyncio.create_task(sample.relay.run())
        await write(sample)

        async def both_sent() -> bool:
            return len(sent.messages) == 2

        await eventually(both_sent)
        second = asyncio.create_task(other.relay.run())
        await asyncio.sleep(0.2)
        await write(sample)

        async def four_sent() -> bool:
            return len(sent.messages) == 4

        await eventually(four_sent)
        assert other_sent.messages == []
        assert await lease_holders(owner) == 1
        assert owner(
            "select count(*) from pg_stat_activity where datname = current_database() and backend_xmin is not null"
            " and pid <> pg_backend_pid()"
        ) == [(0,)]
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await write(sample)

        async def taken_over() -> bool:
            return len(other_sent.messages) == 2

        await eventually(taken_over)
        assert len(sent.messages) == 4
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)


async def test_a_relay_whose_connection_is_killed_goes_on(sample: Runtime, sent: Sent, owner: Owner) -> None:
    """Architecture, the relay: nothing is lost and nothing is out of order when the database drops it."""
    relaying = asyncio.create_task(sample.relay.run())

    async def active() -> int:
        return await lease_holders(owner)

    await eventually(active)
    owner(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    key = await write(sample, 2)

    async def all_sent() -> bool:
        return len({message.sequence for message in sent.messages}) == 3

    await eventually(all_sent)
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    assert {message.key for message in sent.messages} == {str(key)}


async def test_facts_that_announce_nothing_leave_no_lag_behind(sample: Runtime, sent: Sent) -> None:
    """Architecture, metrics: the lag is what is not published yet, and ends at nothing."""
    key = await write(sample)
    await sample.handle(NOTE, key, Close(), by())
    await sample.metrics.look(sample.pool)
    assert metrics.UNRELAYED.labels("sample")._value.get() == 3
    await relay_once(sample.relay)
    await sample.metrics.look(sample.pool)
    assert metrics.UNRELAYED.labels("sample")._value.get() == 0
    assert len(sent.messages) == 2


def test_each_announcement_of_one_fact_has_an_id_of_its_own() -> None:
    """Architecture, the envelope: the first has the fact's own id, the others follow from it."""
    fact = derived("fact")
    assert message_id(fact, 0) == str(fact)
    assert len({message_id(fact, number) for number in range(10)}) == 10
    assert message_id(fact, 3) == message_id(fact, 3)
