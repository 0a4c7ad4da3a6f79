"""Placements: proposed, screened, begun, changed, broken down, ended; siblings kept apart and brought together."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.contracts.parts import Amount, HouseholdMember
from events.event import PublicEvent

SettingType = Literal[
    "foster-home",
    "relative-home",
    "therapeutic-foster-home",
    "adoptive-home",
    "group-home",
    "therapeutic-group-home",
    "shelter",
    "institution",
    "psychiatric-hospital",
]


class _AboutPlacement(PublicEvent):
    """A fact of one placement."""

    placement_id: UUID
    at: datetime


class _OfChild(_AboutPlacement):
    """A fact of one placement that names its child."""

    child_id: UUID


class _AboutSiblings(PublicEvent):
    """A fact of siblings. Their case orders the facts, because a list of children cannot."""

    case_id: UUID
    child_ids: tuple[UUID, ...]
    at: datetime


class PlacementProposed(PublicEvent, topic="placement", key="placement_id"):
    """A placement was proposed. `household_members` is everybody who lives in the home.

    `restrictiveness_reason`: why nothing less restrictive will do is on record.
    """

    placement_id: UUID
    child_id: UUID
    home_or_facility_id: UUID
    setting_type: SettingType
    relative: bool | None = None
    distance_miles: Amount | None = None
    in_county: bool | None = None
    needs_matched: bool | None = None
    restrictiveness_reason: bool | None = None
    child_age: int | None = None
    household_members: tuple[HouseholdMember, ...] | None = None


class PlacementReferralScreened(_AboutPlacement, topic="placement", key="placement_id"):
    """The placement unit looked at a referral and decided."""


class PlacementExceptionApproved(_AboutPlacement, topic="placement", key="placement_id"):
    """An exception to this placement rule was approved."""

    rule: Literal["distance", "congregate-under-10", "most-restrictive"]


class PlacementSafetyAssessed(_AboutPlacement, topic="placement", key="placement_id"):
    """Whether the placement is safe for this child was judged, before it, after it or on a visit."""

    when: Literal["before", "after", "visit"]


class ChildThreatScreened(PublicEvent, topic="placement", key="child_id"):
    """Whether the child may be a danger to other children was asked; the answer stays in placement."""

    child_id: UUID
    at: datetime


class ChildPlaced(_OfChild, topic="placement", key="placement_id"):
    """The child was placed; on a move, beside PlacementEnded and PlacementChanged.

    `first_of_episode`: the first placement of this stay in custody. `expedited` and `emergency` name the licensing
    process under which the home was approved. `icpc_case`: the state of the placement has an interstate case.
    """

    home_or_facility_id: UUID
    setting_type: SettingType
    relative: bool | None = None
    expedited: bool | None = None
    emergency: bool | None = None
    therapeutic: bool | None = None
    out_of_state: bool | None = None
    icpc_case: bool | None = None
    first_of_episode: bool
    parent_ids: tuple[UUID, ...] | None = None


class PlacementChanged(_OfChild, topic="placement", key="placement_id"):
    """The child moved to this placement, at this age."""

    child_age: int | None = None


class PlacementDisrupted(_OfChild, topic="placement", key="placement_id"):
    """The placement broke down."""


class PlacementStabilityMeetingHeld(_OfChild, topic="placement", key="placement_id"):
    """A meeting asked whether the placement holds, or whether a new one fits."""


class PlacementEnded(_OfChild, topic="placement", key="placement_id"):
    """The placement ended."""

    home_or_facility_id: UUID


class ResourceAndBirthParentsMet(_OfChild, topic="placement", key="placement_id"):
    """The resource parents and the birth parents met."""


class SiblingSeparationRequested(_AboutSiblings, topic="placement", key="case_id"):
    """Placing siblings apart was asked for."""

    placement_id: UUID


class SiblingSeparationApproved(_AboutSiblings, topic="placement", key="case_id"):
    """Supervisor and regional director allowed siblings to be placed apart."""

    placement_id: UUID
    supervisor_id: str
    regional_director_id: str


class SiblingsSeparated(_AboutSiblings, topic="placement", key="case_id"):
    """Siblings in custody live apart."""

    placement_id: UUID


class SiblingsReunited(_AboutSiblings, topic="placement", key="case_id"):
    """Siblings in custody live together again."""
