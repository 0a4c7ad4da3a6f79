"""Publishing: the log is the outbox. The relay reads it by position and sends what each event announced, in order."""

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import structlog

from events.consumer import message_id
from events.message import Message

if TYPE_CHECKING:
    from events.runtime import Runtime

logger = structlog.get_logger()

NEXT = """
select position, id, occurred_at, recorded_at, meta, announced from events
where position > $1 order by position limit $2
"""
TAKE_LEASE = "select pg_try_advisory_lock($1)"
MOST_PER_EVENT = 1000
STAND_BY = 0.5


def messages(source: str, row: Any) -> list[Message]:
    """The messages of one stored event, as CloudEvents."""
    meta = row["meta"]
    shared = {
        "source": f"/hearthline/{source}",
        "specversion": "1.0",
        "time": row["occurred_at"].isoformat(),
        "recordedat": row["recorded_at"].isoformat(),
        "correlationid": meta["correlation"],
        "datacontenttype": "application/json",
    }
    if "causation" in meta:
        shared["causationid"] = meta["causation"]
    if "traceparent" in meta:
        shared["traceparent"] = meta["traceparent"]
    return [
        Message(
            source,
            key,
            row["position"] * MOST_PER_EVENT + number,
            orjson.dumps(data),
            shared | {"id": message_id(row["id"], number), "type": kind, "subject": key},
        )
        for number, (kind, key, data) in enumerate(row["announced"])
    ]


class Relay:
    """Sends the announcements of one service. One relay at a time holds the lease; a repeat after a crash is recognised."""

    def __init__(self, runtime: "Runtime", batch: int = 2000) -> None:
        self.runtime, self.batch = runtime, batch
        self.position = 0

    async def run_once(self, connection: Any) -> int:
        """Send what the next events announce. Returns how many events were passed; 0 when the relay has caught up."""
        rows = await connection.fetch(NEXT, self.position, self.batch)
        if not rows:
            return 0
        announced = [row for row in rows if row["announced"]]
        if announced:
            name = self.runtime.service.name
            await self.runtime.bus.publish([message for row in announced for message in messages(name, row)])
        self.position = rows[-1]["position"]
        await connection.execute("update relayed set position = $1", self.position)
        self.runtime.metrics.relayed(self.runtime.clock.now(), announced)
        return len(rows)

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
