"""What most announcements of casework carry: the case or the child that they are about, and when it happened."""

from datetime import datetime
from uuid import UUID

from events.event import PublicEvent


class AboutCase(PublicEvent):
    """A fact of one case."""

    case_id: UUID
    at: datetime


class AboutChild(PublicEvent):
    """A fact of one child."""

    child_id: UUID
    at: datetime
