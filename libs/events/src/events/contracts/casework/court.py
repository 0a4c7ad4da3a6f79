"""Court: hearings, the notices of them, and orders. What was said and ordered in words stays in casework."""

from datetime import date as day
from datetime import datetime
from typing import Literal
from uuid import UUID

from events.contracts.casework.subjects import AboutCase
from events.event import PublicEvent

HearingKind = Literal["shelter-care", "annual-review", "review", "permanency"]


class HearingScheduled(PublicEvent, topic="casework", key="hearing_id"):
    """A hearing was set for this day. `notice_due_to` are the foster parents and grandparents to be told."""

    hearing_id: UUID
    case_id: UUID
    child_id: UUID
    kind: HearingKind
    date: day
    notice_due_to: tuple[UUID, ...] | None = None


class HearingNoticeSent(PublicEvent, topic="casework", key="hearing_id"):
    """One recipient was told of a hearing. A tribe or an office has a role and no person's id."""

    hearing_id: UUID
    child_id: UUID
    recipient_role: Literal["parent", "resource-parent", "grandparent", "tribe", "child", "other"]
    recipient_id: UUID | None = None
    at: datetime


class HearingHeld(AboutCase, topic="casework", key="hearing_id"):
    """The court heard or reviewed the child's case."""

    hearing_id: UUID
    child_id: UUID
    kind: HearingKind


class CourtOrderEntered(AboutCase, topic="casework", key="order_id"):
    """The court ordered something of this kind. Without a child it concerns every child of the case."""

    order_id: UUID
    child_id: UUID | None = None
    kind: Literal[
        "trial-home-visit",
        "trial-extension",
        "visitation-limit",
        "placement",
        "tpr-direction",
        "continue-reunification",
        "emancipation-goal",
    ]
