"""The bus as a durable log in PostgreSQL: what stands in for Kafka on one machine, with the same guarantees."""

import asyncio
import hashlib
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from events.delivery import taking_part
from events.message import Handle, Message, Positions
from events.postgres_member import CHANNEL, Member

PARTITIONS = 4
COLUMNS = ("topic", "partition", "key", "sequence", "attributes", "data")
SESSION = {"application_name": "hearthline-bus", "idle_in_transaction_session_timeout": "60000"}


def bus_schema() -> list[str]:
    """The statements that create the log, for the owner; safe to repeat. A service needs SELECT and INSERT, no more."""
    return [
        "create schema if not exists bus",
        """
        create table if not exists bus.messages (
          position bigint generated always as identity primary key,
          topic text not null,
          partition smallint not null,
          key text not null,
          sequence bigint not null,
          attributes jsonb not null,
          data bytea not null,
          published_at timestamptz not null default now()
        )
        """,
        "create index if not exists messages_by_partition on bus.messages (topic, partition, position)",
        "create index if not exists messages_by_age on bus.messages using brin (published_at)",
    ]


async def create_schema(connection: Any) -> None:
    """Create the log through an asyncpg connection of the owner; safe to repeat."""
    for statement in bus_schema():
        await connection.execute(statement)


async def purge(connection: Any, older_than: datetime) -> int:
    """Delete, as the owner, what was published before `older_than`, and return how many messages that were.

    As with Kafka's retention, a reader that has not come that far continues with the oldest message left.
    """
    status: str = await connection.execute("delete from bus.messages where published_at < $1", older_than)
    return int(status.rpartition(" ")[2])


def lock_key(*names: str) -> int:
    """The number of the advisory lock that stands for these names."""
    digest = hashlib.sha256("/".join(("hearthline-bus", *names)).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


class PostgresBus:
    """`events.message.Bus` on one database. `handlers` bounds how many batches one consumer handles at once."""

    def __init__(self, url: str, *, handlers: int = 2) -> None:
        self.url, self.handlers = url, handlers
        self._pool: Any = None
        self._opening = asyncio.Lock()

    async def ensure_topics(self, topics: Sequence[str]) -> None:
        """Nothing to prepare: every topic has the same table and `PARTITIONS` partitions."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """See `Bus.publish`. One transaction: all messages or none. Raises what asyncpg raises, or OSError."""
        if not messages:
            return
        topics = sorted({message.topic for message in messages})
        async with (await self._opened()).acquire() as connection, connection.transaction():
            # A lock for each topic, held until the commit: commit order is position order, so no reader can skip.
            for topic in topics:
                await connection.execute("select pg_advisory_xact_lock($1)", lock_key("topic", topic))
            await connection.copy_records_to_table(
                "messages", schema_name="bus", columns=COLUMNS, records=[_row(message) for message in messages]
            )
            await connection.execute("select pg_notify($1, topic) from unnest($2::text[]) as topic", CHANNEL, topics)

    async def _opened(self) -> Any:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(self.url, min_size=0, max_size=2, server_settings=SESSION)
            return self._pool

    @asynccontextmanager
    async def consume(
        self, group: str, topics: Sequence[str], positions: Positions, handle: Handle, *, max_batch: int = 500
    ) -> AsyncIterator[None]:
        """See `Bus.consume`. One member of a group is active; another takes over at once when it leaves or dies."""
        places = [(topic, partition) for topic in topics for partition in range(PARTITIONS)]
        member = Member(
            self.url, lock_key("group", group), places, positions, handle, max_batch=max_batch, handlers=self.handlers
        )
        async with taking_part(member.run):
            yield

    async def close(self) -> None:
        """Finish what is being published and disconnect."""
        if self._pool is not None:
            await self._pool.close()


def _row(message: Message) -> tuple[str, int, str, int, str, bytes]:
    partition = zlib.crc32(message.key.encode()) % PARTITIONS
    attributes = orjson.dumps(message.attributes).decode()
    return message.topic, partition, message.key, message.sequence, attributes, message.data
