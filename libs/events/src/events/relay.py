"""Publishing: the log is the outbox. The relay reads it by position and sends what each event announced, in order."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import structlog

from events.announcement import announcements
from events.consumer import message_id
from events.message import Message

if TYPE_CHECKING:
    from events.runtime import Runtime

logger = structlog.get_logger()

# Times and meta come as text: what is only passed on needs no objects.
NEXT = """
select position, id, to_json(occurred_at at time zone 'UTC')::text, to_json(recorded_at at time zone 'UTC')::text,
       meta::text, announced
from events where position > $1 order by position limit $2
"""
TAKE_LEASE = "select pg_try_advisory_lock($1)"
MOST_PER_EVENT = 1000
STAND_BY = 0.5


def messages(service: str, rows: Iterable[Any]) -> list[Message]:
    """What the rows of `NEXT` announce, as CloudEvents."""
    source = f"/hearthline/{service}"
    found = []
    for position, id, occurred_at, recorded_at, meta, announced in rows:
        if announced is None:
            continue
        known = orjson.loads(meta)
        shared = {
            "source": source,
            "specversion": "1.0",
            "time": occurred_at[1:-1] + "+00:00",
            "recordedat": recorded_at[1:-1] + "+00:00",
            "correlationid": known["correlation"],
            "datacontenttype": "application/json",
        }
        if "causation" in known:
            shared["causationid"] = known["causation"]
        if "traceparent" in known:
            shared["traceparent"] = known["traceparent"]
        for number, (kind, key, data) in enumerate(announcements(announced)):
            attributes = {**shared, "id": message_id(id, number), "type": kind, "subject": key}
            found.append(Message(service, key, position * MOST_PER_EVENT + number, data.encode(), attributes))
    return found


@dataclass(frozen=True, slots=True)
class Portion:
    """The next events of the log after a position: how many, where they end, and what they announce."""

    after: int
    last: int
    events: int
    messages: list[Message]


class Relay:
    """Sends the announcements of one service. One relay at a time holds the lease; a repeat after a crash is recognised."""

    def __init__(self, runtime: "Runtime", batch: int = 2000) -> None:
        self.runtime, self.batch = runtime, batch
        self.position = 0
        self._ahead: Portion | None = None

    async def run_once(self, connection: Any) -> int:
        """Send what the next events announce. Returns how many events were passed; 0 when the relay has caught up."""
        portion, self._ahead = self._ahead, None
        if portion is None or portion.after != self.position:
            portion = await self._read(connection, self.position)
        if not portion.events:
            return 0
        try:
            async with asyncio.TaskGroup() as group:
                if portion.events == self.batch:  # there may be more: it is read while this is sent
                    reading = group.create_task(self._read(connection, portion.last))
                group.create_task(self.runtime.bus.publish(portion.messages))
        except ExceptionGroup as group_error:
            raise group_error.exceptions[0] from None
        if portion.events == self.batch:
            self._ahead = reading.result()
        self.position = portion.last
        await connection.execute("update relayed set position = $1", self.position)
        self.runtime.metrics.relayed(self.runtime.clock.now(), portion.messages)
        return portion.events

    async def _read(self, connection: Any, after: int) -> Portion:
        rows = await connection.fetch(NEXT, after, self.batch)
        last = rows[-1]["position"] if rows else after
        return Portion(after, last, len(rows), messages(self.runtime.service.name, rows))

    async def run(self) -> None:
        """Relay until cancelled: woken by the writer, at the latest every second; starts over when a connection breaks."""
        await self.runtime.bus.ensure_topics([self.runtime.service.name])
        while True:
            try:
                await self._with_lease()
            except Exception as error:  # nothing is skipped: the same batch is sent again
                logger.warning("relay-interrupted", reason=type(error).__name__)
                await asyncio.sleep(0.5)

    async def _with_lease(self) -> None:
        async with self.runtime.listening() as (connection, wake):
            # Asked again and again, because a statement that waits would hold back the vacuum of the whole database.
            while not await connection.fetchval(TAKE_LEASE, self.runtime.log.lock + 1):  # noqa: ASYNC110
                await asyncio.sleep(STAND_BY)
            try:
                self.position = await connection.fetchval("select position from relayed")
                while True:
                    if await self.run_once(connection) == 0:
                        await wake(1.0)
            finally:
                if not connection.is_closed():
                    await connection.execute("select pg_advisory_unlock($1)", self.runtime.log.lock + 1)
