"""What the FPS contract will announce: family preservation services, from the referral to the year after them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.contracts.parts import Amount
from events.event import PublicEvent

Phase = Literal["1", "2"]


class _AboutReferral(PublicEvent):
    """A fact of one referral."""

    referral_id: UUID
    at: datetime


class FpsReferralMade(_AboutReferral, topic="fps-contract", key="referral_id"):
    """A family was referred to family preservation."""

    case_id: UUID
    child_ids: tuple[UUID, ...] | None = None
    emergency: bool | None = None


class ClientInformationSheetForwarded(_AboutReferral, topic="fps-contract", key="referral_id"):
    """The sheet that describes the family was passed on."""


class FpsImminentRiskConcurred(_AboutReferral, topic="fps-contract", key="referral_id"):
    """The referring agency and the provider agree that a child is about to be placed."""


class FpsReferralDeclined(_AboutReferral, topic="fps-contract", key="referral_id"):
    """The referral was not accepted."""


class FpsInitialContactMade(_AboutReferral, topic="fps-contract", key="referral_id"):
    """The provider first reached the family, in this way."""

    mode: Literal["home-visit", "meeting", "phone"]


class _AboutFamily(PublicEvent):
    """A fact of the service to one family."""

    service_id: UUID
    at: datetime


class FpsFamilyAccepted(_AboutFamily, topic="fps-contract", key="service_id"):
    """The family was taken into the service. `child_ages` are those at the referral.

    `months_in_care` and `days_in_care` are 0 for a child who is not in care.
    """

    referral_id: UUID
    case_id: UUID | None = None
    provider_id: UUID | None = None
    worker_id: str | None = None
    purpose: Literal["preservation", "reunification"]
    months_in_care: Amount | None = None
    days_in_care: int | None = None
    child_ages: tuple[int, ...] | None = None


class FpsTreatmentPlanEstablished(_AboutFamily, topic="fps-contract", key="service_id"):
    """What the service will do with the family was planned."""


class FpsTreatmentPlanShared(_AboutFamily, topic="fps-contract", key="service_id"):
    """The plan and the summary of the assessment went to the county."""


class FpsContactLogged(_AboutFamily, topic="fps-contract", key="service_id"):
    """The provider was with the family for so many minutes, face to face or not."""

    minutes: int
    face_to_face: bool | None = None
    phase: Phase | None = None
    worker_id: str | None = None


class FpsPhaseChanged(_AboutFamily, topic="fps-contract", key="service_id"):
    """The service went on to its next phase: 1 is the weeks 1 to 10, 2 the weeks 11 to 20."""

    from_phase: Phase
    to_phase: Phase


class FpsStaffingHeld(PublicEvent, topic="fps-contract", key="county"):
    """County and provider talked the work over: one service, or all of the county when none is named."""

    county: str
    service_id: UUID | None = None
    at: datetime


class FpsDocumentationSubmitted(_AboutFamily, topic="fps-contract", key="service_id"):
    """The papers on the services of this month went to the county."""

    month: str


class FpsNarrativeEntered(_AboutFamily, topic="fps-contract", key="service_id"):
    """The account of this month was entered in the state system; its words stay with the provider."""

    month: str


class FpsSafetyNotMaintained(_AboutFamily, topic="fps-contract", key="service_id"):
    """The provider found that the children cannot be kept safe."""


class FpsSafetyNoticeGiven(_AboutFamily, topic="fps-contract", key="service_id"):
    """The provider told the agency so."""


class FpsServiceExtended(_AboutFamily, topic="fps-contract", key="service_id"):
    """The service may last longer than usual."""


class FpsServiceEnded(_AboutFamily, topic="fps-contract", key="service_id"):
    """The service ended, as planned or not."""

    case_id: UUID | None = None
    provider_id: UUID | None = None
    worker_id: str | None = None


class FpsFollowUpCallMade(_AboutFamily, topic="fps-contract", key="service_id"):
    """Somebody called the family after the service."""


class FpsFollowUpVisitMade(_AboutFamily, topic="fps-contract", key="service_id"):
    """Somebody visited the family so many months after the service."""

    month_no: Literal[3, 6, 9, 12]


class FpsFollowUpEnded(_AboutFamily, topic="fps-contract", key="service_id"):
    """The year of follow-up is over."""


class FpsSatisfactionFormReceived(_AboutFamily, topic="fps-contract", key="service_id"):
    """The family said how satisfied it is, at this point."""

    point: Literal["acceptance", "mid-treatment", "termination"]


class FpsGoalAttainmentReviewed(_AboutFamily, topic="fps-contract", key="service_id"):
    """How far the goals of this phase were reached was looked at."""

    phase: Phase


class FpsOutcomeMeasured(_AboutFamily, topic="fps-contract", key="service_id"):
    """Whether the children are still at home was measured; the measure itself stays with the provider."""

    point: Literal["during-service", "one-year"]
    child_ids: tuple[UUID, ...] | None = None


class FpsSiteVisitHeld(PublicEvent, topic="fps-contract", key="provider_id"):
    """The state office visited the provider."""

    provider_id: UUID
    at: datetime


class FpsContractYearStarted(PublicEvent, topic="fps-contract", key="provider_id"):
    """A year of the contract with the provider began."""

    provider_id: UUID
