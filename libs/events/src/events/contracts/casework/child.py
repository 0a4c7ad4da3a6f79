"""Children: in and out of custody, their birthdays and months in care, their heritage and the notices to a tribe."""

from datetime import date as day
from datetime import datetime
from typing import Literal
from uuid import UUID

from events.contracts.casework.subjects import AboutChild
from events.event import PublicEvent


class ChildEnteredCustody(PublicEvent, topic="casework", key="child_id"):
    """The child came into the agency's custody, at this age."""

    child_id: UUID
    case_id: UUID
    age: int
    entered_at: datetime
    parent_ids: tuple[UUID, ...] | None = None


class ChildLeftCustody(AboutChild, topic="casework", key="child_id"):
    """The child was discharged from custody."""

    reason: Literal[
        "reunification",
        "adoption",
        "relative",
        "guardianship",
        "emancipation",
        "transfer",
        "runaway",
        "death",
        "other",
    ]


class ChildReturnedHome(AboutChild, topic="casework", key="child_id"):
    """The child is back with the family for good, after any trial home visit."""


class EmancipationGranted(AboutChild, topic="casework", key="child_id"):
    """The youth was emancipated, at this age."""

    age: int


class DischargePlanned(PublicEvent, topic="casework", key="child_id"):
    """A date was set for the discharge or the closing. Announced again when the date moves."""

    child_id: UUID
    case_id: UUID
    planned_date: day


class YouthTransitionPlanned(PublicEvent, topic="casework", key="child_id"):
    """A date was set for a youth's step from care into independence. Announced again when the date moves."""

    child_id: UUID
    planned_date: day


class ChildReachedAge(PublicEvent, topic="casework", key="child_id"):
    """A birthday that a duty hangs on, derived from the date of birth, which stays in casework."""

    child_id: UUID
    age: int
    in_custody: bool
    date: day


class TimeInCareMilestoneReached(PublicEvent, topic="casework", key="child_id"):
    """The child's months in care reached a milestone; derived.

    `petition_or_exception`: whether that day a petition to end parental rights, or a documented exception, existed.
    """

    child_id: UUID
    milestone: Literal["6-months", "12-months", "15-of-22"]
    petition_or_exception: bool
    period_ends_on: day | None = None
    date: day


class IndianHeritageResolved(AboutChild, topic="casework", key="child_id"):
    """Whether the child is of Indian heritage was asked, and this is the answer."""

    answer: Literal["yes", "no", "unknown"]


class TribeNotified(AboutChild, topic="casework", key="child_id"):
    """The child's tribe was told; of the ids, the one that the notice was about is there."""

    channel: Literal["telephone", "certified-letter", "other"]
    reason: Literal["investigation", "custody", "placement", "hearing", "planning"]
    investigation_id: UUID | None = None
    meeting_id: UUID | None = None
    hearing_id: UUID | None = None
