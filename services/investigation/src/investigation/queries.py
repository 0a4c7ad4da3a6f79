"""SELECTs behind the GET endpoints. A list shows exactly what a get would admit."""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from events.authority import Reach
from events.decider import Rejected
from events.reach_sql import condition
from investigation.read_models import INVESTIGATIONS

COLUMNS = INVESTIGATIONS.c


def one(investigation_id: UUID) -> Select[Any]:
    """The row of one investigation."""
    return select(INVESTIGATIONS).where(COLUMNS.investigation_id == investigation_id)


def page(
    reach: Reach, limit: int, after: str | None, status: str | None, county: str | None, worker: str | None
) -> Select[Any]:
    """The next rows in order of opening, newest first: one more than `limit`, to know whether there are more."""
    query = select(INVESTIGATIONS).where(condition(reach, COLUMNS.county, COLUMNS.worker_id))
    for column, wanted in ((COLUMNS.status, status), (COLUMNS.county, county), (COLUMNS.worker_id, worker)):
        if wanted is not None:
            query = query.where(column == wanted)
    if after is not None:
        query = query.where(tuple_(COLUMNS.opened_at, COLUMNS.investigation_id) < tuple_(*position(after)))
    return query.order_by(COLUMNS.opened_at.desc(), COLUMNS.investigation_id.desc()).limit(limit + 1)


def cursor(opened_at: datetime, investigation_id: UUID) -> str:
    """Where a page ends, opaque to the caller."""
    return base64.urlsafe_b64encode(f"{opened_at.isoformat()} {investigation_id}".encode()).decode()


def position(cursor: str) -> tuple[datetime, UUID]:
    """The place a cursor names. Raises Rejected for one that this service did not give out."""
    try:
        opened_at, investigation_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return datetime.fromisoformat(opened_at), UUID(investigation_id)
    except (ValueError, binascii.Error):
        raise Rejected("cursor-invalid", "not a cursor of this list", field="cursor", status=400) from None
