"""Decision 9: what is delivered is delivered until it has taken effect, in order, and never skipped."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from events.delivery import BeyondRepair, Delivery, PartitionLost, stop, taking_part
from events.message import Batch, Message

LOG = [Message("reports", "report-1", number, b"{}", {}) for number in range(10)]


class Partition:
    """A reader of `LOG` that does once what `faults` say, and afterwards waits for ever."""

    topic, partition = "reports", 0

    def __init__(self, *faults: Exception) -> None:
        self.faults, self.position, self.sought = list(faults), 0, list[int]()

    def seek(self, offset: int) -> None:
        self.position = offset
        self.sought.append(offset)

    async def read(self, limit: int) -> tuple[Sequence[Message], int]:
        if self.faults:
            raise self.faults.pop(0)
        found = LOG[self.position : self.position + limit]
        if not found:
            await asyncio.Event().wait()
        self.position += len(found)
        return found, self.position


class Positions:
    """A position in memory."""

    def __init__(self, position: int = 0) -> None:
        self.position, self.faults, self.done = position, list[Exception](), asyncio.Event()

    async def next_offset(self, topic: str, partition: int) -> int:
        if self.faults:
            raise self.faults.pop(0)
        return self.position

    async def handle(self, batch: Batch) -> None:
        self.position = batch.next_offset
        if self.position == len(LOG):
            self.done.set()


async def deliver(
    reader: Partition, positions: Positions, handle: Callable[[Batch], Awaitable[None]], until: asyncio.Event
) -> Delivery:
    delivery = Delivery(reader, positions, handle, 4, asyncio.Semaphore(1))
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        delivery.start(tasks)
        await until.wait()
        await stop([delivery], grace=0.05)
    return delivery


async def test_it_begins_at_the_position_and_joins_batches() -> None:
    positions, seen = Positions(3), list[tuple[int, int, int]]()

    async def handle(batch: Batch) -> None:
        seen.append((batch.offset, batch.next_offset, len(batch.messages)))
        await positions.handle(batch)

    delivery = await deliver(Partition(), positions, handle, positions.done)
    assert seen == [(3, 7, 4), (7, 10, 3)]
    assert delivery.offset == 10


async def test_a_batch_that_failed_comes_again_as_it_was() -> None:
    positions, reader, seen = Positions(), Partition(), list[Batch]()

    async def handle(batch: Batch) -> None:
        seen.append(batch)
        if len(seen) < 3:
            raise ValueError
        await positions.handle(batch)

    await deliver(reader, positions, handle, positions.done)
    assert seen[0] is seen[1] is seen[2]
    assert reader.sought == [0]


async def test_when_somebody_else_has_moved_the_position_it_goes_on_from_there() -> None:
    positions, seen = Positions(), list[int]()

    async def handle(batch: Batch) -> None:
        seen.append(batch.offset)
        if len(seen) == 1:
            positions.position = 6
            raise ValueError
        await positions.handle(batch)

    await deliver(Partition(), positions, handle, positions.done)
    assert seen == [0, 6]


async def test_positions_and_reads_that_fail_are_tried_again() -> None:
    positions = Positions()
    positions.faults = [OSError(), OSError()]
    await deliver(Partition(OSError()), positions, positions.handle, positions.done)
    assert positions.position == 10


async def test_a_lost_partition_ends_its_delivery_quietly() -> None:
    positions = Positions()
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        Delivery(Partition(PartitionLost()), positions, positions.handle, 4, asyncio.Semaphore(1)).start(tasks)
    assert positions.position == 0


async def test_a_batch_that_does_not_end_is_abandoned_after_the_grace() -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def handle(batch: Batch) -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    delivery = await deliver(Partition(), Positions(), handle, began)
    assert ended.is_set()
    assert delivery.offset == 0


async def test_a_fault_beyond_repair_cancels_the_body_and_is_raised_on_leaving() -> None:
    positions = Positions()

    async def run(tasks: asyncio.TaskGroup) -> None:
        Delivery(Partition(BeyondRepair("no right")), positions, positions.handle, 4, asyncio.Semaphore(1)).start(tasks)
        await asyncio.Event().wait()

    with pytest.raises(BeyondRepair, match="no right"):
        async with asyncio.timeout(5), taking_part(run):
            await asyncio.Event().wait()


async def test_leaving_lets_the_seat_end_in_order() -> None:
    steps: list[str] = []

    async def run(tasks: asyncio.TaskGroup) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            steps.append("left")

    async with taking_part(run):
        await asyncio.sleep(0)
        steps.append("body")
    assert steps == ["body", "left"]
