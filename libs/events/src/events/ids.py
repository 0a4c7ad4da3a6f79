"""Ids as values: UUIDv7, in order of time; the source is injected so that tests can repeat a run."""

import random
from typing import Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

import uuid_utils.compat

from events.clock import Clock


class Ids(Protocol):
    """Whoever needs a new id asks an injected source."""

    def __call__(self) -> UUID: ...


def uuid7() -> UUID:
    """A new UUIDv7 of the system's time and randomness."""
    return uuid_utils.compat.uuid7()


class SeededIds:
    """Repeatable UUIDv7 for tests and simulations, from a seed and an injected clock."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.random, self.clock = random.Random(seed), clock  # noqa: S311 (repeatable on purpose)

    def __call__(self) -> UUID:
        millis = int(self.clock.now().timestamp() * 1000)
        bits = millis << 80 | 7 << 76 | self.random.getrandbits(12) << 64 | 2 << 62 | self.random.getrandbits(62)
        return UUID(int=bits)


def derived(*parts: object) -> UUID:
    """The id that follows from other ids: the same parts always give the same id, so that a repeat is recognised."""
    return uuid5(NAMESPACE_URL, "hearthline:" + "/".join(map(str, parts)))
