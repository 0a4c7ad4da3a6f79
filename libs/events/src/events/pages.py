"""Cursor pagination, once: rows in a stable order, and an opaque cursor that says where the next page begins."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import Field, TypeAdapter
from sqlalchemy import ColumnElement, Select, tuple_

from events.bodies import Instant, Line, View
from events.decider import Rejected

R = TypeVar("R")
TYPED: dict[type, TypeAdapter[Any]] = {
    datetime: TypeAdapter(Instant),
    UUID: TypeAdapter(UUID),
    int: TypeAdapter(Annotated[int, Field(ge=-(2**63), lt=2**63)]),
    str: TypeAdapter(Line),
}
Cursor = Annotated[str | None, Query(max_length=400, description="where the page begins: `next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=500, description="most rows on the page")]


class Page(View, Generic[R]):
    """One page; `next` is null on the last one."""

    items: list[R]
    next: str | None = None


def paged(
    select: Select[Any], order: Sequence[ColumnElement[Any]], cursor: str | None, limit: int, *, backward: bool = False
) -> Select[Any]:
    """The select in `order` (last column unique, none null) from `cursor` on; one row too many tells of a next page."""
    place = tuple_(*order)
    if cursor is not None:
        known = tuple_(*_read(cursor, order))
        select = select.where(place < known if backward else place > known)
    return select.order_by(*(column.desc() if backward else column for column in order)).limit(limit + 1)


def next_cursor(rows: Sequence[Any], order: Sequence[ColumnElement[Any]], limit: int) -> str | None:
    """The cursor of the page after these rows, None when there is none."""
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    values = [last[getattr(column, "name", "")] for column in order]
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode()


def _read(cursor: str, order: Sequence[ColumnElement[Any]]) -> list[Any]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        if len(values) != len(order):
            raise ValueError("wrong length")
        return [_typed(value, column) for value, column in zip(values, order, strict=True)]
    except (ValueError, TypeError, UnicodeError) as error:
        raise Rejected(
            "cursor-invalid", "the cursor is not one that a page gave", field="cursor", status=400
        ) from error


def _typed(value: Any, column: ColumnElement[Any]) -> Any:
    return TYPED[column.type.python_type].validate_python(value, strict=not isinstance(value, str))
