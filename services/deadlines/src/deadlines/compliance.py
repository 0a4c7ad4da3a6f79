"""How time limits are kept, counted on the sheet of clocks: as was announced, and as is known now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Subquery,
    Text,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from deadlines.calendar import Calendar
from deadlines.read_models import CLOCKS

Group = Literal["obligation", "rule", "pack", "county", "region", "month"]
Part = Literal[
    "due",
    "met",
    "met-late",
    "missed",
    "open",
    "cancelled",
    "waived",
    "announced-met",
    "announced-met-late",
    "announced-missed",
    "revised",
]
FIRST_YEAR, LAST_YEAR = 1900, 2200
GROUPS: dict[str, ColumnElement[Any]] = {
    "obligation": CLOCKS.c.obligation,
    "rule": CLOCKS.c.rule_id,
    "pack": CLOCKS.c.pack,
    "county": CLOCKS.c.county,
    "region": CLOCKS.c.region,
}
# When a clock counts: where only a number is limited there is no due time, and the miss itself says when.
COUNTS_AT = func.coalesce(CLOCKS.c.due_at, CLOCKS.c.missed_at)
# Stands for a value that is not grouped by or not known; not empty, so that a cursor can carry it.
NOTHING: ColumnElement[str] = literal_column("' '", Text)
OPEN = ("running", "suspended")
DECIDED = ("met", "met-late", "missed")
STATES: dict[Part, tuple[str, ...]] = {
    "due": (*DECIDED, *OPEN),
    "met": ("met",),
    "met-late": ("met-late",),
    "missed": ("missed",),
    "open": OPEN,
    "cancelled": ("cancelled",),
    "waived": ("waived",),
}
ANNOUNCED: dict[Part, str] = {
    "announced-met": "met",
    "announced-met-late": "met-late",
    "announced-missed": "missed",
}
COUNTED: dict[Part, ColumnElement[bool]] = {
    **{part: CLOCKS.c.state.in_(states) for part, states in STATES.items()},
    **{part: CLOCKS.c.announced == state for part, state in ANNOUNCED.items()},
    "revised": CLOCKS.c.announced != CLOCKS.c.state,
}


@dataclass(frozen=True)
class Wanted:
    """Which clocks are counted. `since` and `until` are local days of the due time, the second one not included."""

    obligation: str | None = None
    rule: str | None = None
    pack: str | None = None
    county: str | None = None
    region: str | None = None
    since: date | None = None
    until: date | None = None

    def narrowed(self, clocks: Select[Any], calendar: Calendar) -> Select[Any]:
        """Only the clocks that are wanted."""
        for name, column in GROUPS.items():
            value = getattr(self, name)
            clocks = clocks.where(column == value) if value is not None else clocks
        counts = COUNTS_AT
        clocks = clocks.where(counts >= calendar.begins(self.since)) if self.since else clocks
        return clocks.where(counts < calendar.begins(self.until)) if self.until else clocks


def numbers(visible: ColumnElement[bool], wanted: Wanted, grouped: Collection[Group], calendar: Calendar) -> Subquery:
    """One row for each group with its counts. What is not grouped by is blank; a month goes by its number."""
    keys = {name: func.coalesce(column, NOTHING) if name in grouped else NOTHING for name, column in GROUPS.items()}
    month = month_number(calendar) if "month" in grouped else literal_column("0", Integer)
    told = [key.label(name) for name, key in (keys | {"month": month}).items()]
    counts = [func.count().filter(holds).label(name) for name, holds in COUNTED.items()]
    by = [key for name, key in (keys | {"month": month}).items() if name in grouped]
    rows = wanted.narrowed(select(*told, *counts), calendar).where(visible).group_by(*by).having(func.count() > 0)
    return rows.subquery()


def behind(visible: ColumnElement[bool], wanted: Wanted, part: Part | None, calendar: Calendar) -> Select[Any]:
    """The clocks behind one number."""
    clocks = wanted.narrowed(select(CLOCKS).where(visible), calendar)
    return clocks.where(COUNTED[part]) if part else clocks


def month_number(calendar: Calendar) -> ColumnElement[int]:
    """The number of the local month in which a clock counts; 0 where none is known. Twice as fast as by time zone."""
    bounds = cast(literal(list(_months(calendar.zone))), ARRAY(DateTime(timezone=True)))
    return func.coalesce(func.width_bucket(COUNTS_AT, bounds), 0)


def month_told(number: int) -> str | None:
    """A month by its number, such as `2026-04`."""
    year, month = divmod(number - 1, 12)
    return f"{FIRST_YEAR + year}-{month + 1:02}" if number and FIRST_YEAR + year <= LAST_YEAR else None


def share(met: int, met_late: int, missed: int) -> float | None:
    """The share of the duties decided on that was met in time; None while nothing is decided."""
    decided = met + met_late + missed
    return round(met / decided, 4) if decided else None


@cache
def _months(zone: str) -> tuple[datetime, ...]:
    calendar = Calendar(zone)
    return tuple(
        calendar.begins(date(year, month, 1)) for year in range(FIRST_YEAR, LAST_YEAR + 2) for month in range(1, 13)
    )
