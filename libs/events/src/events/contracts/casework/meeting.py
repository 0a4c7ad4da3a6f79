"""Meetings: of the family team, with one party alone, before a discharge, before a return home."""

from typing import Literal
from uuid import UUID

from events.contracts.casework.subjects import AboutCase, AboutChild

Purpose = Literal[
    "prevention",
    "pre-removal",
    "post-removal",
    "safety-plan",
    "initial-plan",
    "review",
    "change",
    "relative-placement",
    "request",
    "reunification",
    "discharge",
    "closure",
]


class _AboutMeeting(AboutCase):
    """A fact of one meeting of the family team."""

    meeting_id: UUID


class FamilyTeamMeetingScheduled(_AboutMeeting, topic="casework", key="meeting_id"):
    """A meeting was set. `at` is when it was set; without children it concerns every child of the case."""

    child_ids: tuple[UUID, ...] | None = None


class FamilyTeamMeetingInvitationSent(_AboutMeeting, topic="casework", key="meeting_id"):
    """Somebody was invited."""


class FamilyTeamMeetingAgendaSent(_AboutMeeting, topic="casework", key="meeting_id"):
    """The agenda made together was sent out."""


class FamilyTeamMeetingHeld(_AboutMeeting, topic="casework", key="meeting_id"):
    """The family team met. Without children it met about every child of the case."""

    purpose: Purpose
    child_ids: tuple[UUID, ...] | None = None
    investigation_id: UUID | None = None
    placement_id: UUID | None = None


class FamilyTeamMeetingNotHeld(AboutCase, topic="casework", key="case_id"):
    """Why there is a plan without a meeting was put on record; the reason itself stays in casework."""

    meeting_id: UUID | None = None


class IndividualTeamMeetingHeld(AboutCase, topic="casework", key="case_id"):
    """The worker met with one party alone about a child."""

    child_id: UUID
    party: Literal["child", "mother", "father", "resource-parent"]
    person_id: UUID


class DischargeMeetingHeld(AboutCase, topic="casework", key="case_id"):
    """A meeting prepared the discharge. Without a child it was about the whole case."""

    child_id: UUID | None = None
    kind: Literal["advance", "final"]


class ReturnHomeRecommended(AboutChild, topic="casework", key="child_id"):
    """Going home, or to a relative, was recommended for the child."""


class ReturnHomeMeetingHeld(AboutChild, topic="casework", key="child_id"):
    """The meeting about that recommendation was held."""
