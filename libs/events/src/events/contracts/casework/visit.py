"""Visits and contacts: of workers, parents, siblings, relatives, providers and agencies."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent


class VisitLogged(PublicEvent, topic="casework", key="visit_id"):
    """A visit or contact took place. `person_id` is who was met beside or instead of the child.

    `joint`: two workers came together. A visit to a home names the home; one in a placement names the placement.
    """

    visit_id: UUID
    case_id: UUID | None = None
    child_id: UUID | None = None
    person_id: UUID | None = None
    kind: Literal[
        "worker-child",
        "worker-parent",
        "worker-caregiver",
        "worker-home",
        "parent-child",
        "sibling",
        "relative",
        "provider-child",
        "adoptive-agency",
    ]
    mode: Literal["face-to-face", "phone", "letter"]
    place: Literal["family-home", "placement", "office", "school", "court", "other"] | None = None
    in_placement: bool | None = None
    private: bool | None = None
    parent_present: bool | None = None
    assigned_worker: bool | None = None
    joint: bool | None = None
    therapeutic_home: bool | None = None
    placement_id: UUID | None = None
    home_or_facility_id: UUID | None = None
    occurred_at: datetime
