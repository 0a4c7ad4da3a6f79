"""Private facts of an investigation. Each carries what its announcement needs: report, county and worker."""

from datetime import date, datetime
from uuid import UUID

from events.event import Event
from events.private import Private
from events.registry import Registry
from investigation.forms import (
    CaseDecision,
    ChildChecklist,
    ChildInHome,
    Contact,
    CopyHolder,
    CourtOutcome,
    FindingsForm,
    Flag,
    HistoryCheck,
    Interview,
    Moment,
    PlanForm,
    ReportForm,
    RiskForm,
    RiskLevel,
    Role,
    SafetyForm,
    Setting,
    Signature,
)


class ReportReceiptLearned(Event, name="investigation.report-receipt-learned"):
    report_id: UUID
    moment: Moment
    child_ids: tuple[UUID, ...]
    child_in_custody: bool | None
    allegations: tuple[str, ...]
    setting: Setting | None = None
    home_or_facility_id: UUID | None = None


class ReportScreeningLearned(Event, name="investigation.report-screening-learned"):
    report_id: UUID
    moment: Moment
    screened_in: bool
    level: str | None = None


class ReportAssignmentLearned(Event, name="investigation.report-assignment-learned"):
    report_id: UUID
    moment: Moment
    worker_id: str
    county: str


class InvestigationFact(Event):
    """What every fact of an opened investigation carries; `at` is when it happened."""

    investigation_id: UUID
    report_id: UUID
    county: str
    worker_id: str
    at: datetime


class InvestigationOpened(InvestigationFact, name="investigation.opened"):
    level: str
    child_in_custody: bool | None
    child_ids: tuple[UUID, ...]


class InvestigatorChanged(InvestigationFact, name="investigation.investigator-changed"):
    pass


class InvestigationInitiated(InvestigationFact, name="investigation.initiated"):
    person_id: UUID
    role: Role


class ContactMade(InvestigationFact, name="investigation.contact-made"):
    contact: Contact
    by: str


class ChildInterviewed(InvestigationFact, name="investigation.child-interviewed"):
    interview: Interview
    by: str


class HouseholdRecorded(InvestigationFact, name="investigation.household-recorded"):
    children: tuple[ChildInHome, ...]
    caretaker_ids: tuple[UUID, ...]
    by: str


class HistoryReviewed(InvestigationFact, name="investigation.history-reviewed"):
    check: HistoryCheck
    by: str


class SafetyAssessmentCompleted(InvestigationFact, name="investigation.safety-assessment-completed"):
    form: SafetyForm
    all_children_assessed: bool
    by: str


class SafetyAssessmentApproved(InvestigationFact, name="investigation.safety-assessment-approved"):
    by: str


class SafetyAssessmentReturned(InvestigationFact, name="investigation.safety-assessment-returned"):
    reason: Private[str]
    by: str


class InvestigationEscalated(InvestigationFact, name="investigation.escalated"):
    from_level: str


class SafetyChecklistCompleted(InvestigationFact, name="investigation.safety-checklist-completed"):
    children: tuple[ChildChecklist, ...]
    by: str


class RiskAssessmentCompleted(InvestigationFact, name="investigation.risk-assessment-completed"):
    form: RiskForm
    by: str


class RiskAssessmentApproved(InvestigationFact, name="investigation.risk-assessment-approved"):
    by: str


class RiskAssessmentReturned(InvestigationFact, name="investigation.risk-assessment-returned"):
    reason: Private[str]
    by: str


class FindingsMade(InvestigationFact, name="investigation.findings-made"):
    form: FindingsForm
    by: str


class SafetyPlanCreated(InvestigationFact, name="investigation.safety-plan-created"):
    plan_id: UUID
    form: PlanForm
    by: str


class YouthCourtDecisionRecorded(InvestigationFact, name="investigation.youth-court-decision-recorded"):
    plan_id: UUID
    judge: Private[str]
    outcome: CourtOutcome
    note: Private[str] | None = None
    case_id: UUID | None = None
    by: str


class SafetyPlanActivated(InvestigationFact, name="investigation.safety-plan-activated"):
    plan_id: UUID
    case_id: UUID | None = None
    in_effect_until: date
    signatures: tuple[Signature, ...]
    copies: tuple[CopyHolder, ...]
    by: str


class InvestigationSubmitted(InvestigationFact, name="investigation.submitted"):
    form: ReportForm
    disposition: str
    risk_level: RiskLevel | None
    safety_threat: bool
    by: str


class InvestigationReturned(InvestigationFact, name="investigation.returned"):
    reason: Private[str]
    by: str


class InvestigationApproved(InvestigationFact, name="investigation.approved"):
    finding: str
    risk_level: RiskLevel
    safety_threat: bool
    case: CaseDecision
    child_ids: tuple[UUID, ...]
    child_in_custody: bool | None
    reported_setting: Setting | None
    home_or_facility_id: UUID | None
    by: str


class FlagsChanged(Event, name="investigation.flags-changed"):
    """The complete flags from now on."""

    flags: tuple[Flag, ...]


InvestigationEvent = (
    ReportReceiptLearned
    | ReportScreeningLearned
    | ReportAssignmentLearned
    | InvestigationOpened
    | InvestigatorChanged
    | InvestigationInitiated
    | ContactMade
    | ChildInterviewed
    | HouseholdRecorded
    | HistoryReviewed
    | SafetyAssessmentCompleted
    | SafetyAssessmentApproved
    | SafetyAssessmentReturned
    | InvestigationEscalated
    | SafetyChecklistCompleted
    | RiskAssessmentCompleted
    | RiskAssessmentApproved
    | RiskAssessmentReturned
    | FindingsMade
    | SafetyPlanCreated
    | YouthCourtDecisionRecorded
    | SafetyPlanActivated
    | InvestigationSubmitted
    | InvestigationReturned
    | InvestigationApproved
    | FlagsChanged
)
REGISTRY = Registry.of(InvestigationEvent)
