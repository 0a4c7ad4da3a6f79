"""Consuming: effect and position commit together; what cannot be handled parks its key only, with the reason, in order."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import structlog

from events.faults import transient
from events.ids import derived
from events.message import Batch, Message
from events.reaction import Received, Subscription
from events.recorded import Context
from events.transaction import Transaction, transaction

if TYPE_CHECKING:
    from events.runtime import Runtime

logger = structlog.get_logger()

PARK = """
insert into parked (topic, key, sequence, attributes, data, reason, parked_at)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
"""
PARKED_KEYS = "select distinct key from parked where topic = $1 and key = any($2::text[]) and state = 'parked'"
ADVANCE = """
insert into positions (topic, partition, next_offset, sequence) values ($1, $2, $3, $4)
on conflict (topic, partition) do update set next_offset = excluded.next_offset, sequence = excluded.sequence
"""


class PositionMoved(Exception):
    """Another member of the group has handled this batch: the partition is no longer ours."""


class Consumer:
    """The consuming side of one service: its subscriptions by topic, its positions, its parked keys."""

    def __init__(self, runtime: "Runtime", subscriptions: Sequence[Subscription]) -> None:
        self.runtime = runtime
        self.by_topic: dict[str, list[Subscription]] = {}
        for subscription in subscriptions:
            self.by_topic.setdefault(subscription.topic, []).append(subscription)

    async def next_offset(self, topic: str, partition: int) -> int:
        row = await self.runtime.pool.fetchrow(
            "select next_offset from positions where topic = $1 and partition = $2", topic, partition
        )
        return int(row["next_offset"]) if row else 0

    async def handle(self, batch: Batch) -> None:
        """Take effect of a batch together with its position. A fault of one message parks that message's key only."""
        try:
            await self._take(batch, alone=False)
        except PositionMoved:
            raise
        except Exception as error:
            if transient(error):
                raise
            logger.warning("batch-taken-one-by-one", topic=batch.topic, reason=type(error).__name__)
            await self._take(batch, alone=True)

    async def _take(self, batch: Batch, *, alone: bool) -> None:
        async with transaction(self.runtime) as tx:
            row = await tx.connection.fetchrow(
                "select next_offset, sequence from positions where topic = $1 and partition = $2 for update",
                batch.topic,
                batch.partition,
            )
            expected, seen = (row["next_offset"], row["sequence"]) if row else (0, -1)
            if expected != batch.offset:
                raise PositionMoved(f"{batch.topic}/{batch.partition} is at {expected}, not at {batch.offset}")
            new = _unseen(batch.messages, seen)
            ready = await self._hold_back(tx, batch.topic, new)
            for group in [[message] for message in ready] if alone else [ready]:
                await self._effect(tx, group, may_park=alone)
            last = new[-1].sequence if new else seen
            await tx.connection.execute(ADVANCE, batch.topic, batch.partition, batch.next_offset, last)
        self.runtime.metrics.consumed(batch.topic, self.runtime.clock.now(), new)

    async def _hold_back(self, tx: Transaction, topic: str, messages: list[Message]) -> list[Message]:
        """Park the messages whose key is already parked; return the others."""
        if not messages:
            return []
        rows = await tx.connection.fetch(PARKED_KEYS, topic, list({message.key for message in messages}))
        held = {row["key"] for row in rows}
        for message in messages:
            if message.key in held:
                await self._park(tx, message, "an earlier message of this key is parked")
        return [message for message in messages if message.key not in held]

    async def _effect(self, tx: Transaction, messages: list[Message], *, may_park: bool) -> None:
        if not may_park:
            await self.take_effect(tx, messages)
            return
        (message,) = messages
        held = await tx.connection.fetch(PARKED_KEYS, message.topic, [message.key])
        if held:
            await self._park(tx, message, "an earlier message of this key is parked")
            return
        await tx.connection.execute("savepoint one")
        try:
            await self.take_effect(tx, messages)
        except Exception as error:
            if transient(error):
                raise
            await tx.connection.execute("rollback to savepoint one")
            await self._park(tx, message, reason(error))
        await tx.connection.execute("release savepoint one")

    async def _park(self, tx: Transaction, message: Message, why: str) -> None:
        logger.warning(
            "parked", topic=message.topic, key=message.key, message_id=message.attributes.get("id"), reason=why
        )
        await tx.connection.execute(
            PARK,
            message.topic,
            message.key,
            message.sequence,
            dict(message.attributes),
            _as_text(message.data),
            why,
            tx.now,
        )

    async def take_effect(self, tx: Transaction, messages: Sequence[Message]) -> None:
        """The reactions and handlers of every message, in order."""
        if not messages:
            return
        for subscription in self.by_topic[messages[0].topic]:
            received = [fact for message in messages if (fact := subscription.received(message)) is not None]
            if subscription.handle and received:
                with self.runtime.tracer.follow(received[0].traceparent, f"handle {subscription.topic}"):
                    await subscription.handle(tx, received)
            if subscription.react:
                for fact in received:
                    await self._react(tx, subscription, fact)

    async def _react(self, tx: Transaction, subscription: Subscription, fact: Received) -> None:
        assert subscription.react is not None
        with self.runtime.tracer.follow(fact.traceparent, f"react {fact.event.event_type}") as traceparent:
            context = reaction_context(self.runtime.service.name, tx, fact, traceparent)
            for wish in subscription.react(fact):
                await tx.execute(wish.decider, wish.key, wish.command, context)

    async def run(self) -> None:
        """Consume until cancelled; then finish the batch at hand and leave the group."""
        topics = list(self.by_topic)
        if not topics:
            return
        await self.runtime.bus.ensure_topics(topics)
        async with self.runtime.bus.consume(self.runtime.service.name, topics, self, self.handle):
            await asyncio.Event().wait()


def reaction_context(name: str, tx: Transaction, fact: Received, traceparent: str | None = None) -> Context:
    """The envelope of what a service records because of another service's fact."""
    return Context(name, tx.now, fact.occurred_at, fact.correlation_id, fact.id, traceparent or fact.traceparent)


def reason(error: Exception) -> str:
    """Why a message is parked, in one line and without any value of its content."""
    code = getattr(error, "code", "")
    if not code and hasattr(error, "errors"):
        code = "; ".join(".".join(map(str, each["loc"])) + ": " + each["type"] for each in error.errors())
    return f"{type(error).__name__}: {code}".rstrip(": ")


def message_id(event_id: Any, number: int) -> str:
    """The id of the nth public event that one stored event announces."""
    return str(event_id if number == 0 else derived(event_id, number))


def _as_text(data: bytes) -> str:
    """The content as PostgreSQL can keep it, whatever bytes a stranger sent."""
    return data.decode(errors="backslashreplace").replace("\0", "\\0")


def _unseen(messages: Sequence[Message], seen: int) -> list[Message]:
    """The messages beyond the highest sequence seen: what the relay repeated after a crash is left out.

    Two relays that overlap both send in order from a position already seen, so the first copy of each comes in order.
    """
    new = []
    for message in messages:
        if message.sequence > seen:
            new.append(message)
            seen = message.sequence
    return new
