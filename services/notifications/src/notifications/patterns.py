"""Which public events a subscriber can take, by patterns of their types such as `deadlines.*` or `*.ClockMissed.v1`."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from events.catalogue import topic_events

TOPICS = ("deadlines", "intake", "investigation")


def deliverable() -> tuple[str, ...]:
    """The types of all events that a subscriber can ask for."""
    return tuple(event.event_type for topic in TOPICS for event in topic_events(topic))


def wanted(patterns: Sequence[str], event_type: str) -> bool:
    """Whether one of the patterns names this type."""
    return any(fnmatchcase(event_type, pattern) for pattern in patterns)


def leads_nowhere(patterns: Sequence[str]) -> str | None:
    """The first pattern that names no event at all."""
    types = deliverable()
    return next((each for each in patterns if not any(fnmatchcase(kind, each) for kind in types)), None)
