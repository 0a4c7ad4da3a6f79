"""The sheet of clocks: one row per clock that was ever started."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import UUID

from deadlines.clocks import WHOSE
from deadlines.conclusions import (
    ClockCancelled,
    ClockMet,
    ClockMetLate,
    ClockMissed,
    ClockMoved,
    ClocksAssigned,
    ClockStarted,
    ClockWarned,
)
from events.read_model import ReadModel, Row
from events.recorded import Recorded

CLOCKS = Table(
    "clocks",
    MetaData(),
    Column("clock_id", UUID(as_uuid=True), primary_key=True),
    Column("scope", Text, nullable=False),
    Column("report_id", UUID(as_uuid=True)),
    Column("county", Text, nullable=False),
    Column("region", Text),
    Column("worker_id", Text),
    Column("supervisor_id", Text),
    Column("rule_id", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("obligation", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("per_thing", Text),
    Column("state", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("listed_at", DateTime(timezone=True), nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("alerts", Boolean, nullable=False),
    Column("warned_at", DateTime(timezone=True)),
    Column("missed_at", DateTime(timezone=True)),
    Column("met_at", DateTime(timezone=True)),
    Column("position", BigInteger, nullable=False),
)
Index("clocks_county", CLOCKS.c.county, CLOCKS.c.listed_at)
Index("clocks_region", CLOCKS.c.region, CLOCKS.c.listed_at)
Index("clocks_worker_id", CLOCKS.c.worker_id, CLOCKS.c.listed_at)
Index("clocks_supervisor_id", CLOCKS.c.supervisor_id, CLOCKS.c.listed_at)
Index("clocks_subject_id", CLOCKS.c.subject_id)
Index("clocks_report_id", CLOCKS.c.report_id)
Index("clocks_position", CLOCKS.c.position)

COPIED = (
    *("clock_id", "scope", "report_id", "county", "region", "worker_id", "supervisor_id"),
    *("rule_id", "rule_version", "obligation", "pack", "title", "authority", "source"),
    *("subject_type", "subject_id", "per_thing", "started_at", "due_at", "provisional", "alerts"),
)
# A clock without a due time is listed after all others.
LAST = datetime(9999, 12, 31, tzinfo=UTC)
STATES: dict[type[Any], str] = {
    ClockStarted: "running",
    ClockMoved: "running",
    ClockMissed: "missed",
    ClockMet: "met",
    ClockMetLate: "met-late",
    ClockCancelled: "cancelled",
}
EMPTY: Row = {"warned_at": None, "missed_at": None, "met_at": None}


def clock_of(recorded: Recorded[Any]) -> Iterable[Any]:
    """The rows that a conclusion touches."""
    event = recorded.event
    return event.clock_ids if isinstance(event, ClocksAssigned) else (event.clock_id,)


def fold(row: Row | None, recorded: Recorded[Any], key: Any) -> Row:
    """The clock after one more conclusion. A miss stays on the row, also when the duty is met later."""
    event = recorded.event
    if isinstance(event, ClocksAssigned):
        assert row is not None
        whose = {name: getattr(event, name) for name in WHOSE}
        return row | whose | {"position": recorded.position}
    after = (row or EMPTY) | {name: getattr(event, name) for name in COPIED}
    state = STATES.get(type(event), (row or {}).get("state", "running"))
    after |= {"listed_at": event.due_at or LAST, "position": recorded.position, "state": state}
    match event:
        case ClockStarted():
            after |= EMPTY
        case ClockWarned(warn_at=warn_at):
            after["warned_at"] = warn_at
        case ClockMissed(due_at=due_at):
            after["missed_at"] = due_at
        case ClockMet(met_at=met_at) | ClockMetLate(met_at=met_at):
            after["met_at"] = met_at
    return after


CLOCK_SHEET = ReadModel(CLOCKS, version=1, fold=fold, keys=clock_of)
