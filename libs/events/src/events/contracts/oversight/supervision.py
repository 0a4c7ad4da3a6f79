"""Supervision: the training of staff, the review of each case by a supervisor, conferences."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent


class StaffTrained(PublicEvent, topic="oversight", key="worker_id"):
    """A member of staff finished a course."""

    worker_id: str
    role: Literal["worker", "supervisor", "other"]
    course: Literal[
        "pre-service",
        "new-supervisor",
        "advanced",
        "out-of-home-maltreatment-investigation",
        "practice-model",
        "other",
    ]
    supervisor_id: str | None = None
    region: str | None = None
    at: datetime


class SarCompleted(PublicEvent, topic="oversight", key="case_id"):
    """The supervisory administrative review of a case is done, signed and filed or not yet."""

    case_id: UUID
    supervisor_id: str
    signed: bool | None = None
    filed: bool | None = None
    at: datetime


class SupervisoryConferenceHeld(PublicEvent, topic="oversight", key="worker_id"):
    """Supervisor and worker talked over these cases."""

    worker_id: str
    case_ids: tuple[UUID, ...]
    topics: tuple[Literal["leaving-care", "plan", "risk", "safety", "other"], ...] | None = None
    at: datetime
