"""The sheet of clocks: one row per clock that was ever started."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import UUID

from deadlines.conclusions import (
    WHOSE,
    ClockCancelled,
    ClockEscalated,
    ClockExtended,
    ClockMet,
    ClockMetLate,
    ClockMissed,
    ClockMoved,
    ClockResumed,
    ClocksAssigned,
    ClockStarted,
    ClockSuspended,
    ClockWaived,
    ClockWarned,
)
from deadlines.feed import FeedOpened, FeedRevoked
from deadlines.ordering import OrderGiven
from events.read_model import ReadModel, Row
from events.recorded import Recorded

CLOCKS = Table(
    "clocks",
    MetaData(),
    Column("clock_id", UUID(as_uuid=True), primary_key=True),
    Column("kind", Text, nullable=False),
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
    Column("rung", Integer),
    Column("warned_at", DateTime(timezone=True)),
    Column("missed_at", DateTime(timezone=True)),
    Column("met_at", DateTime(timezone=True)),
    Column("announced", Text),
    Column("changed_at", DateTime(timezone=True), nullable=False),
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
    *("kind", "clock_id", "scope", "report_id", "county", "region", "worker_id", "supervisor_id"),
    *("rule_id", "rule_version", "obligation", "pack", "title", "authority", "source"),
    *("subject_type", "subject_id", "per_thing", "started_at", "due_at", "provisional", "alerts"),
)
# A clock without a due time is listed after all others.
LAST = datetime(9999, 12, 31, tzinfo=UTC)
STATES: dict[type[Any], str] = {
    ClockStarted: "running",
    ClockMoved: "running",
    ClockResumed: "running",
    ClockExtended: "running",
    ClockSuspended: "suspended",
    ClockWaived: "waived",
    ClockMissed: "missed",
    ClockMet: "met",
    ClockMetLate: "met-late",
    ClockCancelled: "cancelled",
}
# The first of these that was announced of a clock stays on its row, whatever turns out later.
VERDICTS = (ClockMissed, ClockMet, ClockMetLate)
EMPTY: Row = {"rung": None, "warned_at": None, "missed_at": None, "met_at": None}


def clock_of(recorded: Recorded[Any]) -> Iterable[Any]:
    """The rows that a conclusion touches."""
    event = recorded.event
    if isinstance(event, OrderGiven | FeedOpened | FeedRevoked):
        return ()
    return event.clock_ids if isinstance(event, ClocksAssigned) else (event.clock_id,)


def fold(row: Row | None, recorded: Recorded[Any], key: Any) -> Row:
    """The clock after one more conclusion. A miss stays on the row, also when the duty is met later."""
    event = recorded.event
    if isinstance(event, ClocksAssigned):
        assert row is not None
        whose = {name: getattr(event, name) for name in WHOSE}
        return row | whose | {"position": recorded.position, "changed_at": recorded.recorded_at}
    after = (row or EMPTY) | {name: getattr(event, name) for name in COPIED}
    state = STATES.get(type(event), (row or {}).get("state", "running"))
    after |= {"listed_at": event.due_at or LAST, "position": recorded.position, "state": state}
    after["changed_at"] = recorded.recorded_at
    after["announced"] = (row or {}).get("announced") or (state if isinstance(event, VERDICTS) else None)
    match event:
        case ClockStarted():
            after |= EMPTY
        case ClockWarned(warn_at=warn_at):
            after |= {"warned_at": warn_at, "rung": event.rung}
        case ClockEscalated():
            after["rung"] = event.rung
        case ClockMissed(missed_at=missed_at):
            after["missed_at"] = missed_at
        case ClockMet(met_at=met_at) | ClockMetLate(met_at=met_at):
            after["met_at"] = met_at
    return after


CLOCK_SHEET = ReadModel(CLOCKS, version=1, fold=fold, keys=clock_of)

ORDERS = Table(
    "orders",
    MetaData(),
    Column("event_id", UUID(as_uuid=True), primary_key=True),
    Column("scope", Text, nullable=False),
    Column("clock_id", UUID(as_uuid=True), nullable=False),
    Column("order", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("new_due_at", DateTime(timezone=True)),
    Column("position", BigInteger, nullable=False),
)
Index("orders_scope", ORDERS.c.scope)
Index("orders_position", ORDERS.c.position)


def order_of(recorded: Recorded[Any]) -> Iterable[Any]:
    """Every order is a row of its own."""
    return (recorded.id,) if isinstance(recorded.event, OrderGiven) else ()


def fold_order(row: Row | None, recorded: Recorded[Any], key: Any) -> Row:
    """The order as it was given."""
    order: Row = recorded.event.model_dump()
    return order | {"event_id": recorded.id, "recorded_at": recorded.recorded_at, "position": recorded.position}


ORDER_SHEET = ReadModel(ORDERS, version=1, fold=fold_order, keys=order_of)

FEEDS = Table(
    "feeds",
    MetaData(),
    Column("feed_id", UUID(as_uuid=True), primary_key=True),
    Column("worker_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)
Index("feeds_digest", FEEDS.c.digest)
Index("feeds_worker_id", FEEDS.c.worker_id)


def feed_of(recorded: Recorded[Any]) -> Iterable[Any]:
    """The feed that was opened or revoked."""
    event = recorded.event
    return (event.feed_id,) if isinstance(event, FeedOpened | FeedRevoked) else ()


def fold_feed(row: Row | None, recorded: Recorded[Any], key: Any) -> Row:
    """The feed with its digest, and whether it is revoked."""
    event = recorded.event
    if isinstance(event, FeedOpened):
        return event.model_dump() | {"opened_at": recorded.recorded_at, "revoked_at": None}
    assert row is not None
    return row | {"revoked_at": recorded.recorded_at}


FEED_SHEET = ReadModel(FEEDS, version=1, fold=fold_feed, keys=feed_of)
