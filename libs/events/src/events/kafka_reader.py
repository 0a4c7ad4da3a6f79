"""One assigned partition of Kafka, read from the position that the consumer's own database keeps."""

from collections.abc import Sequence

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    ConsumerStoppedError,
    GroupAuthorizationFailedError,
    IllegalStateError,
    OffsetOutOfRangeError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
)

from events.cloudevents import from_record
from events.delivery import BeyondRepair, PartitionLost
from events.message import Message

logger = structlog.get_logger()

NO_RIGHT = (TopicAuthorizationFailedError, GroupAuthorizationFailedError, SaslAuthenticationFailed)


class KafkaReader:
    """One assigned partition."""

    def __init__(self, consumer: AIOKafkaConsumer, place: TopicPartition, prefix: str = "") -> None:
        self.consumer, self.place = consumer, place
        self.topic, self.partition = place.topic.removeprefix(prefix), place.partition
        self._position = 0

    def seek(self, offset: int) -> None:
        """See `Reader.seek`."""
        try:
            self.consumer.seek(self.place, offset)
        except IllegalStateError as error:
            raise PartitionLost from error
        self._position = offset

    async def read(self, limit: int) -> tuple[Sequence[Message], int]:
        """See `Reader.read`."""
        while True:
            try:
                found = await self.consumer.getmany(self.place, timeout_ms=1000, max_records=limit)
            except (ConsumerStoppedError, IllegalStateError) as error:
                raise PartitionLost from error
            except NO_RIGHT as error:
                raise BeyondRepair(str(error)) from error
            except OffsetOutOfRangeError:
                await self._skip_expired()
                continue
            if records := found.get(self.place):
                messages = [from_record(self.topic, each.key, each.value, each.headers) for each in records]
                self._position = records[-1].offset + 1
                return messages, self._position

    async def _skip_expired(self) -> None:
        """Go on with the oldest message there is. A position beyond the end is a fault: nothing may be skipped there."""
        oldest = (await self.consumer.beginning_offsets([self.place]))[self.place]
        if oldest <= self._position:
            raise LookupError(f"{self.topic}/{self.partition} has no offset {self._position} any more")
        logger.error("messages-expired", topic=self.topic, partition=self.partition, lost=oldest - self._position)
        self.seek(oldest)
