"""SELECTs behind the GET endpoints. A list shows exactly what a get would admit."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from events.authority import Reach
from events.reach_sql import condition
from investigation.read_models import INVESTIGATIONS

COLUMNS = INVESTIGATIONS.c
ORDER = (COLUMNS.opened_at, COLUMNS.investigation_id)


def one(investigation_id: UUID) -> Select[Any]:
    """The row of one investigation."""
    return select(INVESTIGATIONS).where(COLUMNS.investigation_id == investigation_id)


def visible(reach: Reach, **wanted: str | None) -> Select[Any]:
    """The investigations that the caller may see, with the values that are wanted in columns."""
    query = select(INVESTIGATIONS).where(condition(reach, COLUMNS.county, COLUMNS.worker_id))
    return query.where(*(COLUMNS[name] == value for name, value in wanted.items() if value is not None))
