"""What intake can be asked to do. Texts arrive as private values in the clear; policy arrives as values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from events.private import Private
from intake.answers import CriterionAnswer, ScreeningAnswers, StandardForm
from intake.content import Content
from intake.prior import PriorReport
from intake.vocabulary import Assigner, Decision, Level, Suspicion, Use


@dataclass(frozen=True)
class ReceiveReport:
    report_id: UUID
    content: Content
    organisation: str | None
    tolerance: timedelta | None
    by: str
    at: datetime


@dataclass(frozen=True)
class AmendReport:
    changes: Content
    removed_people: tuple[UUID, ...]
    by: str
    at: datetime


@dataclass(frozen=True)
class RecordSuspicion:
    child_id: UUID
    suspicion: Suspicion
    suspected_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True)
class SearchPriorReports:
    family: bool
    children: tuple[UUID, ...]
    found: tuple[PriorReport, ...]
    window: timedelta | None
    by: str
    at: datetime


@dataclass(frozen=True)
class SharePriorReports:
    by: str
    at: datetime


@dataclass(frozen=True)
class CompleteCriteriaForm:
    version: str
    uses: tuple[Use, ...]
    answers: tuple[CriterionAnswer, ...]
    by: str
    at: datetime


@dataclass(frozen=True)
class AnswerScreeningQuestions:
    answers: ScreeningAnswers
    by: str
    at: datetime


@dataclass(frozen=True)
class OverrideLevel:
    to_level: Level
    reason: Private[str] | None
    by: str
    at: datetime


@dataclass(frozen=True)
class ScreenReport:
    """`agrees` with the proposed level, or overrides it with `new_level` and `reason`. `screened_at` may lie before `at`."""

    decision: Decision
    agrees: bool | None
    new_level: Level | None
    reason: Private[str] | None
    referred_to: Private[str] | None
    immediate_response_needed: bool | None
    law_enforcement_referral_needed: bool | None
    form: StandardForm
    screened_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True)
class ReviewScreenedOut:
    agreed: bool
    reason: Private[str] | None
    another_person: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class AssignReport:
    """`roles` are those in which the actor may assign here. `prior_reports` None attaches every report found."""

    worker_id: str
    roles: frozenset[Assigner]
    staffed_at: datetime | None
    prior_reports: tuple[UUID, ...] | None
    custody_trained: bool | None
    case_tie: bool | None
    licensed_the_home: bool | None
    accompanied_by: str | None
    assigned_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True)
class StaffAssignment:
    staffed_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True)
class RecordPoliceCall:
    agency: str
    jurisdiction: str | None
    place: Private[str] | None
    told: Private[str] | None
    supervisor_received_at: datetime | None
    called_at: datetime
    by: str
    at: datetime


Command = (
    ReceiveReport
    | AmendReport
    | RecordSuspicion
    | SearchPriorReports
    | SharePriorReports
    | CompleteCriteriaForm
    | AnswerScreeningQuestions
    | OverrideLevel
    | ScreenReport
    | ReviewScreenedOut
    | AssignReport
    | StaffAssignment
    | RecordPoliceCall
)
