"""Independent living (IL) of youths in care: needs, plans, sessions, and what they have when they leave."""

from datetime import date as day
from typing import Literal
from uuid import UUID

from events.contracts.casework.subjects import AboutChild
from events.event import PublicEvent


class IlNeedsAssessed(AboutChild, topic="casework", key="child_id"):
    """What the youth needs for a life of their own was assessed, at this age."""

    age: int


class IlServicesStarted(AboutChild, topic="casework", key="child_id"):
    """Independent living services began."""


class IlPlanCompleted(AboutChild, topic="casework", key="child_id"):
    """The independent living plan is done."""


class IlPlanUpdated(AboutChild, topic="casework", key="child_id"):
    """The independent living plan was revised. `caring_adults_reviewed`: with a look at who cares for the youth."""

    caring_adults_reviewed: bool | None = None


class TransitionalPlanCompleted(AboutChild, topic="casework", key="child_id"):
    """The transitional living plan is done."""


class IlSessionHeld(PublicEvent, topic="casework", key="session_id"):
    """A provider held a group, a training or a conference on that day."""

    session_id: UUID
    provider_id: UUID
    kind: Literal["life-skills", "conference", "foster-parent-training", "other"]
    date: day


class IlSessionAttended(AboutChild, topic="casework", key="child_id"):
    """A youth attended a session, or was excused."""

    session_id: UUID


class BenefitEndNoticeGiven(AboutChild, topic="casework", key="child_id"):
    """The youth was told which benefits will end."""


class TransitionReadinessRecorded(AboutChild, topic="casework", key="child_id"):
    """How ready the youth is to leave: a place to live, an income."""

    living_arrangement: Literal["safe", "unsafe", "none"] | None = None
    income: Literal["present", "none"] | None = None


class YouthDocumentsIssued(AboutChild, topic="casework", key="child_id"):
    """The youth was given the documents that an adult needs."""
