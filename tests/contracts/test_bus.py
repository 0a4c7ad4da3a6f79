"""The contract of `events.message.Bus`, proved on both adapters (architecture, decision 9: at least once, effects once)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from tests.contracts.conftest import SESSION, Adapter
from tests.contracts.ledger import Ledger, message, messages

from events.message import Batch, Bus

KEYS = [f"report-{number}" for number in range(40)]


@pytest.fixture
async def bus(adapter: Adapter) -> AsyncIterator[Bus]:
    made = adapter.bus()
    yield made
    await made.close()


@pytest.fixture
async def topic(adapter: Adapter, bus: Bus) -> str:
    name = adapter.topic()
    await bus.ensure_topics([name])
    return name


async def test_topics_may_be_ensured_again_and_publishing_nothing_is_allowed(bus: Bus, topic: str) -> None:
    await bus.ensure_topics([topic])
    await bus.publish([])


async def test_messages_of_one_key_keep_their_order_also_from_concurrent_publishers(bus: Bus, topic: str) -> None:
    ledger = Ledger()
    mine = [[f"{key}-of-{publisher}" for key in KEYS] for publisher in range(4)]

    async def publish(keys: list[str]) -> None:
        for first in range(1, 601, 120):
            await bus.publish(messages(topic, keys, 120, first))

    async with bus.consume("order", [topic], ledger, ledger.handle, max_batch=50):
        await asyncio.gather(*map(publish, mine))
        await ledger.reached(2400)
    found = ledger.sequences()
    assert len(found) == 160
    for keys in mine:
        for index, key in enumerate(keys):
            assert found[key] == list(range(index + 1, 601, 40))


async def test_cloudevents_attributes_and_data_survive(bus: Bus, topic: str) -> None:
    ledger = Ledger()
    sent = message(topic, "kéy/ä", 9_007_199_254_740_993, '{"note":"ünï"}'.encode())
    sent.attributes.update(traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", causationid="c-1")  # type: ignore[attr-defined]
    await bus.publish([sent])
    async with bus.consume("attributes", [topic], ledger, ledger.handle):
        assert await ledger.reached(1) == [sent]


async def test_a_failing_handler_gets_the_same_batch_again_and_other_partitions_move_on(bus: Bus, topic: str) -> None:
    ledger = Ledger()
    failed: list[Batch] = []
    thrice, mended = asyncio.Event(), asyncio.Event()

    async def trip(batch: Batch) -> None:
        if any(each.key == KEYS[0] for each in batch.messages) and not mended.is_set():
            failed.append(batch)
            if len(failed) == 3:
                thrice.set()
            raise ValueError("not today")

    await bus.publish(messages(topic, KEYS, 200))
    async with bus.consume("failing", [topic], ledger, ledger.after(trip)):
        await thrice.wait()
        stuck = failed[0].partition
        await ledger.reached(200 - len(failed[0].messages))
        await bus.publish(messages(topic, KEYS, 40, 201))
        assert stuck not in {place[1] for place, offset in ledger.positions.items() if offset}
        assert all(batch == failed[0] for batch in failed)
        mended.set()
        await ledger.reached(240)
    assert ledger.sequences() == {key: list(range(1 + index, 241, 40)) for index, key in enumerate(KEYS)}


async def test_a_batch_is_never_larger_than_asked_for_and_batches_join_without_gap(bus: Bus, topic: str) -> None:
    ledger = Ledger()
    batches: list[Batch] = []

    async def note(batch: Batch) -> None:
        batches.append(batch)

    await bus.publish(messages(topic, KEYS, 300))
    async with bus.consume("bounded", [topic], ledger, ledger.after(note), max_batch=7):
        await ledger.reached(300)
    assert max(len(batch.messages) for batch in batches) == 7
    for partition in {batch.partition for batch in batches}:
        mine = [batch for batch in batches if batch.partition == partition]
        assert mine[0].offset == 0
        assert all(left.next_offset == right.offset for left, right in pairwise(mine))


async def test_a_restart_continues_from_the_positions(adapter: Adapter, bus: Bus, topic: str) -> None:
    ledger = Ledger()
    await bus.publish(messages(topic, KEYS, 100))
    async with bus.consume("restart", [topic], ledger, ledger.handle):
        await ledger.reached(100)
    await bus.publish(messages(topic, KEYS, 100, 101))
    other = adapter.bus()
    async with other.consume("restart", [topic], ledger, ledger.handle):
        await ledger.reached(200)
    await other.close()
    assert Counter(each.sequence for each in ledger.effects) == Counter(range(1, 201))


async def test_positions_and_not_the_bus_say_where_a_group_continues(bus: Bus, topic: str) -> None:
    await bus.publish(messages(topic, KEYS, 50))
    for _ in range(2):
        ledger = Ledger()
        async with bus.consume("rebuilt", [topic], ledger, ledger.handle):
            await ledger.reached(50)


async def test_two_members_take_effect_once_while_members_come_and_go(adapter: Adapter, bus: Bus, topic: str) -> None:
    ledger = Ledger()
    buses = [adapter.bus() for _ in range(3)]

    async def member(number: int) -> None:
        async with buses[number].consume("members", [topic], ledger, ledger.handle, max_batch=20):
            await asyncio.Event().wait()

    async def publish() -> None:
        for first in range(1, 2001, 40):
            await bus.publish(messages(topic, KEYS, 40, first))
            await asyncio.sleep(0.04)

    publishing = asyncio.create_task(publish())
    members = [asyncio.create_task(member(0))]
    for newcomer in (1, 2):
        await ledger.reached(500 * newcomer)
        members.append(asyncio.create_task(member(newcomer)))
        await asyncio.sleep(0.3)
        members[newcomer - 1].cancel()
    await publishing
    await ledger.reached(2000)
    for task in members:
        task.cancel()
    results = await asyncio.gather(*members, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results)
    for each in buses:
        await each.close()
    assert ledger.sequences() == {key: list(range(1 + index, 2001, 40)) for index, key in enumerate(KEYS)}


async def test_a_slow_handler_keeps_its_partition_and_holds_back_the_rest(bus: Bus, topic: str) -> None:
    ledger = Ledger()
    started: list[Batch] = []
    most = now = 0

    async def slowly(batch: Batch) -> None:
        nonlocal most, now
        started.append(batch)
        now += 1
        most = max(most, now)
        await asyncio.sleep(SESSION * 1.5 if len(started) <= 2 else 0)
        now -= 1

    await bus.publish(messages(topic, KEYS, 400))
    async with bus.consume("slow", [topic], ledger, ledger.after(slowly), max_batch=20):
        await ledger.reached(400)
    assert most <= 2
    assert Counter((batch.partition, batch.offset) for batch in started).most_common(1)[0][1] == 1


async def test_leaving_finishes_the_batch_at_hand(bus: Bus, topic: str) -> None:
    ledger = Ledger()
    began = asyncio.Event()

    async def slowly(batch: Batch) -> None:
        began.set()
        await asyncio.sleep(0.3)

    await bus.publish(messages(topic, KEYS[:1], 10))
    async with bus.consume("leaving", [topic], ledger, ledger.after(slowly)):
        await began.wait()
        assert ledger.effects == []
    assert [each.sequence for each in ledger.effects] == list(range(1, 11))


async def test_leaving_while_a_handler_keeps_failing_does_not_hang(bus: Bus, topic: str) -> None:
    ledger = Ledger()
    failed = asyncio.Event()

    async def fail(batch: Batch) -> None:
        failed.set()
        raise ValueError("never")

    await bus.publish(messages(topic, KEYS, 10))
    async with asyncio.timeout(10):
        async with bus.consume("hopeless", [topic], ledger, fail):
            await failed.wait()
    async with bus.consume("hopeless", [topic], ledger, ledger.handle):
        await ledger.reached(10)


async def test_what_publish_has_accepted_survives_a_close_in_the_middle(adapter: Adapter, bus: Bus, topic: str) -> None:
    ledger = Ledger()
    closing = adapter.bus()
    publishing = [asyncio.create_task(closing.publish(messages(topic, [key], 50, 1, size=500))) for key in KEYS]
    await asyncio.wait(publishing, return_when=asyncio.FIRST_COMPLETED)
    await closing.close()
    results = await asyncio.gather(*publishing, return_exceptions=True)
    accepted = [key for key, result in zip(KEYS, results, strict=True) if result is None]
    assert accepted
    async with bus.consume("closing", [topic], ledger, ledger.handle):
        await ledger.reached(50 * len(accepted))
    found = ledger.sequences()
    assert all(found[key] == list(range(1, 51)) for key in accepted)


async def test_a_publish_of_several_megabytes_arrives_in_order(bus: Bus, topic: str) -> None:
    ledger = Ledger()
    large = [message(topic, KEYS[0], 0, b"x" * 900_000)]
    await bus.publish(large + messages(topic, KEYS[:3], 4000, 1, size=1000))
    async with bus.consume("large", [topic], ledger, ledger.handle):
        await ledger.reached(4001)
    assert len(ledger.effects[0].data) in (900_000, 1000)
    assert ledger.sequences()[KEYS[0]] == [0, *range(1, 4001, 3)]


async def test_a_publish_without_a_server_raises_a_connection_error(adapter: Adapter) -> None:
    bus = adapter.nowhere()
    with pytest.raises(OSError, match=r".+"):
        await bus.publish([message("reports", "report-1", 1)])
    await bus.close()


async def test_a_member_without_a_server_waits_for_it_and_can_leave(adapter: Adapter) -> None:
    bus, ledger = adapter.nowhere(), Ledger()
    async with asyncio.timeout(20), bus.consume("waiting", ["reports"], ledger, ledger.handle):
        await asyncio.sleep(0.2)
    await bus.close()


async def test_a_fault_in_the_body_leaves_the_context_as_it_is(bus: Bus, topic: str) -> None:
    ledger = Ledger()
    with pytest.raises(ZeroDivisionError):
        async with bus.consume("body", [topic], ledger, ledger.handle):
            raise ZeroDivisionError
