"""Read models: a pure fold per row, applied in batches (load, fold, upsert) in the transaction of the events themselves."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asyncpg.pgproto.pgproto import UUID
from sqlalchemy import Table

from events.recorded import Recorded
from events.rows import Row, Rows

__all__ = ["ReadModel", "Row", "apply", "folded", "own_key", "touched", "unknown"]


def own_key(recorded: Recorded[Any]) -> Iterable[Any]:
    """The usual key of a row: the id that the stream's name ends with. No two streams of the service may share an id."""
    return (UUID(recorded.stream[-36:]),)  # the driver's own kind: made ten times as fast, found twice as fast


@dataclass(frozen=True)
class ReadModel:
    """One table and the fold that fills it. `fold(row, recorded, key)` returns the new row, or None to delete it.

    Private values arrive sealed. Raise `version` when the table or the fold changes: the next migration rebuilds it.
    """

    table: Table
    version: int
    fold: Callable[[Row | None, Recorded[Any], Any], Row | None]
    keys: Callable[[Recorded[Any]], Iterable[Any]] = own_key

    @cached_property
    def rows(self) -> Rows:
        """How its rows are read and written."""
        return Rows(self.table)

    @property
    def key(self) -> str:
        """The name of the primary key column."""
        return self.rows.key

    @property
    def columns(self) -> list[str]:
        return self.rows.columns


def touched(model: ReadModel, events: Iterable[Recorded[Any]]) -> dict[Any, list[Recorded[Any]]]:
    """The events by the row that they touch, in order."""
    rows: dict[Any, list[Recorded[Any]]] = {}
    keys = model.keys
    for recorded in events:
        for key in keys(recorded):
            if key in rows:
                rows[key].append(recorded)
            else:
                rows[key] = [recorded]
    return rows


def unknown(model: ReadModel, known: Mapping[Any, Row | None], events: Mapping[Any, list[Recorded[Any]]]) -> list[Any]:
    """The keys whose rows must be read first. Where rows are streams, there is none before a stream's first event."""
    if model.keys is own_key:
        return [key for key, facts in events.items() if facts[0].version > 1 and key not in known]
    return [key for key in events if key not in known]


def folded(
    model: ReadModel, rows: Mapping[Any, Row | None], events: Mapping[Any, list[Recorded[Any]]]
) -> dict[Any, Row | None]:
    """What the touched rows become."""
    after: dict[Any, Row | None] = {}
    fold = model.fold
    for key, facts in events.items():
        row = rows.get(key)
        for fact in facts:
            row = fold(row, fact, key)
        after[key] = row
    return after


async def apply(connection: Any, model: ReadModel, events: Sequence[Recorded[Any]]) -> None:
    """Bring the rows up to date with `events`, in the caller's transaction."""
    touching = touched(model, events)
    keys = unknown(model, {}, touching)
    before = await model.rows.read(connection, keys) if keys else {}
    after = folded(model, before, touching)
    changed = [row for key, row in after.items() if row is not None and row != before.get(key)]
    await model.rows.store(connection, changed)
    await model.rows.delete(connection, [key for key, row in after.items() if row is None and key in before])
