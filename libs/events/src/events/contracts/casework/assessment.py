"""Assessments: the comprehensive family assessment and its interviews, strengths and risks, safety, and needs."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.contracts.casework.subjects import AboutCase
from events.event import PublicEvent


class _AboutAssessment(AboutCase):
    """A fact of a comprehensive family assessment. Without children it concerns every child of the case."""

    child_ids: tuple[UUID, ...] | None = None


class CfaStarted(_AboutAssessment, topic="casework", key="case_id"):
    """The comprehensive family assessment began."""

    parent_ids: tuple[UUID, ...] | None = None


class CfaSubmitted(_AboutAssessment, topic="casework", key="case_id"):
    """The worker handed the assessment to the supervisor."""


class CfaApproved(_AboutAssessment, topic="casework", key="case_id"):
    """The supervisor approved the assessment."""

    supervisor_id: str
    written: bool | None = None


class CfaUpdated(_AboutAssessment, topic="casework", key="case_id"):
    """The assessment was brought up to date."""


class FamilyMemberInterviewed(AboutCase, topic="casework", key="case_id"):
    """Somebody of the family, or who cares for the child, was interviewed for the assessment."""

    person_id: UUID
    role: Literal["parent", "child", "foster-parent", "relative", "other"]
    therapeutic_home: bool | None = None
    child_id: UUID | None = None
    placement_id: UUID | None = None


class SaraCompleted(AboutCase, topic="casework", key="case_id"):
    """The strengths and risk assessment was done, for the first time or again."""

    supervisor_reviewed: bool | None = None


class SafetyReassessed(AboutCase, topic="casework", key="case_id"):
    """Safety was formally judged again, at this stage of the case."""

    stage: Literal["ongoing", "placement", "visit", "plan-review", "reunification", "closure"]
    child_ids: tuple[UUID, ...] | None = None
    result: Literal["safe", "unsafe"]


class NeedIdentified(PublicEvent, topic="casework", key="person_id"):
    """Somebody needs something, whatever service may meet it. `need_id` follows the need until the service begins."""

    person_id: UUID
    need_id: UUID
    urgency: Literal["basic-unmet", "safety", "ordinary"]
    at: datetime
