"""The catalogue of public events: every contract of every service, found in `events.contracts`."""

import inspect
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from events import contracts
from events.event import PublicEvent


@cache
def public_events() -> tuple[type[PublicEvent], ...]:
    """Every public event, in order of its type."""
    found = {
        value
        for module in walk_packages(contracts.__path__, f"{contracts.__name__}.")
        for value in vars(import_module(module.name)).values()
        if inspect.isclass(value) and issubclass(value, PublicEvent) and value.__dict__.get("topic")
    }
    return tuple(sorted(found, key=lambda event: event.event_type))


def topic_events(topic: str) -> tuple[type[PublicEvent], ...]:
    """The public events of one topic."""
    return tuple(event for event in public_events() if event.topic == topic)
