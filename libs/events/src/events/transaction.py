"""One database transaction of a service that holds its append lock: load, decide, append, read models, effects."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from events.decider import Decider
from events.event import Event
from events.recorded import Context, Recorded

if TYPE_CHECKING:
    from events.runtime import Runtime


@dataclass
class Transaction:
    """Everything done through it commits together or not at all. Since it holds the lock, nothing can conflict."""

    connection: Any
    runtime: "Runtime"
    now: datetime

    async def load(self, stream: str) -> list[Recorded[Event]]:
        """The events of one stream; private values stay sealed."""
        return (await self.runtime.log.read(self.connection, [stream]))[stream]

    async def execute(self, decider: Decider[Any, Any, Any], key: UUID, command: Any, context: Context) -> list[Event]:
        """Let `decider` decide on the stream of `key`, and append what it decided. Raises Rejected."""
        stream = decider.stream(key)
        history = await self.load(stream)
        events = decider.decide(command, decider.fold(fact.event for fact in history))
        await self.append(stream, len(history), events, context)
        return events

    async def append(self, stream: str, after: int, events: Sequence[Event], context: Context) -> list[Recorded[Event]]:
        """Append `events` after version `after` of `stream`, which the caller has read in this transaction."""
        if not events:
            return []
        sealed = await self.runtime.vault.seal(self.connection, events)
        ids = [self.runtime.ids() for _ in sealed]
        return await self.runtime.log.append(
            self.connection, self.runtime.log.draft(stream, after, sealed, ids, context)
        )


@asynccontextmanager
async def transaction(runtime: "Runtime") -> AsyncIterator[Transaction]:
    """Open a transaction that holds the append lock of the service; commits at the end, rolls back on an exception."""
    async with runtime.pool.acquire() as connection:
        await connection.execute(runtime.log.begin)
        try:
            yield Transaction(connection, runtime, runtime.clock.now())
            await connection.execute(runtime.log.commit)
        except BaseException:
            if not connection.is_closed():
                await connection.execute("rollback")
            raise
