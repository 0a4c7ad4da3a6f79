"""Messages that could not be handled: list them, repair them, replay them in order, one key at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from events.consumer import reason
from events.message import Message

if TYPE_CHECKING:
    from events.runtime import Runtime

LIST = """
select id, topic, key, sequence, attributes, data, reason, parked_at, attempts, original is not null as repaired
from parked where state = 'parked' and ($1::text is null or key = $1) order by topic, key, sequence
"""
STILL = "select true from parked where id = $1 and state = 'parked' and data = $2"


@dataclass(frozen=True)
class Parked:
    """One message that waits, with the reason; later messages of its key wait behind it."""

    id: int
    topic: str
    key: str
    sequence: int
    attributes: dict[str, str]
    data: str
    reason: str
    parked_at: datetime
    attempts: int
    repaired: bool

    @property
    def message(self) -> Message:
        return Message(self.topic, self.key, self.sequence, self.data.encode(), self.attributes)


class NotParked(LookupError):
    """There is no parked message of this id."""


async def waiting(pool: Any, key: str | None = None) -> list[Parked]:
    """What is parked, in the order in which it will be replayed."""
    return [Parked(**dict(row)) for row in await pool.fetch(LIST, key)]


async def repair(pool: Any, id: int, data: str, by: str, now: datetime) -> None:
    """Replace the content of a parked message; the original stays on record. Raises NotParked, ValueError."""
    orjson.loads(data)
    done = await pool.execute(
        "update parked set original = coalesce(original, data), data = $2, settled_by = $3, settled_at = $4"
        " where id = $1 and state = 'parked'",
        id,
        data,
        by,
        now,
    )
    if done != "UPDATE 1":
        raise NotParked(f"nothing is parked under {id}")


async def discard(pool: Any, id: int, by: str, now: datetime) -> None:
    """Give a message up, on record. Raises NotParked."""
    done = await pool.execute(
        "update parked set state = 'discarded', settled_by = $2, settled_at = $3 where id = $1 and state = 'parked'",
        id,
        by,
        now,
    )
    if done != "UPDATE 1":
        raise NotParked(f"nothing is parked under {id}")


async def replay(runtime: "Runtime", by: str, key: str | None = None) -> tuple[int, Sequence[Parked]]:
    """Replay what is parked, in order per key; a key stops at its first failure. Returns how many, and what still waits."""
    stuck: set[tuple[str, str]] = set()
    replayed = 0
    for parked in await waiting(runtime.pool, key):
        if (parked.topic, parked.key) in stuck:
            continue
        try:
            async with runtime.transaction() as tx:
                if not await tx.connection.fetchval(STILL, parked.id, parked.data):
                    continue  # somebody else has settled or repaired it meanwhile
                await runtime.consumer.take_effect(tx, [parked.message])
                await tx.connection.execute(
                    "update parked set state = 'replayed', settled_by = $2, settled_at = $3 where id = $1",
                    parked.id,
                    by,
                    tx.now,
                )
            replayed += 1
        except Exception as error:
            stuck.add((parked.topic, parked.key))
            await runtime.pool.execute(
                "update parked set attempts = attempts + 1, reason = $2 where id = $1", parked.id, reason(error)
            )
    return replayed, await waiting(runtime.pool, key)
