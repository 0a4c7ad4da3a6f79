"""Cases: opened, changed, closed; parents and relatives looked for. A list that is absent is not known."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.contracts.casework.subjects import AboutCase
from events.event import PublicEvent


class CaseOpened(PublicEvent, topic="casework", key="case_id"):
    """A family or a child in custody was taken on for services. An empty list of parents says that there are none."""

    case_id: UUID
    kind: Literal["in-home", "custody"]
    basis: Literal["protective", "preventive", "other"] | None = None
    county_of_responsibility: str
    opened_at: datetime
    child_ids: tuple[UUID, ...]
    parent_ids: tuple[UUID, ...] | None = None
    investigation_id: UUID | None = None


class CaseworkerAssigned(PublicEvent, topic="casework", key="case_id"):
    """This worker answers for the case from now on; after a transfer another county may be responsible for it."""

    case_id: UUID
    worker_id: str
    supervisor_id: str | None = None
    county_of_responsibility: str | None = None


class SignificantChangeRecorded(AboutCase, topic="casework", key="case_id"):
    """A change counts as significant. Without a child it concerns every child of the case."""

    child_id: UUID | None = None
    kind: Literal["placement", "family-situation", "goal", "services", "other"]


class CaseServicesEnded(AboutCase, topic="casework", key="case_id"):
    """Services to the family, or to the one person named, were terminated."""

    person_id: UUID | None = None


class CaseClosureProposed(AboutCase, topic="casework", key="case_id"):
    """Closing the case is under consideration."""

    reason: Literal["resolved", "moved", "refused", "other"]


class CaseClosed(PublicEvent, topic="casework", key="case_id"):
    """The case was closed."""

    case_id: UUID
    closed_at: datetime


class TimeInCareLawDiscussed(AboutCase, topic="casework", key="case_id"):
    """A parent was told how long the law lets a child stay in care."""

    parent_id: UUID


class AbsentParentIdentified(PublicEvent, topic="casework", key="case_id"):
    """A parent turned out to be missing from the family's life, and nobody knows where to find them."""

    case_id: UUID
    parent_id: UUID


class ParentSearchLogged(AboutCase, topic="casework", key="case_id"):
    """One step of the diligent search for an absent parent was taken."""

    parent_id: UUID


class AbsentParentLocated(AboutCase, topic="casework", key="case_id"):
    """An absent parent was found."""

    parent_id: UUID


class RelativeSearchLogged(AboutCase, topic="casework", key="case_id"):
    """One step of the search for relatives and other kin was taken."""
