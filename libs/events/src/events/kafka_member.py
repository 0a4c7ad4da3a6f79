"""One member of a consumer group on Kafka: partitions come and go, positions live in the consumer's own database."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from events.delivery import BeyondRepair, Delivery, stop
from events.kafka_reader import NO_RIGHT, KafkaReader
from events.message import Handle, Positions

logger = structlog.get_logger()

NOWHERE = TopicPartition("", -1)
HINT_EVERY = 5
HINT_PATIENCE = 2.0
PATIENCE = 10.0
UNBOUNDED = 24 * 3600 * 1000


class Assignment(ConsumerRebalanceListener):  # type: ignore[misc]
    """The partitions that this member has now, each with its delivery. Holds no lock that a delivery could wait for."""

    def __init__(self, tasks: asyncio.TaskGroup, delivery: Callable[[TopicPartition], Delivery]) -> None:
        self.tasks, self.delivery = tasks, delivery
        self.deliveries: dict[TopicPartition, Delivery] = {}
        self.leaving = False

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Finish what is at hand before the partitions go to others; heartbeats continue meanwhile."""
        gone, self.deliveries = self.deliveries, {}
        await stop(gone.values())

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Begin where the positions say."""
        if self.leaving:
            return
        self.deliveries = {place: self.delivery(place) for place in assigned}
        for delivery in self.deliveries.values():
            delivery.start(self.tasks)

    async def leave(self) -> None:
        """Finish the batches at hand and take up no more."""
        self.leaving = True
        await stop(self.deliveries.values())

    def offsets(self) -> dict[TopicPartition, int]:
        """How far each partition has taken effect, as far as that is known."""
        return {place: each.offset for place, each in self.deliveries.items() if each.offset is not None}


class Member:
    """Joins the group, and joins again when the brokers were away, until it is cancelled."""

    def __init__(
        self,
        connection: dict[str, Any],
        group: str,
        topics: Sequence[str],
        positions: Positions,
        handle: Handle,
        *,
        max_batch: int,
        handlers: int,
        prefix: str = "",
    ) -> None:
        self.connection, self.prefix = connection, prefix
        self.group, self.topics = f"{prefix}{group}", [f"{prefix}{topic}" for topic in topics]
        self.positions, self.handle, self.max_batch = positions, handle, max_batch
        self.turn = asyncio.Semaphore(handlers)

    async def run(self, tasks: asyncio.TaskGroup) -> None:
        """Take part until cancelled; deliveries run in `tasks`."""
        while True:
            try:
                await self._take_part(tasks)
            except NO_RIGHT as error:
                raise BeyondRepair(str(error)) from error
            except KafkaError as error:
                logger.warning("group-not-joined", group=self.group, reason=type(error).__name__)
                await asyncio.sleep(1)

    async def _take_part(self, tasks: asyncio.TaskGroup) -> None:
        consumer = self._consumer()
        assignment = Assignment(
            tasks,
            lambda place: Delivery(
                KafkaReader(consumer, place, self.prefix), self.positions, self.handle, self.max_batch, self.turn
            ),
        )
        try:
            consumer.subscribe(self.topics, listener=assignment)
            await consumer.start()
            await _watch(consumer, assignment)
        finally:
            await assignment.leave()
            await _tell(consumer, assignment.offsets())
            await _leave_group(consumer)

    def _consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            group_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            # A handler may take long: that a member lives is told by its heartbeats, which share its event loop.
            max_poll_interval_ms=UNBOUNDED,
            rebalance_timeout_ms=60_000,
            **self.connection,
        )


async def _watch(consumer: AIOKafkaConsumer, assignment: Assignment) -> None:
    """Raise what the client's own background tasks report, also when no partition is assigned; tell how far we are."""
    told: dict[TopicPartition, int] = {}
    while True:
        for _ in range(HINT_EVERY):
            try:
                await consumer.getmany(NOWHERE, timeout_ms=1000)
            except KafkaError as error:
                logger.warning("consumer-fault", reason=repr(error))
                if not error.retriable:
                    raise
            if consumer._fetcher.error_future.done():
                raise BeyondRepair("the fetcher has ended")
        known = assignment.offsets()
        if known != told and await _tell(consumer, known):
            told = known


async def _tell(consumer: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> bool:
    """Tell the broker how far we are, for tools that show the lag. Nothing depends on it."""
    if not offsets:
        return False
    try:
        async with asyncio.timeout(HINT_PATIENCE):
            await consumer.commit(offsets)
    except (KafkaError, TimeoutError) as error:
        logger.debug("hint-not-taken", reason=type(error).__name__)
        return False
    return True


async def _leave_group(consumer: AIOKafkaConsumer) -> None:
    """Leave the group; when the broker does not answer, disconnect, and the group notices by itself."""
    stopping = asyncio.create_task(consumer.stop())
    done, _ = await asyncio.wait({stopping}, timeout=PATIENCE)
    if not done:
        logger.warning("group-left-without-goodbye")
        await consumer._client.close()
        await asyncio.wait({stopping}, timeout=PATIENCE)
