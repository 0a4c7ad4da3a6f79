"""The rows of one table, read and written many at a time: one array for each column, in the driver's own types."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, JSON, Column, Table
from sqlalchemy.dialects import postgresql

Row = dict[str, Any]


class Rows:
    """How to read, store and delete rows of `table`, or of another table of the same shape."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        self.columns = [column.name for column in table.columns]
        self.key = str(next(iter(table.primary_key.columns)).name)
        self._write = [_writer(column) for column in table.columns]
        given = ", ".join(f"${number}::{_sent_as(column)}[]" for number, column in enumerate(table.columns, 1))
        names = ", ".join(map(_quoted, self.columns))
        read = ", ".join(f"{_quoted(column.name)}::{_type(column)}" for column in table.columns)
        changes = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in self.columns if name != self.key)
        self._store = (
            f"insert into {{table}} ({names}) select {read} from unnest({given}) as given ({names})"  # noqa: S608
            f" on conflict ({self.key}) {f'do update set {changes}' if changes else 'do nothing'}"
        )

    async def read(self, connection: Any, keys: Sequence[Any], table: str | None = None) -> dict[Any, Row]:
        """Those of the rows that are there, by key."""
        query = f"select * from {table or self.name} where {self.key} = any($1)"  # noqa: S608
        return {row[self.key]: dict(row) for row in await connection.fetch(query, keys)}

    async def store(self, connection: Any, rows: Sequence[Row], table: str | None = None) -> None:
        """Insert the rows, or put them in the place of those with the same key. A column that is not given is null."""
        if rows:
            columns = (
                [None if (value := row.get(name)) is None else write(value) for row in rows]
                if write
                else [row.get(name) for row in rows]
                for name, write in zip(self.columns, self._write, strict=True)
            )
            await connection.execute(self._store.format(table=table or self.name), *columns)

    async def delete(self, connection: Any, keys: Sequence[Any], table: str | None = None) -> None:
        """Take the rows with these keys away."""
        if keys:
            await connection.execute(f"delete from {table or self.name} where {self.key} = any($1)", keys)  # noqa: S608


def _quoted(name: str) -> str:
    """A name that is also a word of SQL, such as `order`, is still a name."""
    return f'"{name}"'


def _type(column: Column[Any]) -> str:
    return column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]


def _sent_as(column: Column[Any]) -> str:
    """Lists of several lengths make no array in PostgreSQL, and documents are text to the driver: both go as text."""
    return "text" if isinstance(column.type, ARRAY | JSON) else _type(column)


def _writer(column: Column[Any]) -> Callable[[Any], str] | None:
    if isinstance(column.type, ARRAY):
        return _list
    return _document if isinstance(column.type, JSON) else None


def _list(values: Iterable[Any]) -> str:
    return "{" + ",".join(map(_item, values)) + "}"


def _item(value: Any) -> str:
    if value is None:
        return "null"
    quoted = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _document(value: Any) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):  # the driver's own kind
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"a read model cannot store {type(value).__name__}")
