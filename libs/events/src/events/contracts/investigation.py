"""What the investigation service announces. No names, places, narratives or reasons; every fact names its report."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent

RiskLevel = Literal["low", "medium", "high"]
Setting = Literal["own-home", "resource-home", "facility", "other"]


class _AboutInvestigation(PublicEvent):
    """What every announcement carries: the investigation, its report, its county and its worker at that time."""

    investigation_id: UUID
    report_id: UUID
    county: str
    worker_id: str


class InvestigationOpened(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """An investigation was opened for an assigned report. `child_ids` are the children known at the opening."""

    level: str
    child_in_custody: bool | None = None
    opened_at: datetime
    child_ids: tuple[UUID, ...]
    youngest_child_age: int | None = None


class InvestigationInitiated(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The first personal contact. Announced again with an earlier time when an earlier contact is entered late."""

    contacted: UUID
    contact_type: str
    at: datetime


class InvestigationContactMade(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """A contact with any party; an interview of a child is one too."""

    person_id: UUID
    role: str
    face_to_face: bool
    private: bool | None = None
    in_home: bool
    at: datetime


class ChildInterviewed(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """A child was interviewed, or seen and observed where an interview was not possible."""

    child_id: UUID
    private: bool
    alone: bool
    away_from_home: bool
    face_to_face: bool
    at: datetime


class BackgroundHistoryReviewed(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """Background and history were reviewed in these systems."""

    systems_searched: tuple[str, ...]
    at: datetime


class SafetyAssessmentCompleted(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """Form 442B was completed. `factors` are the numbers answered yes."""

    stage: Literal["preliminary", "initial", "comprehensive"]
    form_version: str
    factors: tuple[int, ...]
    factors_yes: int
    children_assessed: Literal["all", "some"]
    native_heritage: Literal["yes", "no", "not-yet-known"]
    at: datetime


class SafetyAssessmentApproved(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The supervisor signed the safety assessment."""

    supervisor_id: str
    at: datetime


class SafetyFactorFound(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """A safety factor was answered yes for these children."""

    factor_no: int
    child_ids: tuple[UUID, ...]
    at: datetime


class InvestigationEscalated(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """A level 2 assessment became a full investigation because a safety factor was found."""

    from_level: str
    at: datetime


class SafetyChecklistCompleted(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The safety checklist was completed for children of these ages; `hazards` are those found."""

    child_ages: tuple[int, ...]
    hazards: tuple[str, ...]


class RiskAssessmentCompleted(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The initial risk assessment was completed."""

    tool: str
    level: RiskLevel
    at: datetime


class RiskAssessmentApproved(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The supervisor approved the risk assessment."""

    supervisor_id: str
    at: datetime


class MaltreatmentFindingMade(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """A finding was recorded on one allegation."""

    allegation: str
    finding: str


class SafetyPlanCreated(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """A safety plan was written, or written again before it was active. `factors` are the numbers it controls."""

    plan_id: UUID
    case_id: UUID | None = None
    factors: tuple[int, ...]
    in_effect_until: date | None = None
    child_remains_home: bool
    avoids_placement: bool
    at: datetime


class SafetyPlanSigned(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """Everybody who must sign the plan did, and holds a copy."""

    plan_id: UUID
    case_id: UUID | None = None
    at: datetime


class YouthCourtDecisionOnSafetyPlanRecorded(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The youth court judge approved or refused a plan that avoids placement, or declined to be contacted."""

    plan_id: UUID
    case_id: UUID | None = None
    outcome: Literal["approved", "refused", "declined-contact"]
    at: datetime


class SafetyPlanActivated(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The safety plan went into effect, through the day `in_effect_until`."""

    plan_id: UUID
    case_id: UUID | None = None
    in_effect_until: date
    at: datetime


class SafetyPlanUpdated(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The safety plan was changed; it now holds through the day `in_effect_until`."""

    plan_id: UUID
    case_id: UUID | None = None
    in_effect_until: date | None = None
    at: datetime


class SafetyPlanEnded(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The safety plan was ended."""

    plan_id: UUID
    case_id: UUID | None = None
    at: datetime


class InvestigationSubmitted(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The worker sent the finished investigation to the supervisor."""

    by: str
    disposition: str
    risk_level: RiskLevel | None = None
    safety_threat: bool
    at: datetime


class InvestigationReturned(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The supervisor sent the investigation back for more work."""

    by: str
    at: datetime


class InvestigationApproved(_AboutInvestigation, topic="investigation", key="investigation_id"):
    """The supervisor approved the investigation: its conclusion. `child_ids` are the children the report was about."""

    supervisor_id: str
    finding: str
    risk_level: RiskLevel
    safety_threat: bool
    case_opens: bool
    child_ids: tuple[UUID, ...]
    child_in_custody: bool | None = None
    reported_setting: Setting | None = None
    home_or_facility_id: UUID | None = None
    at: datetime
