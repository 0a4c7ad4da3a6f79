"""The private facts of intake and the registry under which they are stored."""

from datetime import datetime
from uuid import UUID

from events.event import Event
from events.private import Private
from events.registry import Registry
from intake.answers import CriterionAnswer, ScreeningAnswers
from intake.content import Content
from intake.flag import Flag
from intake.outline import Outline
from intake.prior import PriorReport
from intake.vocabulary import Assigner, Condition, Decision, Level, Suspicion, Use


class ReportReceived(Event, name="intake.report-received"):
    report_id: UUID
    content: Content
    organisation: str | None
    entered_at: datetime

    @property
    def happened_at(self) -> datetime:
        return self.content.received_at or self.entered_at


class ReportEntered(Event, name="intake.report-entered"):
    report_id: UUID
    county: str | None
    entered_at: datetime
    entered_by: str
    late: bool

    @property
    def happened_at(self) -> datetime:
        return self.entered_at


class ReportAmended(Event, name="intake.report-amended"):
    """`changes` holds only the fields that were given; `outline` is the report as it stands afterwards."""

    report_id: UUID
    changes: Content
    removed_people: tuple[UUID, ...]
    by: str
    outline: Outline


class PolicyViolationRecordOpened(Event, name="intake.policy-violation-record-opened"):
    report_id: UUID
    resource_home_id: UUID | None


class MaltreatmentSuspected(Event, name="intake.maltreatment-suspected"):
    report_id: UUID
    county: str | None
    child_id: UUID
    staff_id: str
    suspicion: Suspicion
    suspected_at: datetime

    @property
    def happened_at(self) -> datetime:
        return self.suspected_at


class PriorReportsSearched(Event, name="intake.prior-reports-searched"):
    report_id: UUID
    county: str | None
    family: bool
    children: tuple[UUID, ...]
    found: tuple[PriorReport, ...]
    recently_substantiated: bool
    searched_by: str
    searched_at: datetime

    @property
    def happened_at(self) -> datetime:
        return self.searched_at


class PriorReportsShared(Event, name="intake.prior-reports-shared"):
    report_id: UUID
    county: str | None
    worker_id: str
    reports: tuple[UUID, ...]
    by: str
    shared_at: datetime

    @property
    def happened_at(self) -> datetime:
        return self.shared_at


class CriteriaFormCompleted(Event, name="intake.criteria-form-completed"):
    report_id: UUID
    form_version: str
    uses: tuple[Use, ...]
    answers: tuple[CriterionAnswer, ...]
    by: str


class ResponseLevelProposed(Event, name="intake.response-level-proposed"):
    report_id: UUID
    county: str | None
    level: Level | None
    answers: ScreeningAnswers | None
    special_handling: bool
    immediate_response: tuple[Condition, ...]


class ResponseLevelOverridden(Event, name="intake.response-level-overridden"):
    report_id: UUID
    county: str | None
    from_level: Level | None
    to_level: Level
    reason: Private[str]
    by: str


class ReportScreened(Event, name="intake.report-screened"):
    report_id: UUID
    county: str | None
    decision: Decision
    level: Level
    present_danger: bool | None
    immediate_response: tuple[Condition, ...]
    immediate_response_needed: bool
    law_enforcement_referral_needed: bool
    criteria_version: str | None
    reason: Private[str] | None
    referred_to: Private[str] | None
    exceptions: tuple[Flag, ...]
    by: str
    screened_at: datetime

    @property
    def happened_at(self) -> datetime:
        return self.screened_at


class ScreenedOutReviewed(Event, name="intake.screened-out-reviewed"):
    report_id: UUID
    county: str | None
    agreed: bool
    reason: Private[str] | None
    by: str


class ScreeningReopened(Event, name="intake.screening-reopened"):
    report_id: UUID
    cause: str


class ReportAssigned(Event, name="intake.report-assigned"):
    report_id: UUID
    county: str
    worker_id: str
    level: Level
    by: str
    assigner: Assigner
    staffed_at: datetime | None
    prior_reports: tuple[UUID, ...]
    custody_trained: bool | None
    case_tie: bool | None
    licensed_the_home: bool | None
    accompanied_by: str | None
    exceptions: tuple[Flag, ...]
    assigned_at: datetime

    @property
    def happened_at(self) -> datetime:
        return self.assigned_at


class AssignmentStaffed(Event, name="intake.assignment-staffed"):
    report_id: UUID
    worker_id: str
    staffed_at: datetime
    by: str

    @property
    def happened_at(self) -> datetime:
        return self.staffed_at


class LawEnforcementNotified(Event, name="intake.law-enforcement-notified"):
    report_id: UUID
    county: str | None
    ground: str | None
    agency: str
    jurisdiction: str | None
    place: Private[str] | None
    told: Private[str] | None
    supervisor_received_at: datetime | None
    called_at: datetime
    by: str

    @property
    def happened_at(self) -> datetime:
        return self.called_at


class ReportFlagged(Event, name="intake.report-flagged"):
    """The flags that stand from now on; empty when the last one was cleared."""

    report_id: UUID
    flags: tuple[Flag, ...]


IntakeEvent = (
    ReportReceived
    | ReportEntered
    | ReportAmended
    | PolicyViolationRecordOpened
    | MaltreatmentSuspected
    | PriorReportsSearched
    | PriorReportsShared
    | CriteriaFormCompleted
    | ResponseLevelProposed
    | ResponseLevelOverridden
    | ReportScreened
    | ScreenedOutReviewed
    | ScreeningReopened
    | ReportAssigned
    | AssignmentStaffed
    | LawEnforcementNotified
    | ReportFlagged
)
REGISTRY = Registry.of(IntakeEvent)
