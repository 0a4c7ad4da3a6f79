"""What the deadlines service announces: each clock as it starts, warns, is missed, met, moved or cancelled."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent

Told = Literal["worker", "supervisor", "director"]


class _AboutClock(PublicEvent):
    """What every announcement carries: the clock, its rule and authority, and where it belongs.

    `scope` is the subject that is judged, such as `child:…`. Without `due_at` no due time can be told, or only a number is
    limited. `alerts`: of the clocks that several authorities set on one obligation, this is the one to alert on.
    """

    clock_id: UUID
    kind: str
    rule_id: str
    rule_version: str
    obligation: str
    pack: str
    title: str
    authority: str
    source: str
    subject_type: str
    subject_id: str
    per_thing: str | None = None
    scope: str
    report_id: UUID | None = None
    county: str
    region: str | None = None
    worker_id: str | None = None
    supervisor_id: str | None = None
    started_at: datetime
    due_at: datetime | None = None
    provisional: bool
    alerts: bool
    reason: str
    at: datetime


class ClockStarted(_AboutClock, topic="deadlines", key="clock_id"):
    """A clock runs."""


class ClockWarned(_AboutClock, topic="deadlines", key="clock_id"):
    """The due time comes near; `warn_at` says which warning this is, `rung` its place on the ladder, `tells` who is told."""

    warn_at: datetime
    rung: int
    tells: tuple[Told, ...]


class ClockMissed(_AboutClock, topic="deadlines", key="clock_id"):
    """The due time passed and nothing known had met the duty, or a monitor tripped. `tells` says who is told."""

    tells: tuple[Told, ...]


class ClockEscalated(_AboutClock, topic="deadlines", key="clock_id"):
    """A missed clock was raised to the next rung of the ladder."""

    escalated_at: datetime
    rung: int
    tells: tuple[Told, ...]


class ClockMet(_AboutClock, topic="deadlines", key="clock_id"):
    """The duty was met in time."""

    met_at: datetime


class ClockMetLate(_AboutClock, topic="deadlines", key="clock_id"):
    """The duty was met after its due time."""

    met_at: datetime


class ClockCancelled(_AboutClock, topic="deadlines", key="clock_id"):
    """The duty is no longer owed; the reason says why."""


class ClockMoved(_AboutClock, topic="deadlines", key="clock_id"):
    """The due time moved, or a provisional one became certain."""

    previous_due_at: datetime | None = None


class _Ordered(_AboutClock):
    """Somebody who may decided about the clock; `reason` is a coded word, `by` the staff id of who decided."""

    by: str


class ClockSuspended(_Ordered, topic="deadlines", key="clock_id"):
    """The clock stands still; the time that is left is given back when it goes on."""

    previous_due_at: datetime | None = None


class ClockResumed(_Ordered, topic="deadlines", key="clock_id"):
    """The clock goes on, with the time that was left."""

    previous_due_at: datetime | None = None


class ClockExtended(_Ordered, topic="deadlines", key="clock_id"):
    """The due time was moved by somebody who may."""

    previous_due_at: datetime | None = None


class ClockWaived(_Ordered, topic="deadlines", key="clock_id"):
    """The duty was waived by somebody who may; a miss before that stays in the history."""
