"""Reviews of children's cases: the county conference and its notices, the periodic review, its monthly results."""

from datetime import date as day
from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent


class CountyConferenceScheduled(PublicEvent, topic="oversight", key="conference_id"):
    """A county conference was set for this day. `parent_ids` are the parents who can be found."""

    conference_id: UUID
    child_id: UUID
    date: day
    parent_ids: tuple[UUID, ...] | None = None


class CountyConferenceNoticeSent(PublicEvent, topic="oversight", key="conference_id"):
    """One person was invited to the conference."""

    conference_id: UUID
    child_id: UUID
    recipient_role: Literal["parent", "resource-parent", "child", "other"]
    recipient_id: UUID | None = None
    at: datetime


class PeriodicReviewHeld(PublicEvent, topic="oversight", key="child_id"):
    """The child's case had its review of every six months."""

    child_id: UUID
    kind: Literal["foster-care-review", "court"]
    at: datetime


class FcrMonthlyResultsIssued(PublicEvent, topic="oversight", key="month"):
    """The results of the foster care reviews (FCR) of this month are out."""

    month: str
