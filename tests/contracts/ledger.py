"""A consumer's own database in small: effect and position change together, by compare and set, or not at all."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from events.message import Batch, Message

Before = Callable[[Batch], Awaitable[None]]


class PositionMoved(Exception):
    """Another member has handled this batch."""


class Ledger:
    """Keeps the positions of one group and the messages that took effect, in the order in which they did."""

    def __init__(self) -> None:
        self.positions: dict[tuple[str, int], int] = defaultdict(int)
        self.effects: list[Message] = []
        self.changed = asyncio.Event()

    async def next_offset(self, topic: str, partition: int) -> int:
        """See `events.message.Positions`."""
        return self.positions[topic, partition]

    async def handle(self, batch: Batch) -> None:
        """Take effect. Raises PositionMoved when the batch does not begin at the position."""
        place = batch.topic, batch.partition
        if self.positions[place] != batch.offset:
            raise PositionMoved(f"{place} is at {self.positions[place]}, not at {batch.offset}")
        self.positions[place] = batch.next_offset
        self.effects.extend(batch.messages)
        self.changed.set()

    def after(self, before: Before) -> Callable[[Batch], Awaitable[None]]:
        """A handler that first awaits `before`."""

        async def handle(batch: Batch) -> None:
            await before(batch)
            await self.handle(batch)

        return handle

    async def reached(self, count: int, within: float = 30.0) -> list[Message]:
        """The effects as soon as there are `count` of them."""
        try:
            async with asyncio.timeout(within):
                while len(self.effects) < count:
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            raise AssertionError(f"{len(self.effects)} of {count} messages after {within} s") from None
        return self.effects

    def sequences(self) -> dict[str, list[int]]:
        """The sequences that took effect, by key, in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for message in self.effects:
            found[message.key].append(message.sequence)
        return dict(found)


def messages(topic: str, keys: Sequence[str], count: int, first: int = 1, size: int = 2) -> list[Message]:
    """`count` messages, the keys in turn, the sequences rising from `first`."""
    return [message(topic, keys[number % len(keys)], first + number, b"x" * size) for number in range(count)]


def message(topic: str, key: str, sequence: int, data: bytes = b"{}") -> Message:
    """A message as a relay would send it."""
    attributes = {
        "id": f"{topic}-{key}-{sequence}",
        "source": "/hearthline/test",
        "specversion": "1.0",
        "type": "test.ReportScreened.v1",
        "subject": key,
        "time": "2026-03-02T15:00:00+00:00",
        "datacontenttype": "application/json",
    }
    return Message(topic, key, sequence, data, attributes)
