"""Cursor pagination, once: rows in a stable order, and an opaque cursor that says where the next page begins."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from sqlalchemy import ColumnElement, Select, tuple_

from events.decider import Rejected

R = TypeVar("R")
Cursor = Annotated[str | None, Query(max_length=400, description="where the page begins: `next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=500, description="most rows on the page")]


class Page(BaseModel, Generic[R]):
    """One page; `next` is null on the last one."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)

    items: list[R]
    next: str | None = None


def paged(select: Select[Any], order: Sequence[ColumnElement[Any]], cursor: str | None, limit: int) -> Select[Any]:
    """The select in `order` (last column unique, none null) from `cursor` on; one row too many tells of a next page."""
    if cursor is not None:
        select = select.where(tuple_(*order) > tuple_(*_read(cursor, order)))
    return select.order_by(*order).limit(limit + 1)


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
        raise Rejected("cursor-invalid", "the cursor is not one that a page gave", field="cursor", status=400) from error


def _typed(value: Any, column: ColumnElement[Any]) -> Any:
    wanted = column.type.python_type
    if wanted is datetime:
        return datetime.fromisoformat(value)
    if wanted is UUID:
        return UUID(value)
    if not isinstance(value, wanted):
        raise TypeError(f"not a {wanted.__name__}")
    return value
