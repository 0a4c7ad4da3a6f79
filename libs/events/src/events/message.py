"""What travels on the bus: one public event as a CloudEvent, and the `Bus` that both adapters implement."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Message(NamedTuple):
    """A public event in transit, CloudEvents 1.0: `attributes` are the context attributes without the `ce_` prefix.

    `key` is the subject: all messages of one key of a topic keep their order. `sequence` is the position in the
    producing service's log; within one topic and key it only grows, so a repeat is recognised by it.
    """

    topic: str
    key: str
    sequence: int
    data: bytes
    attributes: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.attributes["id"]

    @property
    def type(self) -> str:
        return self.attributes["type"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of one partition in order. `offset` is where the batch begins, `next_offset` where the next one will."""

    topic: str
    partition: int
    offset: int
    next_offset: int
    messages: Sequence[Message]


class Positions(Protocol):
    """Where a consumer group continues: kept by the consumer's own database, not by the bus."""

    async def next_offset(self, topic: str, partition: int) -> int:
        """The first offset that has not taken effect yet; 0 at the beginning."""
        ...


Handle = Callable[[Batch], Awaitable[None]]


class Bus(Protocol):
    """At-least-once delivery, in order per key. Two adapters: Kafka, and a durable log in PostgreSQL."""

    async def ensure_topics(self, topics: Sequence[str]) -> None:
        """Create the topics that do not exist, with the stated number of partitions."""
        ...

    async def publish(self, messages: Sequence[Message]) -> None:
        """Returns when all messages are durable, in the order given per key; raises when any may not be."""
        ...

    def consume(
        self, group: str, topics: Sequence[str], positions: Positions, handle: Handle, *, max_batch: int = 500
    ) -> AbstractAsyncContextManager[None]:
        """Deliver batches to `handle` while the context is open, in order per partition, from `positions` on.

        `handle` commits the effect and the position together. When it raises, the same batch comes again after a pause.
        Leaving the context finishes the batch at hand and gives the partitions to the other members of the group.
        """
        ...

    async def close(self) -> None:
        """Release connections. Nothing accepted by `publish` is lost."""
        ...
