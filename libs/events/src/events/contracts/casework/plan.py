"""Plans: service plans from draft to signature, approval, review and end; aftercare; visitation."""

from typing import Literal
from uuid import UUID

from events.contracts.casework.subjects import AboutCase, AboutChild
from events.contracts.parts import ChildOfPlan
from events.event import PublicEvent

PlanType = Literal["adult", "child", "family"]


class _AboutPlan(AboutCase):
    """A fact of one service plan. Only the plan of a child names the child."""

    plan_id: UUID
    child_id: UUID | None = None


class ServicePlanDrafted(_AboutPlan, topic="casework", key="plan_id"):
    """A service plan was written. `child_appropriate`: the child is old and mature enough to take part."""

    plan_type: PlanType
    child_appropriate: bool | None = None
    plan_children: tuple[ChildOfPlan, ...] | None = None


class FamilyInvolvementRecorded(_AboutPlan, topic="casework", key="plan_id"):
    """How the family took part in making the plan was put on record."""

    child_input: bool | None = None


class YouthExclusionReasonRecorded(PublicEvent, topic="casework", key="plan_id"):
    """Why a youth in care had no part in the plan was put on record; the reason itself stays in casework."""

    plan_id: UUID
    case_id: UUID
    child_id: UUID


class ServicePlanSubmitted(_AboutPlan, topic="casework", key="plan_id"):
    """The plan went to the supervisor."""

    plan_type: PlanType


class ServicePlanSigned(_AboutPlan, topic="casework", key="plan_id"):
    """Somebody signed the plan. A member of staff who signs is not named."""

    signer_id: UUID | None = None
    signer_role: Literal["parent", "child", "caregiver", "worker", "other"]


class ServicePlanApproved(_AboutPlan, topic="casework", key="plan_id"):
    """The supervisor approved the plan."""

    plan_type: PlanType
    supervisor_id: str


class ServicePlanReviewed(_AboutPlan, topic="casework", key="plan_id"):
    """The plan was gone through, the whole of it or one part."""

    plan_type: PlanType
    scope: Literal["full", "services", "safety", "goals"]
    supervisor_present: bool | None = None


class ServicePlanUpdated(_AboutPlan, topic="casework", key="plan_id"):
    """The plan was revised, for this reason."""

    plan_type: PlanType
    reason: Literal["review", "safety", "placement-change", "goal-change", "need", "other"]
    plan_children: tuple[ChildOfPlan, ...] | None = None


class ServicePlanGoalsMet(_AboutPlan, topic="casework", key="plan_id"):
    """The parents did what the adult plan asks of them."""

    parent_ids: tuple[UUID, ...] | None = None


class FinalServicePlanCompleted(_AboutPlan, topic="casework", key="plan_id"):
    """The closing service plan is done."""


class AftercarePlanCompleted(AboutCase, topic="casework", key="case_id"):
    """What holds after the agency leaves was planned, for the family, one child or one placement."""

    child_id: UUID | None = None
    placement_id: UUID | None = None


class VisitationPlanSet(AboutChild, topic="casework", key="child_id"):
    """Who visits the child, and how often, was planned."""


class VisitationPlanUpdated(AboutChild, topic="casework", key="child_id"):
    """The visitation plan was revised."""
