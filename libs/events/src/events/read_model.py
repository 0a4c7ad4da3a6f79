"""Read models: a pure fold per row, applied in batches (load, fold, upsert) in the transaction of the events themselves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Table

from events.recorded import Recorded

Row = dict[str, Any]


def own_key(recorded: Recorded[Any]) -> Iterable[Any]:
    """The usual key of a row: the id that the stream's name ends with. No two streams of the service may share an id."""
    return (recorded.key,)


@dataclass(frozen=True)
class ReadModel:
    """One table and the fold that fills it. `fold(row, recorded, key)` returns the new row, or None to delete it.

    Private values arrive sealed. Raise `version` when the table or the fold changes: the next migration rebuilds it.
    """

    table: Table
    version: int
    fold: Callable[[Row | None, Recorded[Any], Any], Row | None]
    keys: Callable[[Recorded[Any]], Iterable[Any]] = own_key

    @property
    def key(self) -> str:
        """The name of the primary key column."""
        return str(next(iter(self.table.primary_key.columns)).name)

    @property
    def columns(self) -> list[str]:
        return [column.name for column in self.table.columns]


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):  # the driver's own kind
        return str(value)
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"a read model cannot store {type(value).__name__}")


def touched(model: ReadModel, events: Iterable[Recorded[Any]]) -> dict[Any, list[Recorded[Any]]]:
    """The events by the row that they touch, in order."""
    rows: dict[Any, list[Recorded[Any]]] = {}
    for recorded in events:
        for key in model.keys(recorded):
            rows.setdefault(key, []).append(recorded)
    return rows


def folded(model: ReadModel, rows: dict[Any, Row], events: dict[Any, list[Recorded[Any]]]) -> dict[Any, Row | None]:
    """What the touched rows become."""
    after: dict[Any, Row | None] = {}
    for key, facts in events.items():
        row = rows.get(key)
        for fact in facts:
            row = model.fold(row, fact, key)
        after[key] = row
    return after


async def apply(connection: Any, model: ReadModel, events: Sequence[Recorded[Any]], table: str | None = None) -> None:
    """Bring the rows of `table` (the model's own unless told) up to date with `events`, in the caller's transaction."""
    table, key = table or model.table.name, model.key
    touching = touched(model, events)
    if not touching:
        return
    fresh = model.keys is own_key and all(facts[0].version == 1 for facts in touching.values())
    found = [] if fresh else await connection.fetch(f"select * from {table} where {key} = any($1)", list(touching))  # noqa: S608
    before = {row[key]: dict(row) for row in found}
    after = folded(model, before, touching)
    if changed := [row for name, row in after.items() if row is not None and row != before.get(name)]:
        await connection.execute(_upsert(model, table), orjson.dumps(changed, default=_plain).decode())
    if gone := [name for name, row in after.items() if row is None and name in before]:
        await connection.execute(f"delete from {table} where {key} = any($1)", gone)  # noqa: S608


def _upsert(model: ReadModel, table: str) -> str:
    names = ", ".join(model.columns)
    changes = ", ".join(f"{name} = excluded.{name}" for name in model.columns if name != model.key)
    conflict = f"do update set {changes}" if changes else "do nothing"
    return (
        f"insert into {table} ({names}) select {names} from json_populate_recordset(null::{table}, $1::json)"  # noqa: S608
        f" on conflict ({model.key}) {conflict}"
    )
