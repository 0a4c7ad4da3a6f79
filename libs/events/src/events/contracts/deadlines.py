"""What the deadlines service announces: each clock as it starts, warns, is missed, met, moved or cancelled."""

from datetime import datetime
from uuid import UUID

from events.event import PublicEvent


class _AboutClock(PublicEvent):
    """What every announcement carries: the clock, its rule and authority, and where it belongs.

    `alerts`: of the clocks that several authorities set on one obligation, this is the one to alert on.
    """

    clock_id: UUID
    rule_id: str
    rule_version: str
    obligation: str
    pack: str
    title: str
    authority: str
    source: str
    subject_type: str
    subject_id: UUID
    per_thing: str | None = None
    report_id: UUID
    county: str
    worker_id: str | None = None
    supervisor_id: str | None = None
    started_at: datetime
    due_at: datetime
    provisional: bool
    alerts: bool
    reason: str
    at: datetime


class ClockStarted(_AboutClock, topic="deadlines", key="report_id"):
    """A clock runs."""


class ClockWarned(_AboutClock, topic="deadlines", key="report_id"):
    """The due time comes near; `warn_at` says which warning this is."""

    warn_at: datetime


class ClockMissed(_AboutClock, topic="deadlines", key="report_id"):
    """The due time passed and nothing known had met the duty."""


class ClockMet(_AboutClock, topic="deadlines", key="report_id"):
    """The duty was met in time."""

    met_at: datetime


class ClockMetLate(_AboutClock, topic="deadlines", key="report_id"):
    """The duty was met after its due time."""

    met_at: datetime


class ClockCancelled(_AboutClock, topic="deadlines", key="report_id"):
    """The duty is no longer owed; the reason says why."""


class ClockMoved(_AboutClock, topic="deadlines", key="report_id"):
    """The due time moved, or a provisional one became certain."""

    previous_due_at: datetime
