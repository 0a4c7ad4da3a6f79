"""Answers of the reads: rows without anything confidential, histories, and a report in the clear."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from events.bodies import View
from events.private import Private
from events.recorded import Recorded
from intake.announce import announce
from intake.events import ReportFlagged
from intake.flag import Flag
from intake.state import Status
from intake.vocabulary import Level

INTERNAL = {"name_token", "birth_token", "young_or_handicapped"}


class ReportView(View):
    """One report without anything confidential."""

    report_id: UUID
    version: int
    status: Status
    county: str | None
    received_at: datetime
    entered_at: datetime
    channel: str | None
    reporter_type: str | None
    victims: tuple[UUID, ...]
    allegations: tuple[str, ...]
    child_in_custody: str | None
    setting: str | None
    resource_home_id: UUID | None
    facility_id: UUID | None
    felony_ground: str | None
    proposed_level: Level | None
    level: Level | None
    special_handling: bool
    immediate_response_needed: bool | None
    law_enforcement_referral_needed: bool | None
    law_enforcement_called: bool
    earlier_reports: int
    screened_at: datetime | None
    worker_id: str | None
    assigned_at: datetime | None
    flags: tuple[Flag, ...]


class FactView(View):
    """One fact: what happened, when, and when and by whom it was recorded. `data` is what may be known outside intake."""

    version: int
    fact: str
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str
    data: dict[str, Any]

    @classmethod
    def of(cls, recorded: Recorded[Any]) -> "FactView":
        """The fact without anything confidential."""
        event = recorded.event
        data = {name: value for each in announce(recorded) for name, value in _public(each).items()}
        return cls.telling(recorded, plain(event) if isinstance(event, ReportFlagged) else data)

    @classmethod
    def opened(cls, recorded: Recorded[Any], event: Any) -> "FactView":
        """The fact with the private values of `event` in the clear."""
        return cls.telling(recorded, plain(event))

    @classmethod
    def telling(cls, recorded: Recorded[Any], data: dict[str, Any]) -> "FactView":
        return cls(
            version=recorded.version,
            fact=type(recorded.event).__name__,
            occurred_at=recorded.occurred_at,
            recorded_at=recorded.recorded_at,
            recorded_by=recorded.meta["actor"],
            data=data,
        )


class HistoryView(View):
    """The facts of one report in the order in which they were recorded."""

    report_id: UUID
    facts: tuple[FactView, ...]


class ConfidentialView(View):
    """One report in the clear: its content as it stands, the earlier reports found, and every fact."""

    report_id: UUID
    version: int
    content: dict[str, Any]
    earlier_reports: tuple[UUID, ...]
    facts: tuple[FactView, ...]


def plain(value: Any) -> Any:
    """An opened value as JSON in camelCase: a private text is its text, or says that its person was forgotten."""
    if isinstance(value, BaseModel):
        return {to_camel(name): plain(item) for name, item in value.__dict__.items() if name not in INTERNAL}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Private):
        return {"personId": value.person, "erased": True} if value.erased else value.value
    return value


def _public(event: BaseModel) -> dict[str, Any]:
    return event.model_dump(mode="json", by_alias=True, exclude_none=True)
