"""One writer per service process: what commands want to append is coalesced into one transaction per round.

A conflict, a rejection or a fault fails its own command only: when a round fails as a whole, each command is tried alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from events.decider import Rejected
from events.event import Event
from events.faults import transient
from events.log import Conflict, Draft, Log
from events.recorded import Recorded

REMEMBER = """
insert into idempotency (actor, key, fingerprint, answer, recorded_at)
select actor, key, fingerprint, answer::jsonb, recorded_at
from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[])
  as asked(actor, key, fingerprint, answer, recorded_at)
on conflict do nothing returning actor, key
"""
REMEMBERED = "select fingerprint, answer from idempotency where actor = $1 and key = $2"


class AlreadyAnswered(Exception):
    """This idempotency key has an answer: the command took effect before."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The key under which a caller may repeat a command for ever, with a keyed digest of its content."""

    actor: str
    key: str
    fingerprint: bytes


@dataclass(eq=False, slots=True)
class Intent:
    """What one command wants: these drafts after this version of this stream, and this answer to be remembered."""

    stream: str
    expected: int
    drafts: Sequence[Draft]
    at: datetime
    done: "asyncio.Future[list[Recorded[Event]]]"
    idempotency: Idempotency | None = None
    answer: dict[str, Any] | None = None


class Writer:
    """Takes intents from any number of tasks and commits them in rounds."""

    def __init__(self, log: Log, pool: Any, largest: int = 256) -> None:
        self.log, self.pool, self.largest = log, pool, largest
        self.waiting: list[Intent] = []
        self.wake = asyncio.Event()
        self.closing = False
        self.task: asyncio.Task[None] | None = None

    async def submit(self, intent: Intent) -> list[Recorded[Event]]:
        """Wait until the intent is committed. Raises Conflict, AlreadyAnswered, or what went wrong with it."""
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._run(), name=f"{self.log.name}-writer")
        self.waiting.append(intent)
        self.wake.set()
        return await intent.done

    async def close(self) -> None:
        """Commit what waits, then stop."""
        self.closing = True
        self.wake.set()
        if self.task:
            await asyncio.gather(self.task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self.wake.wait()
            self.wake.clear()
            while self.waiting:
                await self._commit(self._round())
            if self.closing:
                return

    def _round(self) -> list[Intent]:
        """At most one intent per stream and per idempotency key, in order of arrival; the others wait for the next round."""
        taken: list[Intent] = []
        left: list[Intent] = []
        busy: set[Any] = set()
        for intent in self.waiting:
            names = {intent.stream} | (
                {(intent.idempotency.actor, intent.idempotency.key)} if intent.idempotency else set()
            )
            if len(taken) < self.largest and busy.isdisjoint(names):
                taken.append(intent)
            else:
                left.append(intent)
            busy |= names
        self.waiting[:] = left
        return taken

    async def _commit(self, intents: list[Intent]) -> None:
        try:
            async with self.pool.acquire() as connection:
                await self._in_one_transaction(connection, intents)
        except BaseException as error:
            # When the connection broke, the commit may have succeeded: to decide again could do the same thing twice.
            if isinstance(error, asyncio.CancelledError) or len(intents) == 1 or transient(error):
                for intent in intents:
                    _fail(intent, error)
                if not isinstance(error, Exception):
                    raise
                return
            for intent in intents:
                if not intent.done.done():
                    await self._commit([intent])

    async def _in_one_transaction(self, connection: Any, intents: list[Intent]) -> None:
        await connection.execute(self.log.begin)
        try:
            refused, fresh = await self._sort(connection, intents)
            stored = await self.log.append(connection, [draft for intent in fresh for draft in intent.drafts])
            await connection.execute(self.log.commit)
        except BaseException:
            if not connection.is_closed():
                await connection.execute("rollback")
            raise
        for intent, error in refused:
            _fail(intent, error)
        place = 0
        for intent in fresh:
            if not intent.done.done():
                intent.done.set_result(stored[place : place + len(intent.drafts)])
            place += len(intent.drafts)

    async def _sort(
        self, connection: Any, intents: list[Intent]
    ) -> tuple[list[tuple[Intent, Exception]], list[Intent]]:
        """Which intents are refused, and why, and which may be appended."""
        versions = await self.log.versions(connection, [intent.stream for intent in intents])
        refused: list[tuple[Intent, Exception]] = []
        fresh: list[Intent] = []
        for intent in intents:
            if versions[intent.stream] == intent.expected:
                fresh.append(intent)
            else:
                refused.append((intent, Conflict(intent.stream)))
        keyed = [(intent, intent.idempotency) for intent in fresh if intent.idempotency]
        if not keyed:
            return refused, fresh
        rows = await connection.fetch(
            REMEMBER,
            [key.actor for _, key in keyed],
            [key.key for _, key in keyed],
            [key.fingerprint for _, key in keyed],
            [orjson.dumps(intent.answer).decode() for intent, _ in keyed],
            [intent.at for intent, _ in keyed],
        )
        new = {(row["actor"], row["key"]) for row in rows}
        repeated = {intent for intent, key in keyed if (key.actor, key.key) not in new}
        refused += [(intent, AlreadyAnswered()) for intent in repeated]
        return refused, [intent for intent in fresh if intent not in repeated]


def _fail(intent: Intent, error: BaseException) -> None:
    if not intent.done.done():
        intent.done.set_exception(error)


async def remembered(connection: Any, asked: Idempotency) -> dict[str, Any] | None:
    """The answer that was given under this key, None for a new key. Raises Rejected when the content differs."""
    row = await connection.fetchrow(REMEMBERED, asked.actor, asked.key)
    if row is None:
        return None
    if row["fingerprint"] != asked.fingerprint:
        raise Rejected(
            "idempotency-key-reused",
            "this Idempotency-Key was used for another request",
            field="Idempotency-Key",
            source="Idempotency-Key",
            status=422,
        )
    answer: dict[str, Any] = row["answer"]
    return answer
