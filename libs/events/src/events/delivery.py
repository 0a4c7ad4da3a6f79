"""How a batch reaches its handler, whatever the bus: in order, again until it has taken effect, never skipped."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import structlog

from events.message import Batch, Handle, Message, Positions

logger = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 30.0
GRACE = 20.0


class PartitionLost(Exception):
    """The partition is not ours any more: another member of the group continues."""


class BeyondRepair(Exception):
    """Reading failed in a way that no repetition mends, such as a missing right. The cause says why."""


class Reader(Protocol):
    """One partition as an adapter reads it. `read` may raise PartitionLost or BeyondRepair; anything else is retried."""

    topic: str
    partition: int

    def seek(self, offset: int) -> None:
        """Continue from `offset`."""
        ...

    async def read(self, limit: int) -> tuple[Sequence[Message], int]:
        """Wait for the next messages, at most `limit`; returns them and the offset after the last one."""
        ...


class Delivery:
    """The batches of one partition on their way to `handle`. `offset` is how far they have taken effect, once known.

    `turn` bounds how many batches of all partitions are handled at once; a batch that pauses after a fault holds no turn.
    """

    def __init__(
        self, reader: Reader, positions: Positions, handle: Handle, max_batch: int, turn: asyncio.Semaphore
    ) -> None:
        self.reader, self.positions, self.handle = reader, positions, handle
        self.max_batch, self.turn = max_batch, turn
        self.offset: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._busy = self._stopping = False

    def start(self, tasks: asyncio.TaskGroup) -> None:
        """Begin to deliver as a task of the group, which learns of BeyondRepair."""
        self._task = tasks.create_task(self._run(), name=f"deliver-{self.reader.topic}-{self.reader.partition}")

    async def _run(self) -> None:
        batch: Batch | None = None
        failures = 0
        while not self._stopping:
            try:
                batch = await self._next(batch)
                await self._hand_over(batch)
                self.offset, batch, failures = batch.next_offset, None, 0
            except PartitionLost:
                return
            except BeyondRepair as error:
                logger.error("partition-failed", **self._place(), reason=repr(error.__cause__))
                raise
            except Exception as error:
                failures += 1
                logger.warning("batch-failed", **self._place(), failures=failures, reason=type(error).__name__)
                self.offset = None
                await asyncio.sleep(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 20)))

    async def _next(self, failed: Batch | None) -> Batch:
        if self.offset is None:
            self.offset = await self.positions.next_offset(self.reader.topic, self.reader.partition)
            if failed and failed.offset == self.offset:
                return failed
            self.reader.seek(self.offset)
        messages, next_offset = await self.reader.read(self.max_batch)
        return Batch(self.reader.topic, self.reader.partition, self.offset, next_offset, messages)

    async def _hand_over(self, batch: Batch) -> None:
        async with self.turn:
            self._busy = True
            try:
                await self.handle(batch)
            finally:
                self._busy = False

    def _place(self) -> dict[str, object]:
        return {"topic": self.reader.topic, "partition": self.reader.partition, "offset": self.offset}

    def _let_go(self) -> asyncio.Task[None] | None:
        self._stopping = True
        if self._task and not self._busy:
            self._task.cancel()
        return self._task


async def stop(deliveries: Iterable[Delivery], grace: float = GRACE) -> None:
    """Take up no new batch and finish those at hand; what is not finished after `grace` seconds is abandoned."""
    tasks = {task for delivery in deliveries if (task := delivery._let_go())}
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=grace)
    for task in late:
        logger.warning("batch-abandoned", delivery=task.get_name(), after=grace)
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=grace)


@asynccontextmanager
async def taking_part(run: Callable[[asyncio.TaskGroup], Awaitable[None]]) -> AsyncIterator[None]:
    """Keep `run` going while the context is open, then let it end in order by cancelling it.

    The first fault of `run`, or of a task that it adds to the group, cancels the body and is raised on leaving.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            seat = tasks.create_task(_logged(run, tasks))
            try:
                yield
            finally:
                seat.cancel()
                await asyncio.wait({seat})
    except BaseExceptionGroup as group:
        first = group.exceptions[0]
        raise first from first.__cause__


async def _logged(run: Callable[[asyncio.TaskGroup], Awaitable[None]], tasks: asyncio.TaskGroup) -> None:
    try:
        await run(tasks)
    except Exception as error:
        logger.error("consumer-failed", reason=repr(error))
        raise
