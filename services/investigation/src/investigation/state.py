"""What an investigation remembers, and how each fact changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID

from investigation.events import (
    ChildInterviewed,
    ContactMade,
    FindingsMade,
    FlagsChanged,
    HistoryReviewed,
    HouseholdRecorded,
    InvestigationApproved,
    InvestigationEscalated,
    InvestigationEvent,
    InvestigationInitiated,
    InvestigationOpened,
    InvestigationReturned,
    InvestigationSubmitted,
    InvestigatorChanged,
    ReportAssignmentLearned,
    ReportReceiptLearned,
    ReportScreeningLearned,
    RiskAssessmentApproved,
    RiskAssessmentCompleted,
    RiskAssessmentReturned,
    SafetyAssessmentApproved,
    SafetyAssessmentCompleted,
    SafetyAssessmentReturned,
    SafetyChecklistCompleted,
    SafetyPlanActivated,
    SafetyPlanCreated,
    YouthCourtDecisionRecorded,
)
from investigation.forms import ChildChecklist, Contact, CourtOutcome, Flag, Interview, PlanForm

Status = Literal["awaiting", "open", "submitted", "returned", "approved"]
Review = Literal["none", "completed", "signed", "returned"]


@dataclass(frozen=True)
class SafetyPlan:
    """One safety plan: pending until it is activated."""

    plan_id: UUID
    form: PlanForm
    court: CourtOutcome | None = None
    activation: SafetyPlanActivated | None = None


@dataclass(frozen=True)
class Investigation:
    """One investigation. Until its report is received, screened in and assigned, it is awaiting its opening."""

    status: Status = "awaiting"
    receipt: ReportReceiptLearned | None = None
    screening: ReportScreeningLearned | None = None
    assignment: ReportAssignmentLearned | None = None
    opened: InvestigationOpened | None = None
    worker_id: str = ""
    initiated_at: datetime | None = None
    contacts: tuple[Contact, ...] = ()
    interviews: tuple[Interview, ...] = ()
    household: HouseholdRecorded | None = None
    history: HistoryReviewed | None = None
    assessment: SafetyAssessmentCompleted | None = None
    assessment_review: Review = "none"
    escalated: bool = False
    checklists: Mapping[UUID, ChildChecklist] = field(default_factory=dict)
    risk: RiskAssessmentCompleted | None = None
    risk_review: Review = "none"
    findings: FindingsMade | None = None
    plans: Mapping[UUID, SafetyPlan] = field(default_factory=dict)
    submission: InvestigationSubmitted | None = None
    approval: InvestigationApproved | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def level(self) -> str:
        """The response level of the screening, as last learned."""
        return (self.screening and self.screening.level) or ""

    @property
    def victims(self) -> tuple[UUID, ...]:
        """The children the report is about."""
        return self.receipt.child_ids if self.receipt else ()

    @property
    def in_home(self) -> tuple[UUID, ...]:
        """All children in the home, those the report is about first."""
        others = [child.child_id for child in self.household.children] if self.household else []
        return tuple(dict.fromkeys([*self.victims, *others]))

    @property
    def factors_found(self) -> bool:
        """Whether the safety assessment in force has a factor answered yes."""
        return self.assessment is not None and bool(self.assessment.form.found)

    @property
    def safety_threat(self) -> bool:
        """Whether a safety factor is present or a child is recorded unsafe."""
        form = self.assessment.form if self.assessment else None
        return form is not None and (bool(form.found) or any(child.decision == "unsafe" for child in form.children))


def known(state: Investigation | None) -> Investigation:
    """The state, or the empty one before the first fact."""
    return state or Investigation()


def evolve(state: Investigation | None, event: InvestigationEvent) -> Investigation:
    """Remember one fact."""
    now = known(state)
    match event:
        case ReportReceiptLearned():
            return replace(now, receipt=event)
        case ReportScreeningLearned():
            return replace(now, screening=event)
        case ReportAssignmentLearned():
            return replace(now, assignment=event)
        case InvestigationOpened():
            return replace(now, status="open", opened=event, worker_id=event.worker_id)
        case InvestigatorChanged():
            return replace(now, worker_id=event.worker_id)
        case InvestigationInitiated():
            return replace(now, initiated_at=event.at)
        case ContactMade():
            return replace(now, contacts=(*now.contacts, event.contact))
        case ChildInterviewed():
            return replace(now, interviews=(*now.interviews, event.interview))
        case HouseholdRecorded():
            return replace(now, household=event)
        case HistoryReviewed():
            return replace(now, history=event)
        case SafetyAssessmentCompleted():
            return _assessed(now, event)
        case SafetyAssessmentApproved():
            return replace(now, assessment_review="signed")
        case SafetyAssessmentReturned():
            return replace(now, assessment_review="returned")
        case InvestigationEscalated():
            return replace(now, escalated=True)
        case SafetyChecklistCompleted():
            return replace(now, checklists={**now.checklists, **{child.child_id: child for child in event.children}})
        case RiskAssessmentCompleted():
            return replace(now, risk=event, risk_review="completed")
        case RiskAssessmentApproved():
            return replace(now, risk_review="signed")
        case RiskAssessmentReturned():
            return replace(now, risk_review="returned")
        case FindingsMade():
            return replace(now, findings=event)
        case SafetyPlanCreated():
            return _with_plan(now, SafetyPlan(event.plan_id, event.form))
        case YouthCourtDecisionRecorded():
            return _with_plan(now, replace(now.plans[event.plan_id], court=event.outcome))
        case SafetyPlanActivated():
            return _with_plan(now, replace(now.plans[event.plan_id], activation=event))
        case InvestigationSubmitted():
            return replace(now, status="submitted", submission=event)
        case InvestigationReturned():
            return replace(now, status="returned")
        case InvestigationApproved():
            return replace(now, status="approved", approval=event)
        case FlagsChanged():
            return replace(now, flags=event.flags)
        case _:
            assert_never(event)


def _assessed(now: Investigation, event: SafetyAssessmentCompleted) -> Investigation:
    if now.assessment is not None and event.at < now.assessment.at:
        return now
    return replace(now, assessment=event, assessment_review="completed")


def _with_plan(now: Investigation, plan: SafetyPlan) -> Investigation:
    return replace(now, plans={**now.plans, plan.plan_id: plan})
