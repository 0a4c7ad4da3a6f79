"""One writer per service process: what commands want to append is coalesced into one transaction per round.

A conflict, a rejection or a fault fails its own command only: when a round fails as a whole, each command is tried alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import orjson

from events import read_model
from events.decider import Rejected
from events.event import Event
from events.faults import transient
from events.log import Conflict, Draft, Log
from events.recorded import Recorded

# A statement of its own after the one that took the lock, so that it sees whatever was committed before. The order of positions
# is that of the drafts: identity values are given after the sort. All arrays are text: of other elements the driver asks one by
# one whether they are arrays themselves, which costs more than to write and read them.
ROUND = """
with asked as materialized (
  select stream, actor, key, fingerprint, answer, recorded_at, place,
    coalesce((select max(version) from events where events.stream = intent.stream), 0) = expected::int as fits
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::text[]) with ordinality
    as intent(stream, expected, actor, key, fingerprint, answer, recorded_at, place)
), kept as (
  insert into idempotency (actor, key, fingerprint, answer, recorded_at)
  select actor, key, fingerprint, answer::jsonb, recorded_at::timestamptz from asked where fits and key is not null
  on conflict do nothing returning actor, key
), taken as (
  select stream, place from asked where fits and (key is null or (actor, key) in (select actor, key from kept))
), stored as (
  insert into events (id, stream, version, name, schema_version, data, occurred_at, recorded_at, meta, announced)
  select id::uuid, stream, version::int, name, schema_version::smallint, data::jsonb, occurred_at::timestamptz,
    recorded_at::timestamptz, meta::jsonb, announced
  from unnest($8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
              $16::text[], $17::text[]) with ordinality
    as draft(id, stream, version, name, schema_version, data, occurred_at, recorded_at, meta, announced, number)
  where stream in (select stream from taken)
  order by number returning position
)
select array(select place from asked where not fits) as stale, array(select place from taken) as taken,
  array(select position from stored order by position) as positions
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
    names: tuple[Any, ...] = field(init=False)
    asked: tuple[Any, ...] = field(init=False)
    rows: list[tuple[str | None, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """What the statement takes is made here, while the round before is at the database: for a round, everybody waits."""
        self.names = (self.stream,)
        actor = key = fingerprint = answer = None
        if self.idempotency:
            actor, key, fingerprint = self.idempotency.actor, self.idempotency.key, self.idempotency.fingerprint
            answer = orjson.dumps(self.answer).decode()
            self.names = (self.stream, (actor, key))
        self.asked = (self.stream, str(self.expected), actor, key, fingerprint, answer, self.at.isoformat())
        self.rows = [_row(draft) for draft in self.drafts]


def _row(draft: Draft) -> tuple[str | None, ...]:
    fact = draft.recorded
    return (
        str(fact.id),
        fact.stream,
        str(fact.version),
        fact.event.stored_name,
        str(fact.event.stored_version),
        draft.data,
        fact.occurred_at.isoformat(),
        fact.recorded_at.isoformat(),
        orjson.dumps(fact.meta).decode(),
        draft.announced,
    )


class Writer:
    """Takes intents from any number of tasks and commits them in rounds."""

    def __init__(self, log: Log, pool: Any, largest: int = 256) -> None:
        self.log, self.pool, self.largest = log, pool, largest
        self.waiting: list[Intent] = []
        self.wake = asyncio.Event()
        self.closing = False
        self.task: asyncio.Task[None] | None = None
        self.opening: asyncio.Task[Any] | None = None

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
        if self.opening:  # the task was cancelled between two rounds
            self.opening.cancel()
            for opened in await asyncio.gather(self.opening, return_exceptions=True):
                if not isinstance(opened, BaseException):
                    await self.pool.release(opened)

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
            free = len(taken) < self.largest and busy.isdisjoint(intent.names)
            (taken if free else left).append(intent)
            busy.update(intent.names)
        self.waiting[:] = left
        return taken

    async def _commit(self, intents: list[Intent]) -> None:
        try:
            opening, self.opening = self.opening, None
            connection = await (opening or self._open())
            try:
                await self._in_transaction(connection, intents)
            finally:
                await self.pool.release(connection)
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

    async def _open(self) -> Any:
        """A connection in a transaction that holds the lock."""
        connection = await self.pool.acquire()
        try:
            await connection.execute(self.log.begin)
        except BaseException:
            await self.pool.release(connection)
            raise
        return connection

    async def _in_transaction(self, connection: Any, intents: list[Intent]) -> None:
        try:
            stale, taken, positions = await connection.fetchrow(ROUND, *_arrays(intents))
            fresh = [intents[place - 1] for place in sorted(taken)]
            facts = [draft.recorded for intent in fresh for draft in intent.drafts]
            stored = [fact._replace(position=at) for fact, at in zip(facts, positions, strict=True)]
            for model in self.log.read_models if stored else ():
                await read_model.apply(connection, model, stored)
            if (
                self.waiting
            ):  # the next round waits for the lock in the database, and has it as soon as this one commits
                self.opening = asyncio.create_task(self._open(), name=f"{self.log.name}-opening")
            await connection.execute(self.log.commit)
        except BaseException:
            if not connection.is_closed():
                await connection.execute("rollback")
            raise
        for place in stale:
            _fail(intents[place - 1], Conflict(intents[place - 1].stream))
        for place in set(range(1, len(intents) + 1)).difference(taken, stale):
            _fail(intents[place - 1], AlreadyAnswered())
        events = iter(stored)
        for intent in fresh:
            own = list(islice(events, len(intent.drafts)))
            if not intent.done.done():
                intent.done.set_result(own)


def _arrays(intents: list[Intent]) -> list[Sequence[Any]]:
    """The parameters of the statement of a round: one array for each column."""
    rows = list(zip(*(row for intent in intents for row in intent.rows), strict=True)) or [()] * 10
    return [*zip(*(intent.asked for intent in intents), strict=True), *rows]


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
