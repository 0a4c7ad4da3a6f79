"""Stays of another kind: emergency facilities, offices, trial home visits, therapeutic care, adoptive homes."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent


class _AboutStay(PublicEvent):
    """A fact of a child's stay."""

    child_id: UUID
    at: datetime


class EmergencyStayStarted(_AboutStay, topic="placement", key="child_id"):
    """The child entered an emergency or temporary facility: which time in this stay in custody is `episode_ordinal`."""

    facility_id: UUID
    episode_ordinal: int | None = None


class EmergencyStayExtended(PublicEvent, topic="placement", key="child_id"):
    """The division director allowed a longer emergency stay."""

    child_id: UUID
    division_director_id: str
    written: bool
    until: date | None = None


class EmergencyStayEnded(_AboutStay, topic="placement", key="child_id"):
    """The child left the emergency or temporary facility."""


class OfficeStayStarted(_AboutStay, topic="placement", key="child_id"):
    """The child has to wait at an office or another place where nobody lives."""


class OfficeStayEnded(_AboutStay, topic="placement", key="child_id"):
    """The child left that place."""


class TrialHomeVisitStarted(_AboutStay, topic="placement", key="child_id"):
    """The child went home on trial."""


class TrialHomeVisitExtended(PublicEvent, topic="placement", key="child_id"):
    """The court ordered a longer trial."""

    child_id: UUID
    order_id: UUID | None = None
    until: date | None = None


class TrialHomeVisitEnded(_AboutStay, topic="placement", key="child_id"):
    """The trial ended, one way or the other."""


class TfcPlanReviewed(_AboutStay, topic="placement", key="child_id"):
    """The treatment team reviewed the plan of therapeutic foster care (TFC)."""


class TfcNeedReviewed(_AboutStay, topic="placement", key="child_id"):
    """Whether the child still needs therapeutic foster care was asked again."""


class AdoptivePlacementMade(_AboutStay, topic="placement", key="child_id"):
    """The child was placed with an adoptive family, by the agency itself or by a private one."""

    placement_id: UUID
    agency: Literal["dfcs", "private"]


class AdoptiveProgressReportReceived(_AboutStay, topic="placement", key="child_id"):
    """The private agency reported how the adoptive placement goes."""

    placement_id: UUID
