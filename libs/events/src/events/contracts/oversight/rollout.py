"""The rollout of the practice model, region by region, and the contracts with providers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent


class RolloutStarted(PublicEvent, topic="oversight", key="programme"):
    """Month 1 of the rollout. The programme is the key, because nothing else tells this fact from others."""

    programme: Literal["practice-model"]
    at: datetime


class _AboutRegion(PublicEvent):
    """A fact of one region's rollout."""

    region: str
    at: datetime


class RegionPlanningStarted(_AboutRegion, topic="oversight", key="region"):
    """The region, with these counties, began to plan."""

    counties: tuple[str, ...]


class RegionImplementationStarted(_AboutRegion, topic="oversight", key="region"):
    """The region began to work by the practice model."""


class RegionPhaseChanged(_AboutRegion, topic="oversight", key="region"):
    """The region went on to this phase."""

    phase: Literal["evaluation", "continued"]


class ContractSigned(PublicEvent, topic="oversight", key="provider_id"):
    """A contract with a provider was signed."""

    provider_id: UUID
    at: datetime
