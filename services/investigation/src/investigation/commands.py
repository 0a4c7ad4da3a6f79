"""What may be asked of an investigation. `at` is when it happened, `by` the acting person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from investigation.events import ReportAssignmentLearned, ReportReceiptLearned, ReportScreeningLearned
from investigation.forms import (
    CaseDecision,
    ChildChecklist,
    ChildInHome,
    Contact,
    CopyHolder,
    CourtOutcome,
    FindingsForm,
    HistoryCheck,
    Interview,
    PlanForm,
    ReportForm,
    RiskForm,
    SafetyForm,
    Signature,
    Text,
)
from investigation.policy import DEFAULT_POLICY, Policy


@dataclass(frozen=True)
class LearnOfReport:
    """Intake said something about the report: it was received, screened or assigned."""

    investigation_id: UUID
    fact: ReportReceiptLearned | ReportScreeningLearned | ReportAssignmentLearned


@dataclass(frozen=True, kw_only=True)
class Act:
    """What every act of a person carries."""

    by: str
    at: datetime
    policy: Policy = DEFAULT_POLICY


@dataclass(frozen=True, kw_only=True)
class RecordContact(Act):
    contact: Contact


@dataclass(frozen=True, kw_only=True)
class RecordInterview(Act):
    interview: Interview


@dataclass(frozen=True, kw_only=True)
class RecordHousehold(Act):
    children: tuple[ChildInHome, ...]
    caretaker_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReviewHistory(Act):
    check: HistoryCheck


@dataclass(frozen=True, kw_only=True)
class CompleteSafetyAssessment(Act):
    form: SafetyForm


@dataclass(frozen=True, kw_only=True)
class ApproveSafetyAssessment(Act):
    pass


@dataclass(frozen=True, kw_only=True)
class ReturnSafetyAssessment(Act):
    reason: Text


@dataclass(frozen=True, kw_only=True)
class CompleteSafetyChecklist(Act):
    children: tuple[ChildChecklist, ...]


@dataclass(frozen=True, kw_only=True)
class CompleteRiskAssessment(Act):
    form: RiskForm


@dataclass(frozen=True, kw_only=True)
class ApproveRiskAssessment(Act):
    pass


@dataclass(frozen=True, kw_only=True)
class ReturnRiskAssessment(Act):
    reason: Text


@dataclass(frozen=True, kw_only=True)
class MakeFindings(Act):
    form: FindingsForm


@dataclass(frozen=True, kw_only=True)
class CreateSafetyPlan(Act):
    plan_id: UUID
    form: PlanForm


@dataclass(frozen=True, kw_only=True)
class RecordYouthCourtDecision(Act):
    plan_id: UUID
    judge: Text
    outcome: CourtOutcome
    note: Text = None


@dataclass(frozen=True, kw_only=True)
class ActivateSafetyPlan(Act):
    plan_id: UUID
    signatures: tuple[Signature, ...]
    copies: tuple[CopyHolder, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SubmitInvestigation(Act):
    form: ReportForm


@dataclass(frozen=True, kw_only=True)
class ReturnInvestigation(Act):
    reason: Text


@dataclass(frozen=True, kw_only=True)
class ApproveInvestigation(Act):
    case: CaseDecision


InvestigationCommand = (
    LearnOfReport
    | RecordContact
    | RecordInterview
    | RecordHousehold
    | ReviewHistory
    | CompleteSafetyAssessment
    | ApproveSafetyAssessment
    | ReturnSafetyAssessment
    | CompleteSafetyChecklist
    | CompleteRiskAssessment
    | ApproveRiskAssessment
    | ReturnRiskAssessment
    | MakeFindings
    | CreateSafetyPlan
    | RecordYouthCourtDecision
    | ActivateSafetyPlan
    | SubmitInvestigation
    | ReturnInvestigation
    | ApproveInvestigation
)
