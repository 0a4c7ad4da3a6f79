"""How time limits are kept over HTTP: the numbers, the clocks behind each of them, and all of it as CSV."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from sqlalchemy import ColumnElement, select

from deadlines.api import ClockRow
from deadlines.compliance import Group, Part, Wanted, behind, month_told, numbers, share
from deadlines.csv_api import IN_CSV, Format, asks_for_csv, csv_answer, exporting
from deadlines.look import Watch
from deadlines.read_models import CLOCKS
from deadlines.sheet_filters import Filters
from events.bodies import Day, Line, View
from events.call import Call, Caller
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.reach_sql import condition
from events.runtime import Runtime

ORDER = (CLOCKS.c.listed_at, CLOCKS.c.clock_id)
KEYS = ("obligation", "rule", "pack", "county", "region", "month")


class AsKnown(View):
    """How the duties stand on what is known now. `due` are those owed; `share_in_time` leaves out what is still open."""

    due: int
    met: int
    met_late: int
    missed: int
    open: int
    cancelled: int
    waived: int
    share_in_time: float | None


class AsAnnounced(View):
    """What was announced first of the same clocks; a verdict stays here when later knowledge turns it around."""

    met: int
    met_late: int
    missed: int
    share_in_time: float | None
    revised: int


class Compliance(View):
    """The numbers of one group. What was not grouped by, or is not known, is null; `month` is that of the due time."""

    obligation: str | None
    rule: str | None
    pack: str | None
    county: str | None
    region: str | None
    month: str | None
    as_known: AsKnown
    as_announced: AsAnnounced


class CountedClock(ClockRow):
    """A clock with the verdict first announced of it, null while there is none."""

    announced: str | None


CLOCK_COLUMNS = tuple(CountedClock.model_fields)
NUMBERS = (
    *(f"known_{name}" for name in AsKnown.model_fields),
    *(f"announced_{name}" for name in AsAnnounced.model_fields),
)


def wanted(
    obligation: Line | None = None,
    rule: Line | None = None,
    pack: Line | None = None,
    county: Line | None = None,
    region: Line | None = None,
    since: Annotated[Day | None, Query(alias="from", description="first local day of the due time")] = None,
    until: Annotated[Day | None, Query(description="local day of the due time before which it must lie")] = None,
) -> Wanted:
    """The filters of a request."""
    return Wanted(obligation, rule, pack, county, region, since, until)


@dataclass(frozen=True)
class _Group:
    """A row of counts as it is told."""

    row: Any

    @property
    def keys(self) -> dict[str, str | None]:
        told = {name: self.row[name].strip() or None for name in KEYS if name != "month"}
        return told | {"month": month_told(self.row["month"])}

    @property
    def known(self) -> AsKnown:
        row = self.row
        return AsKnown(
            due=row["due"],
            met=row["met"],
            met_late=row["met-late"],
            missed=row["missed"],
            open=row["open"],
            cancelled=row["cancelled"],
            waived=row["waived"],
            share_in_time=share(row["met"], row["met-late"], row["missed"]),
        )

    @property
    def announced(self) -> AsAnnounced:
        met, late, missed = (self.row[f"announced-{state}"] for state in ("met", "met-late", "missed"))
        return AsAnnounced(
            met=met, met_late=late, missed=missed, share_in_time=share(met, late, missed), revised=self.row["revised"]
        )

    @property
    def told(self) -> Compliance:
        return Compliance.model_validate(self.keys | {"as_known": self.known, "as_announced": self.announced})

    @property
    def flat(self) -> dict[str, Any]:
        known = {f"known_{name}": value for name, value in self.known.model_dump().items()}
        announced = {f"announced_{name}": value for name, value in self.announced.model_dump().items()}
        return self.keys | known | announced


def routes(runtime: Runtime, watch: Watch) -> APIRouter:
    """The routes of compliance, and the sheet as CSV."""
    router = APIRouter()
    Asked = Annotated[Wanted, Depends(wanted)]  # noqa: N806

    @router.get("/compliance", tags=["compliance"], response_model=Page[Compliance], responses=IN_CSV)
    async def count_clocks(
        call: Call,
        wanted: Asked,
        group_by: Annotated[list[Group] | None, Query(alias="groupBy", max_length=6)] = None,
        format: Format | None = None,
        cursor: Cursor = None,
        limit: Limit = 500,
    ) -> Page[Compliance] | StreamingResponse:
        """How time limits were kept: counts by group, as was announced and as is known now. Each rule counts by itself."""
        in_csv = asks_for_csv(call, format)
        reach = exporting(call) if in_csv else call.reach("compliance.read")
        visible = condition(reach, CLOCKS.c.county, CLOCKS.c.worker_id)
        found = numbers(visible, wanted, group_by or (), watch.policy.calendar(""))
        order = tuple(found.c[name] for name in KEYS)
        if in_csv:
            columns, counts = (*KEYS, *NUMBERS), select(found).order_by(*order)
            return csv_answer(runtime, counts, columns, "time-limits-kept.csv", lambda row: _Group(row).flat)
        rows = await runtime.rows(paged(select(found), order, cursor, limit))
        return Page(items=[_Group(row).told for row in rows[:limit]], next=next_cursor(rows, order, limit))

    @router.get("/compliance/clocks", tags=["compliance"], response_model=Page[CountedClock], responses=IN_CSV)
    async def list_counted_clocks(
        call: Call,
        wanted: Asked,
        part: Annotated[Part | None, Query(description="the number; all clocks when left out")] = None,
        format: Format | None = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[CountedClock] | StreamingResponse:
        """The clocks behind one number: the same filters, and which of its counts."""
        in_csv = asks_for_csv(call, format)
        visible = _visible(call, in_csv)
        clocks = behind(visible, wanted, part, watch.policy.calendar(""))
        if in_csv:
            return csv_answer(runtime, clocks.order_by(*ORDER), CLOCK_COLUMNS, "clocks-counted.csv")
        rows = await runtime.rows(paged(clocks, ORDER, cursor, limit))
        items = [CountedClock.model_validate(dict(row)) for row in rows[:limit]]
        return Page(items=items, next=next_cursor(rows, ORDER, limit))

    @router.get("/clocks.csv", tags=["clocks"], response_class=StreamingResponse, responses=IN_CSV)
    async def export_clocks(call: Call, filters: Filters) -> StreamingResponse:
        """All clocks that the caller may export, the earliest due first, as CSV: the same filters as the list."""
        clocks = filters.narrowed(select(CLOCKS).where(_visible(call, True)))
        return csv_answer(runtime, clocks.order_by(*ORDER), CLOCK_COLUMNS, "clocks.csv")

    return router


def _visible(call: Caller, in_csv: bool) -> ColumnElement[bool]:
    reach = exporting(call) if in_csv else call.reach("clock.list")
    return condition(reach, CLOCKS.c.county, CLOCKS.c.worker_id)
