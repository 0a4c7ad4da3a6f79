"""One member of a consumer group on the log in PostgreSQL: a session lock makes it the active one."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson
import structlog

from events.delivery import BeyondRepair, Delivery, PartitionLost, stop
from events.message import Handle, Message, Positions

logger = structlog.get_logger()

CHANNEL = "hearthline_bus"
POLL = 1.0
LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError, OSError)
SESSION = {
    "application_name": "hearthline-bus-member",
    # A member whose machine vanished is noticed in half a minute, not in two hours.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    # Waiting for the lock holds a snapshot; letting go of it now and then lets the vacuum do its work.
    "lock_timeout": "10s",
}
READ = """
select position, key, sequence, attributes::text as attributes, data from bus.messages
where topic = $1 and partition = $2 and position >= $3 order by position limit $4
"""
Place = tuple[str, int]


class PostgresReader:
    """One partition, read through the connection that holds the group's lock: who can read is still the active one."""

    def __init__(self, connection: Any, one_at_a_time: asyncio.Lock, place: Place) -> None:
        self.connection, self.one_at_a_time = connection, one_at_a_time
        self.topic, self.partition = place
        self.more = asyncio.Event()
        self._position = 0

    def seek(self, offset: int) -> None:
        """See `Reader.seek`."""
        self._position = offset

    async def read(self, limit: int) -> tuple[Sequence[Message], int]:
        """See `Reader.read`."""
        while True:
            self.more.clear()
            if rows := await self._fetch(limit):
                self._position = rows[-1]["position"] + 1
                return [self._message(row) for row in rows], self._position
            await self.more.wait()

    async def _fetch(self, limit: int) -> list[Any]:
        try:
            async with self.one_at_a_time:
                found: list[Any] = await self.connection.fetch(READ, self.topic, self.partition, self._position, limit)
        except LOST as error:
            raise PartitionLost from error
        except asyncpg.PostgresError as error:
            raise BeyondRepair from error
        return found

    def _message(self, row: Any) -> Message:
        return Message(self.topic, row["key"], row["sequence"], row["data"], orjson.loads(row["attributes"]))


class Member:
    """Waits for the group's lock, then delivers all partitions until it leaves or loses its connection; and again."""

    def __init__(
        self,
        url: str,
        lock: int,
        places: Sequence[Place],
        positions: Positions,
        handle: Handle,
        *,
        max_batch: int,
        handlers: int,
    ) -> None:
        self.url, self.lock, self.places = url, lock, places
        self.positions, self.handle, self.max_batch = positions, handle, max_batch
        self.turn = asyncio.Semaphore(handlers)

    async def run(self, tasks: asyncio.TaskGroup) -> None:
        """Take part until cancelled; deliveries run in `tasks`."""
        while True:
            try:
                await self._take_part(tasks)
            except LOST as error:
                logger.warning("member-disconnected", reason=type(error).__name__)
                await asyncio.sleep(POLL / 2)

    async def _take_part(self, tasks: asyncio.TaskGroup) -> None:
        connection = await asyncpg.connect(self.url, server_settings=SESSION)
        try:
            await self._become_active(connection)
            await self._deliver(connection, tasks)
        finally:
            # Closing the session gives the lock to whoever waits for it.
            await _close(connection)

    async def _become_active(self, connection: Any) -> None:
        while True:
            try:
                await connection.execute("select pg_advisory_lock($1)", self.lock)
                return
            except asyncpg.LockNotAvailableError:
                logger.debug("standing-by")

    async def _deliver(self, connection: Any, tasks: asyncio.TaskGroup) -> None:
        one_at_a_time = asyncio.Lock()
        readers = [PostgresReader(connection, one_at_a_time, place) for place in self.places]
        deliveries = [Delivery(each, self.positions, self.handle, self.max_batch, self.turn) for each in readers]
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, lambda *heard: _wake(readers, heard[-1]))
        try:
            for delivery in deliveries:
                delivery.start(tasks)
            await self._poll(connection, one_at_a_time, readers, lost)
        finally:
            await stop(deliveries)

    async def _poll(
        self, connection: Any, one_at_a_time: asyncio.Lock, readers: list[PostgresReader], lost: asyncio.Event
    ) -> None:
        """Notifications wake the readers; this is for the one that got lost. Raises OSError when the connection is gone."""
        newest = None
        while True:
            try:
                async with asyncio.timeout(POLL):
                    await lost.wait()
            except TimeoutError:
                async with one_at_a_time:
                    position = await connection.fetchval("select max(position) from bus.messages")
                if position != newest:
                    newest = position
                    _wake(readers)
            else:
                raise ConnectionResetError("the database has closed the connection")


def _wake(readers: Sequence[PostgresReader], topic: str | None = None) -> None:
    for reader in readers:
        if topic in (None, reader.topic):
            reader.more.set()


async def _close(connection: Any) -> None:
    try:
        await connection.close(timeout=5)
    except (*LOST, TimeoutError):
        connection.terminate()
