"""Permanency: the plan, the goals, concurrent planning and the special review."""

from typing import Literal
from uuid import UUID

from events.contracts.casework.subjects import AboutChild

Goal = Literal[
    "reunification",
    "custody-with-relative",
    "adoption",
    "durable-legal-custody-or-guardianship",
    "living-independently",
    "long-term-foster-care",
]


class PermanencyPlanSet(AboutChild, topic="casework", key="child_id"):
    """The child's permanency plan was made."""


class PermanencyGoalSet(AboutChild, topic="casework", key="child_id"):
    """A goal was set, also the new one of a change. `age` is the child's on that day.

    `others_ruled_out`: every better goal was considered and ruled out.
    """

    goal: Goal
    primary: bool
    others_ruled_out: bool | None = None
    court_approved: bool | None = None
    age: int | None = None
    parent_ids: tuple[UUID, ...] | None = None


class PermanencyGoalChanged(AboutChild, topic="casework", key="child_id"):
    """The goal was given up for another."""

    from_goal: Goal
    to_goal: Goal


class ConcurrentPlanSet(AboutChild, topic="casework", key="child_id"):
    """A second goal is planned for beside the first."""

    parent_ids: tuple[UUID, ...] | None = None


class ConcurrentPlanningDiscussed(AboutChild, topic="casework", key="child_id"):
    """Planning for a second goal was talked over with a parent."""

    parent_id: UUID


class SpecialPermanencyReviewHeld(AboutChild, topic="casework", key="child_id"):
    """A panel reviewed what stands between the child and a permanent home."""


class PermanencyBarriersResolved(AboutChild, topic="casework", key="child_id"):
    """Nothing stands between the child and a permanent home any more."""
