"""What the notifications service announces: who was told what, and that it was acknowledged. Ids and times only."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent

Kind = Literal["warned", "missed", "escalated", "suspended", "extended", "waived", "assigned"]
Milestone = Literal["custody-12-months", "tpr-referral-30", "tpr-packet-10", "adoption-goal-30"]


class NotificationSent(PublicEvent, topic="notifications", key="notification_id"):
    """A notice was put into an inbox: of the person `recipient_id`, or of everybody who holds `role` in `county`.

    Without a county it is for everybody who holds the role.
    """

    notification_id: UUID
    kind: Kind
    rule_id: str | None = None
    clock_id: UUID | None = None
    recipient_id: str | None = None
    role: str | None = None
    county: str
    report_id: UUID | None = None
    subject_type: str
    subject_id: str
    at: datetime


class NotificationAcknowledged(PublicEvent, topic="notifications", key="notification_id"):
    """A recipient confirmed the notice."""

    notification_id: UUID
    by: str
    at: datetime


class MilestoneAlertSent(PublicEvent, topic="notifications", key="child_id"):
    """Worker and supervisor were reminded of a milestone of a child in care."""

    rule_id: str
    milestone: Milestone
    child_id: UUID
    case_id: UUID | None = None
    at: datetime
