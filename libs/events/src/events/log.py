"""The log of one service in PostgreSQL: append under one lock, so that commit order is position order; read back.

Nothing here commits. The order of positions is the order of commits because every append of a service holds the same
transaction lock, also across replicas; therefore a reader that goes by position can never skip an event.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from events import read_model
from events.announcement import kept
from events.event import Event, PublicEvent
from events.read_model import ReadModel
from events.recorded import Context, Recorded
from events.registry import Registry

APPEND = """
insert into events (id, stream, version, name, schema_version, data, occurred_at, recorded_at, meta, announced)
select id, stream, version, name, schema_version, data::jsonb, occurred_at, recorded_at, meta::jsonb, announced
from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::smallint[], $6::text[], $7::timestamptz[],
            $8::timestamptz[], $9::text[], $10::text[]) with ordinality
  as draft(id, stream, version, name, schema_version, data, occurred_at, recorded_at, meta, announced, place)
order by place returning position
"""
# What the registry takes, then the envelope as Recorded takes it.
COLUMNS = "name, schema_version, data::text, id, stream, version, position, occurred_at, recorded_at, meta"
READ = f"select {COLUMNS} from events where stream = any($1::text[]) order by stream, version"  # noqa: S608
READ_ALL = f"select {COLUMNS} from events where position > $1 order by position limit $2"  # noqa: S608
VERSIONS = """
select stream, coalesce((select max(version) from events where events.stream = wanted.stream), 0) as version
from unnest($1::text[]) as wanted(stream)
"""


class Conflict(Exception):
    """The stream has moved on since it was read. Read it again and decide again."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One event about to be appended: private values are sealed, what it announces is decided."""

    recorded: Recorded[Event]
    data: str
    announced: str | None


class Log:
    """The events of one service: how to write them down and how to read them."""

    def __init__(
        self,
        name: str,
        registry: Registry,
        announce: Callable[[Recorded[Any]], Sequence[PublicEvent]],
        read_models: Sequence[ReadModel],
    ) -> None:
        self.name, self.registry, self.announce, self.read_models = name, registry, announce, read_models
        self.lock = int.from_bytes(hashlib.sha256(f"hearthline:{name}".encode()).digest()[:8], "big", signed=True)
        self.begin = f"begin; select pg_advisory_xact_lock({self.lock})"
        self.channel = f"{name}_log"
        self.commit = f'notify "{self.channel}"; commit'

    def draft(
        self, stream: str, after: int, events: Sequence[Event], ids: Sequence[UUID], context: Context
    ) -> list[Draft]:
        """The drafts of sealed `events` that follow version `after` of `stream`."""
        meta = {"actor": context.actor, "correlation": str(context.correlation_id)}
        if context.causation_id:
            meta["causation"] = str(context.causation_id)
        if context.traceparent:
            meta["traceparent"] = context.traceparent
        drafts = []
        for number, (event, id) in enumerate(zip(events, ids, strict=True), after + 1):
            happened_at = event.happened_at or context.occurred_at
            recorded = Recorded(event, id, stream, number, 0, happened_at, context.now, meta)
            drafts.append(Draft(recorded, event.model_dump_json(), kept(self.announce(recorded))))
        return drafts

    async def append(self, connection: Any, drafts: Sequence[Draft]) -> list[Recorded[Event]]:
        """Append drafts and bring the read models up to date, in the caller's transaction, which holds the lock."""
        if not drafts:
            return []
        facts = [draft.recorded for draft in drafts]
        metas: dict[int, str] = {}
        for fact in facts:
            if id(fact.meta) not in metas:
                metas[id(fact.meta)] = orjson.dumps(fact.meta).decode()
        rows = await connection.fetch(
            APPEND,
            [fact.id for fact in facts],
            [fact.stream for fact in facts],
            [fact.version for fact in facts],
            [fact.event.stored_name for fact in facts],
            [fact.event.stored_version for fact in facts],
            [draft.data for draft in drafts],
            [fact.occurred_at for fact in facts],
            [fact.recorded_at for fact in facts],
            [metas[id(fact.meta)] for fact in facts],
            [draft.announced for draft in drafts],
        )
        stored = [_at(fact, row["position"]) for fact, row in zip(facts, rows, strict=True)]
        for model in self.read_models:
            await read_model.apply(connection, model, stored)
        return stored

    async def versions(self, connection: Any, streams: Iterable[str]) -> dict[str, int]:
        """The latest version of each stream, 0 for one without events."""
        return {row["stream"]: row["version"] for row in await connection.fetch(VERSIONS, list(streams))}

    async def read(self, connection: Any, streams: Iterable[str]) -> dict[str, list[Recorded[Event]]]:
        """The events of each stream in order; private values stay sealed."""
        found: dict[str, list[Recorded[Event]]] = {stream: [] for stream in streams}
        for row in await connection.fetch(READ, list(found)):
            found[row["stream"]].append(self.load(row))
        return found

    async def read_all(self, connection: Any, after: int, limit: int) -> list[Recorded[Event]]:
        """The next events of the whole log in commit order, after position `after`."""
        return [self.load(row) for row in await connection.fetch(READ_ALL, after, limit)]

    def load(self, row: Any) -> Recorded[Event]:
        """One stored row as an event with its envelope."""
        name, version, data, *envelope = row
        return Recorded(self.registry.load(name, version, data), *envelope)


def _at(fact: Recorded[Event], position: int) -> Recorded[Event]:
    return fact._replace(position=position)
