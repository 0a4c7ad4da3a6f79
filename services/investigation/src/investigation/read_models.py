"""The `investigations` table: one row for each opened investigation, for lists and for the page of one."""

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from events.read_model import ReadModel, Row
from events.recorded import Recorded
from investigation.events import (
    FlagsChanged,
    InvestigationApproved,
    InvestigationEscalated,
    InvestigationEvent,
    InvestigationInitiated,
    InvestigationOpened,
    InvestigationReturned,
    InvestigationSubmitted,
    InvestigatorChanged,
    ReportReceiptLearned,
    ReportScreeningLearned,
    RiskAssessmentApproved,
    RiskAssessmentCompleted,
    SafetyAssessmentApproved,
    SafetyAssessmentCompleted,
    SafetyPlanActivated,
)

INVESTIGATIONS = Table(
    "investigations",
    MetaData(),
    Column("investigation_id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("county", Text, nullable=False),
    Column("worker_id", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("escalated", Boolean, nullable=False),
    Column("child_in_custody", Boolean),
    Column("child_ids", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("risk_level", Text),
    Column("factors_yes", Integer),
    Column("disposition", Text),
    Column("case_opens", Boolean),
    Column("flags", JSONB, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("initiated_at", DateTime(timezone=True)),
    Column("safety_assessed_at", DateTime(timezone=True)),
    Column("safety_signed_at", DateTime(timezone=True)),
    Column("risk_assessed_at", DateTime(timezone=True)),
    Column("risk_approved_at", DateTime(timezone=True)),
    Column("safety_plan_active_at", DateTime(timezone=True)),
    Column("submitted_at", DateTime(timezone=True)),
    Column("approved_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False),
    Index("investigations_by_opening", "opened_at", "investigation_id"),
    Index("investigations_by_county", "county", "opened_at"),
    Index("investigations_by_worker", "worker_id", "opened_at"),
)


def fold(row: Row | None, recorded: Recorded[Any], key: Any) -> Row | None:
    """No row until the investigation is opened; then what each fact changes."""
    event: InvestigationEvent = recorded.event
    if isinstance(event, InvestigationOpened):
        return _opened(event, recorded.version)
    if row is None:
        return None
    return row | _changes(row, event) | {"version": recorded.version}


def _opened(event: InvestigationOpened, version: int) -> Row:
    empty: Row = {str(column.name): None for column in INVESTIGATIONS.columns}
    return empty | {
        "investigation_id": event.investigation_id,
        "report_id": event.report_id,
        "county": event.county,
        "worker_id": event.worker_id,
        "level": event.level,
        "escalated": False,
        "child_in_custody": event.child_in_custody,
        "child_ids": [str(child) for child in event.child_ids],
        "status": "open",
        "flags": [],
        "opened_at": event.at,
        "version": version,
    }


def _changes(row: Row, event: InvestigationEvent) -> Row:
    match event:
        case ReportReceiptLearned():
            return {"child_in_custody": event.child_in_custody, "child_ids": [str(child) for child in event.child_ids]}
        case ReportScreeningLearned():
            return {"level": event.level or row["level"]}
        case InvestigatorChanged():
            return {"worker_id": event.worker_id}
        case InvestigationInitiated():
            return {"initiated_at": event.at}
        case SafetyAssessmentCompleted():
            return _assessed(row, event)
        case SafetyAssessmentApproved():
            return {"safety_signed_at": event.at}
        case InvestigationEscalated():
            return {"escalated": True}
        case RiskAssessmentCompleted():
            return {"risk_assessed_at": event.at, "risk_level": event.form.level, "risk_approved_at": None}
        case RiskAssessmentApproved():
            return {"risk_approved_at": event.at}
        case SafetyPlanActivated():
            return {"safety_plan_active_at": event.at}
        case InvestigationSubmitted():
            return {"status": "submitted", "submitted_at": event.at, "disposition": event.disposition}
        case InvestigationReturned():
            return {"status": "returned", "submitted_at": None}
        case InvestigationApproved():
            return {"status": "approved", "approved_at": event.at, "case_opens": event.case.opens}
        case FlagsChanged():
            return {"flags": [flag.model_dump() for flag in event.flags]}
        case _:
            return {}


def _assessed(row: Row, event: SafetyAssessmentCompleted) -> Row:
    if row["safety_assessed_at"] is not None and event.at < row["safety_assessed_at"]:
        return {}
    return {"safety_assessed_at": event.at, "safety_signed_at": None, "factors_yes": len(event.form.found)}


INVESTIGATIONS_MODEL = ReadModel(INVESTIGATIONS, version=1, fold=fold)
