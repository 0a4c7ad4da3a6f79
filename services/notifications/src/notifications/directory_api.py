"""The directory of staff over HTTP: kept by the administrator, read by whoever assigns work."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlalchemy import Select, false, select

from events.authority import Subject
from events.call import Answer, Call, Caller
from events.decider import Rejected
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.runtime import Runtime
from notifications.bodies import StaffBody, StaffId, StaffRow
from notifications.commands import RecordStaff
from notifications.content import StaffEntry, staff_key
from notifications.read_models import DIRECTORY
from notifications.staff import STAFF

ORDER = (DIRECTORY.c.staff_id,)
Staff = Annotated[StaffId, Path()]
STAND_INS = """
with recursive chain as (
  select substitute_id from directory where staff_id = $1 and (absent_until is null or absent_until >= $2)
  union
  select next.substitute_id from directory as next join chain on next.staff_id = chain.substitute_id
  where next.absent_until is null or next.absent_until >= $2
) select substitute_id from chain where substitute_id is not null
"""


def routes(runtime: Runtime) -> APIRouter:
    """PUT, GET and list of members of staff."""
    router = APIRouter(tags=["directory"])

    @router.put("/directory/{staff_id}")
    async def record_staff(staff_id: Staff, body: StaffBody, call: Call) -> Answer:
        """Enter a member of staff, or change the entry. The same entry again changes nothing.

        Who stands in for whom never comes back to where it began; an absence that is over no longer counts.
        """
        entry = StaffEntry(staff_id=staff_id, **body.model_dump())
        stand_ins = await _stand_ins(runtime, entry.substitute_id, call.now) if entry.substitute_id else frozenset()
        command = RecordStaff(entry, call.actor.id, call.now, stand_ins)
        return await call.handle(
            STAFF, staff_key(staff_id), command, action="directory.manage", subject=lambda _: Subject()
        )

    @router.get("/directory")
    async def list_staff(call: Call, cursor: Cursor = None, limit: Limit = 100) -> Page[StaffRow]:
        """The staff of the counties that the caller may see, by id."""
        rows = await runtime.rows(paged(_visible(call), ORDER, cursor, limit))
        items = [_row(row) for row in rows[:limit]]
        return Page(items=items, next=next_cursor(rows, ORDER, limit))

    @router.get("/directory/{staff_id}")
    async def get_staff(staff_id: Staff, call: Call) -> StaffRow:
        """One member of staff."""
        rows = await runtime.rows(_visible(call).where(DIRECTORY.c.staff_id == staff_id))
        if not rows:
            raise Rejected("staff-not-found", "nobody in the directory has this id, or not for you", status=404)
        return _row(rows[0])

    return router


async def _stand_ins(runtime: Runtime, substitute_id: str, now: datetime) -> frozenset[str]:
    """Who stands in for the substitute, and so on.

    Two entries at the same moment may still close a loop; so whoever follows substitutes takes a few steps at most.
    """
    rows = await runtime.pool.fetch(STAND_INS, substitute_id, runtime.own.day(now))
    return frozenset(row["substitute_id"] for row in rows)


def _visible(call: Caller) -> Select[Any]:
    """Members of staff who work in a county that the caller's right reaches."""
    reach = call.reach("directory.read")
    if reach.everything:
        return select(DIRECTORY)
    if not reach.counties:
        return select(DIRECTORY).where(false())
    return select(DIRECTORY).where(DIRECTORY.c.counties.overlap(sorted(reach.counties)))


def _row(row: Any) -> StaffRow:
    return StaffRow.model_validate(dict(row))
