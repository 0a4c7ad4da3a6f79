"""Quality (CQI): indicators, reviews of cases, counties and regions, concerns, reports, incidents, improvement plans."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent


class IndicatorReportIssued(PublicEvent, topic="oversight", key="kind"):
    """A periodic report or list of this kind is out; a list of investigations names them by id."""

    kind: Literal["component-indicators", "custody-investigations-over-20-days", "il-services", "other"]
    period: str
    region: str | None = None
    investigation_ids: tuple[UUID, ...] | None = None


class DashboardPublished(PublicEvent, topic="oversight", key="period"):
    """The dashboard shows this period."""

    period: str
    region: str | None = None


class _AboutCase(PublicEvent):
    """A fact of the review of one case."""

    case_id: UUID
    at: datetime


class CqiCaseReviewCompleted(_AboutCase, topic="oversight", key="case_id"):
    """One case of a review was reviewed, by these reviewers."""

    review_id: UUID
    level: Literal["state", "local", "coa"]
    region: str
    county: str


class CqiCaseFeedbackGiven(_AboutCase, topic="oversight", key="case_id"):
    """Worker and supervisor were told what the review of their case found."""


class CqiSeriousConcernRaised(_AboutCase, topic="oversight", key="case_id"):
    """A reviewer saw something serious; what it is stays in oversight."""


class CqiConcernNotified(_AboutCase, topic="oversight", key="case_id"):
    """Somebody responsible was told of the concern."""


class CqiReviewCompleted(PublicEvent, topic="oversight", key="review_id"):
    """The review of a region, or of one county of it, is done."""

    review_id: UUID
    region: str
    county: str | None = None
    kind: Literal["baseline", "follow-up", "regular", "local"]
    at: datetime


class CqiReportIssued(PublicEvent, topic="oversight", key="kind"):
    """A report of this kind is out, to the public or not; of a review, a region or a county, or of the whole state."""

    kind: Literal["review", "local-summary", "state", "record-review", "satisfaction", "outcomes", "scorecard"]
    review_id: UUID | None = None
    region: str | None = None
    county: str | None = None
    public: bool | None = None
    at: datetime


class LocalCqiCommitteeMet(PublicEvent, topic="oversight", key="county"):
    """The county's quality committee met."""

    county: str
    at: datetime


class IncidentReportIssued(PublicEvent, topic="oversight", key="region"):
    """The region's account of incidents, accidents and grievances in this quarter is out."""

    region: str
    quarter: str


class ImprovementPlanDrafted(PublicEvent, topic="oversight", key="region"):
    """How the region, or one county of it, will do better was drafted."""

    region: str
    county: str | None = None
    at: datetime


class ImprovementPlanApproved(PublicEvent, topic="oversight", key="plan_id"):
    """The improvement plan was approved."""

    plan_id: UUID
    region: str
    at: datetime


class ImprovementPlanStarted(PublicEvent, topic="oversight", key="plan_id"):
    """Work under the improvement plan began."""

    plan_id: UUID
    region: str
    at: datetime
