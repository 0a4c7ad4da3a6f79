"""Publishing to Kafka: one idempotent producer, whole batches per partition, each sent after the one before it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
)

from events.cloudevents import to_headers
from events.kafka_partition import partitions_of
from events.message import Message

logger = structlog.get_logger()

BATCH_BYTES = 512 * 1024
PERMANENT = (
    ClusterAuthorizationFailedError,
    InvalidTopicError,
    MessageSizeTooLargeError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
)


class NotPublished(ConnectionError):
    """Some messages may not be durable. Publish all of them again: readers recognise what comes twice."""


class KafkaPublisher:
    """Owns the producer; after a failure the next publish begins with a new one."""

    def __init__(self, connection: dict[str, Any], timeout: float, prefix: str = "") -> None:
        self.connection, self.timeout, self.prefix = connection, timeout, prefix
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._under_way: set[asyncio.Task[None]] = set()
        self._limits: dict[asyncio.Timeout, AIOKafkaProducer] = {}
        self._closed = False

    async def publish(self, messages: Sequence[Message]) -> None:
        """Returns when all messages are durable. Raises NotPublished, or a KafkaError that no repetition mends."""
        if self._closed:
            raise NotPublished(f"{len(messages)} messages: the bus is closed")
        if messages:
            task = asyncio.create_task(self._publish(messages))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            await task

    async def _publish(self, messages: Sequence[Message]) -> None:
        producer: AIOKafkaProducer | None = None
        try:
            async with asyncio.timeout(self.timeout) as limit:
                producer = await self._started()
                self._limits[limit] = producer
                try:
                    await self._send(producer, messages)
                finally:
                    del self._limits[limit]
        except PERMANENT:
            await self._abandon(producer)
            raise
        except (KafkaError, OSError) as error:
            await self._abandon(producer)
            raise NotPublished(f"{len(messages)} messages: {type(error).__name__}") from error

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    enable_idempotence=True,
                    max_batch_size=BATCH_BYTES,
                    request_timeout_ms=int(self.timeout * 500),
                    **self.connection,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer

    async def _send(self, producer: AIOKafkaProducer, messages: Sequence[Message]) -> None:
        batches = await _batches(producer, messages, self.prefix)
        sent = [_in_order(producer, *place, parts) for place, parts in batches.items()]
        # All are awaited before the first fault is raised: a later publish must not overtake what is still under way.
        for result in await asyncio.gather(*sent, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result

    async def _abandon(self, producer: Any) -> None:
        if producer is not None and self._producer is producer:
            self._producer = None
            logger.warning("producer-abandoned")
            # What others were sending through it can never be acknowledged: their time is up as well.
            now = asyncio.get_running_loop().time()
            for limit in [limit for limit, used in self._limits.items() if used is producer and not limit.expired()]:
                limit.reschedule(now)
            await _disconnect(producer)

    async def close(self) -> None:
        """Finish what is under way, each publish within its time, and disconnect."""
        self._closed = True
        if self._under_way:
            await asyncio.wait(self._under_way)
        if self._producer is not None:
            producer, self._producer = self._producer, None
            stopping = asyncio.create_task(producer.stop())
            done, _ = await asyncio.wait({stopping}, timeout=self.timeout)
            if not done:
                stopping.cancel()
                await _disconnect(producer)


async def _disconnect(producer: Any) -> None:
    """Stop a producer that cannot finish: an idempotent one retries for ever, so its connections go first."""
    await producer.client.close()
    try:
        async with asyncio.timeout(1):
            await producer._sender.close()
    except (TimeoutError, KafkaError) as error:
        logger.warning("producer-stopped-hard", reason=type(error).__name__)
    await producer.client.close()  # the sender may have connected once more meanwhile
    producer._closed = True


async def _batches(
    producer: AIOKafkaProducer, messages: Sequence[Message], prefix: str
) -> dict[tuple[str, int], list[Any]]:
    keys: dict[str, set[str]] = defaultdict(set)
    for message in messages:
        keys[message.topic].add(message.key)
    batches: dict[tuple[str, int], list[Any]] = defaultdict(list)
    places: dict[str, dict[str, list[Any]]] = {}
    for topic, found in keys.items():
        name = f"{prefix}{topic}"
        partitions = partitions_of(found, len(await producer.partitions_for(name)))
        places[topic] = {key: batches[name, partition] for key, partition in partitions.items()}
    for message in messages:
        parts = places[message.topic][message.key]
        key = message.key.encode()
        headers = to_headers(message, key)
        if not parts or parts[-1].append(key=key, value=message.data, timestamp=None, headers=headers) is None:
            parts.append(producer.create_batch())
            parts[-1].append(key=key, value=message.data, timestamp=None, headers=headers)
    return batches


async def _in_order(producer: AIOKafkaProducer, topic: str, partition: int, parts: list[Any]) -> None:
    for part in parts:
        await (await producer.send_batch(part, topic, partition=partition))
