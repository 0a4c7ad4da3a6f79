"""Resource homes: applied, screened, trained, licensed, frozen, specially reviewed."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.contracts.parts import Amount
from events.event import PublicEvent


class _AboutHome(PublicEvent):
    """A fact of one resource home."""

    home_id: UUID
    at: datetime


class ResourceHomeApplied(_AboutHome, topic="placement", key="home_id"):
    """A family asked to become a resource home."""


class HomeScreened(_AboutHome, topic="placement", key="home_id"):
    """The home was screened, on this occasion."""

    reason: Literal["initial", "annual", "household-change"]


class BackgroundResultsReceived(_AboutHome, topic="placement", key="home_id"):
    """The background checks of somebody who lives there are back; what they say stays in placement."""

    member_id: UUID
    age: int | None = None


class HouseholdChangeReported(_AboutHome, topic="placement", key="home_id"):
    """Somebody moved in or out."""


class ResourceParentTrained(_AboutHome, topic="placement", key="home_id"):
    """A resource parent took this course, for so many hours."""

    course: Literal["PATH", "other"]
    hours: Amount


class RelativeExpeditedApprovalGranted(_AboutHome, topic="placement", key="home_id"):
    """A screened relative was approved ahead of the full licence."""


class ResourceHomeLicensed(_AboutHome, topic="placement", key="home_id"):
    """The home has its full licence or approval."""


class PlacementFreezeLifted(_AboutHome, topic="placement", key="home_id"):
    """Children may be placed in the home again, as far as this report is concerned."""

    report_id: UUID
    investigation_id: UUID | None = None


class SpecialSafetyReviewCompleted(PublicEvent, topic="placement", key="home_or_facility_id"):
    """The special safety review is done, with a visit that nobody announced."""

    home_or_facility_id: UUID
    unannounced_visit_at: datetime | None = None
    at: datetime
