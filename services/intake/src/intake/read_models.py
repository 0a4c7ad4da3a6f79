"""What lists and searches read: one row per report, and the blind index of the people named in reports."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from events.ids import derived
from events.read_model import ReadModel, Row
from events.recorded import Recorded
from intake.content import Person
from intake.events import (
    IntakeEvent,
    LawEnforcementNotified,
    PriorReportsSearched,
    ReportAmended,
    ReportAssigned,
    ReportFlagged,
    ReportReceived,
    ReportScreened,
    ResponseLevelOverridden,
    ResponseLevelProposed,
    ScreeningReopened,
)
from intake.outline import Outline, outline

REPORTS = Table(
    "reports",
    MetaData(),
    Column("report_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("organisation", Text),
    Column("county", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("entered_at", DateTime(timezone=True), nullable=False),
    Column("channel", Text),
    Column("reporter_type", Text),
    Column("victims", ARRAY(Uuid), nullable=False),
    Column("allegations", ARRAY(Text), nullable=False),
    Column("child_in_custody", Text),
    Column("setting", Text),
    Column("resource_home_id", Uuid),
    Column("facility_id", Uuid),
    Column("felony_ground", Text),
    Column("proposed_level", Text),
    Column("level", Text),
    Column("special_handling", Boolean, nullable=False),
    Column("immediate_response_needed", Boolean),
    Column("law_enforcement_referral_needed", Boolean),
    Column("law_enforcement_called", Boolean, nullable=False),
    Column("earlier_reports", Integer, nullable=False),
    Column("screened_at", DateTime(timezone=True)),
    Column("worker_id", Text),
    Column("assigned_at", DateTime(timezone=True)),
    Column("flags", JSONB, nullable=False),
)
Index("reports_order", REPORTS.c.received_at, REPORTS.c.report_id)
Index("reports_county", REPORTS.c.county, REPORTS.c.received_at)
Index("reports_worker_id", REPORTS.c.worker_id, REPORTS.c.received_at)
Index("reports_resource_home_id", REPORTS.c.resource_home_id, postgresql_where=REPORTS.c.resource_home_id.is_not(None))

NOT_YET: Row = dict.fromkeys(str(column.name) for column in REPORTS.columns)


def fold_report(row: Row | None, recorded: Recorded[IntakeEvent], key: UUID) -> Row | None:
    """One report as lists show it: nothing confidential."""
    event = recorded.event
    if isinstance(event, ReportReceived):
        row = _received(event, key)
    return (row or {}) | _change(row or {}, event, recorded) | {"version": recorded.version}


def _change(row: Row, event: IntakeEvent, recorded: Recorded[Any]) -> Row:
    match event:
        case ReportAmended():
            return _outlined(event.outline)
        case PriorReportsSearched():
            return {"earlier_reports": max(row["earlier_reports"], len(event.found))}
        case ResponseLevelProposed(level=level):
            proposed = {"proposed_level": level, "special_handling": event.special_handling}
            return proposed if level == row["proposed_level"] else proposed | {"level": level}
        case ResponseLevelOverridden(to_level=level):
            return {"level": level}
        case ReportScreened():
            return {
                "status": event.decision,
                "level": event.level,
                "immediate_response_needed": event.immediate_response_needed,
                "law_enforcement_referral_needed": event.law_enforcement_referral_needed,
                "screened_at": event.screened_at,
            }
        case ScreeningReopened():
            return {"status": "received", "level": row["proposed_level"], "screened_at": None, "assigned_at": None}
        case ReportAssigned():
            return {"status": "assigned", "worker_id": event.worker_id, "assigned_at": event.assigned_at}
        case LawEnforcementNotified():
            return {"law_enforcement_called": True}
        case ReportFlagged():
            return {"flags": [flag.model_dump() for flag in event.flags]}
        case _:
            return {}


def _received(event: ReportReceived, key: UUID) -> Row:
    fixed = {
        "report_id": key,
        "status": "received",
        "organisation": event.organisation,
        "special_handling": False,
        "law_enforcement_called": False,
        "earlier_reports": 0,
        "flags": [],
    }
    return NOT_YET | fixed | _outlined(outline(event.content, event.entered_at))


def _outlined(known: Outline) -> Row:
    listed = {"victims": list(known.victims), "allegations": list(known.allegations)}
    return {name: getattr(known, name) for name in Outline.model_fields} | listed


PRIOR_INDEX = Table(
    "prior_index",
    MetaData(),
    Column("entry_id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("name_token", Text, nullable=False),
    Column("birth_token", Text),
)
Index("prior_index_name_token", PRIOR_INDEX.c.name_token)
Index("prior_index_person_id", PRIOR_INDEX.c.person_id)


def entries(recorded: Recorded[IntakeEvent]) -> Iterable[UUID]:
    """The index entries that an event touches: one per person and report."""
    return [derived("prior", recorded.key, person) for person in _named(recorded.event)]


def fold_entry(row: Row | None, recorded: Recorded[IntakeEvent], key: UUID) -> Row | None:
    """The entry of one person; none for a person without a name, without a role in the family, or removed."""
    for id, person in _named(recorded.event).items():
        if derived("prior", recorded.key, id) == key:
            return _entry(key, recorded.key, person) if person and person.name_token else None
    return row


def _named(event: IntakeEvent) -> dict[UUID, Person | None]:
    match event:
        case ReportReceived():
            return {person.person_id: person for person in event.content.people}
        case ReportAmended():
            given = {person.person_id: person for person in event.changes.people}
            return given | dict.fromkeys(event.removed_people)
        case _:
            return {}


def _entry(key: UUID, report_id: UUID, person: Person) -> Row:
    return {
        "entry_id": key,
        "report_id": report_id,
        "person_id": person.person_id,
        "name_token": person.name_token,
        "birth_token": person.birth_token,
    }


async def forget(connection: Any, person: UUID) -> None:
    """Take a person out of the index."""
    await connection.execute("delete from prior_index where person_id = $1", person)


REPORT_LIST = ReadModel(REPORTS, version=1, fold=fold_report)
PRIOR_REPORTS = ReadModel(PRIOR_INDEX, version=1, fold=fold_entry, keys=entries)
