"""Services: needed, referred, followed up, begun, reviewed, changed, paid and ended."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent


class _AboutReferral(PublicEvent):
    """What every announcement of a referral carries."""

    referral_id: UUID
    at: datetime


class ServiceNeedRecorded(PublicEvent, topic="casework", key="case_id"):
    """A service is needed by this day. `need_id` follows the need until the service begins."""

    case_id: UUID
    person_id: UUID
    need_id: UUID
    needed_by: date


class ServiceReferred(_AboutReferral, topic="casework", key="referral_id"):
    """Somebody was referred to a service."""

    case_id: UUID
    person_id: UUID
    provider_id: UUID | None = None
    need_id: UUID | None = None
    domain: Literal["safety", "risk", "health", "education", "permanency", "other"] | None = None
    from_investigation: bool | None = None


class ServiceReferralFollowedUp(_AboutReferral, topic="casework", key="referral_id"):
    """The worker checked that the provider answered or the service began."""

    case_id: UUID


class ServiceStarted(_AboutReferral, topic="casework", key="referral_id"):
    """A service of this kind began."""

    case_id: UUID
    person_id: UUID
    provider_id: UUID | None = None
    need_id: UUID | None = None
    service: str


class ServiceReportReceived(_AboutReferral, topic="casework", key="referral_id"):
    """The provider reported."""

    provider_id: UUID


class ServiceReviewed(_AboutReferral, topic="casework", key="referral_id"):
    """Whether the service fits and helps was looked at."""

    case_id: UUID
    provider_id: UUID


class ServiceChanged(_AboutReferral, topic="casework", key="referral_id"):
    """The service was changed or replaced."""

    case_id: UUID


class ServicePaymentReleased(_AboutReferral, topic="casework", key="referral_id"):
    """The service was paid for. `matches_referral`: what was paid is what was referred."""

    provider_id: UUID
    matches_referral: bool


class ServiceEnded(_AboutReferral, topic="casework", key="referral_id"):
    """A service of this kind ended."""

    case_id: UUID
    person_id: UUID
    service: str
