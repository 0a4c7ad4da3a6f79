"""Answers of the GET endpoints: rows, pages, histories with and without what is confidential."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from sqlalchemy import RowMapping

from events.bodies import View
from events.private import Private
from events.recorded import Recorded
from investigation.forms import Flag
from investigation.state import Status


class InvestigationView(View):
    """One investigation without anything confidential."""

    investigation_id: UUID
    report_id: UUID
    county: str
    worker_id: str
    level: str
    escalated: bool
    child_in_custody: bool | None
    child_ids: tuple[UUID, ...]
    status: Status
    risk_level: str | None
    factors_yes: int | None
    disposition: str | None
    case_opens: bool | None
    flags: tuple[Flag, ...]
    opened_at: datetime
    initiated_at: datetime | None
    safety_assessed_at: datetime | None
    safety_signed_at: datetime | None
    risk_assessed_at: datetime | None
    risk_approved_at: datetime | None
    safety_plan_active_at: datetime | None
    submitted_at: datetime | None
    approved_at: datetime | None
    version: int

    @classmethod
    def of(cls, row: RowMapping) -> "InvestigationView":
        return cls.model_validate(dict(row))


class FactView(View):
    """One fact: what happened, when, and when and by whom it was recorded."""

    version: int
    fact: str
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str
    data: dict[str, Any]

    @classmethod
    def of(cls, recorded: Recorded[Any], *, disclosed: Any = None) -> "FactView":
        """`disclosed` is the event with its private values opened; without it they are left out."""
        event = recorded.event if disclosed is None else disclosed
        return cls(
            version=recorded.version,
            fact=type(event).__name__,
            occurred_at=recorded.occurred_at,
            recorded_at=recorded.recorded_at,
            recorded_by=recorded.meta["actor"],
            data=plain(event, confidential=disclosed is not None),
        )


class HistoryView(View):
    """The facts of one investigation in the order in which they were recorded."""

    investigation_id: UUID
    facts: tuple[FactView, ...]


def plain(value: Any, *, confidential: bool) -> Any:
    """A fact as JSON values in camelCase. A private text is its text, `erased`, or left out altogether."""
    if isinstance(value, BaseModel):
        return {
            to_camel(name): plain(item, confidential=confidential)
            for name, item in value.__dict__.items()
            if confidential or not isinstance(item, Private)
        }
    if isinstance(value, tuple | list):
        return [plain(item, confidential=confidential) for item in value]
    if isinstance(value, Private):
        return {"personId": value.person, "erased": True} if value.erased else value.value
    return value
