"""What the engine judges: public facts, each with the time it happened and the time it was learned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fact:
    """One public event: `type` is its vocabulary word, `data` its payload under the names it travels with."""

    id: UUID
    type: str
    occurred_at: datetime
    recorded_at: datetime
    data: Mapping[str, object] = field(hash=False)


Facts = tuple[Fact, ...]
# What staff order about one clock is a fact of its subject: it carries `scope` and `clockId`, `by` and `reason`.
Order = Literal["ClockSuspended", "ClockResumed", "ClockExtended", "ClockWaived", "ClockAcknowledged", "ClockSnoozed"]
SUSPEND: Final = "ClockSuspended"
RESUME: Final = "ClockResumed"
EXTEND: Final = "ClockExtended"
WAIVE: Final = "ClockWaived"
ACKNOWLEDGE: Final = "ClockAcknowledged"
SNOOZE: Final = "ClockSnoozed"
ORDERS = frozenset((SUSPEND, RESUME, EXTEND, WAIVE, ACKNOWLEDGE, SNOOZE))
CORRECTS = {"ReportAmended": "ReportReceived"}


def counted(facts: Iterable[Fact], as_of: datetime, known_at: datetime) -> Facts:
    """The facts that had happened at `as_of` and were known at `known_at`, each once, in the order they happened."""
    return tuple(fact for fact in known(facts, known_at) if fact.occurred_at <= as_of)


def upcoming(facts: Iterable[Fact], as_of: datetime, known_at: datetime) -> datetime | None:
    """The first instant after `as_of` at which a fact known by then begins to count; None when all of them count."""
    return min((fact.occurred_at for fact in known(facts, known_at) if fact.occurred_at > as_of), default=None)


def since(facts: Facts, start: datetime) -> Facts:
    return tuple(fact for fact in facts if fact.occurred_at >= start)


def after(facts: Facts, start: datetime) -> Facts:
    return tuple(fact for fact in facts if fact.occurred_at > start)


def before(facts: Facts, end: datetime) -> Facts:
    return tuple(fact for fact in facts if fact.occurred_at < end)


def known(facts: Iterable[Fact], known_at: datetime) -> list[Fact]:
    """The facts known at an instant, each once and as last corrected by then, in the order they happened."""
    once = {fact.id: fact for fact in sorted(facts, key=_order, reverse=True) if fact.recorded_at <= known_at}
    corrections = sorted((fact for fact in once.values() if fact.type in CORRECTS), key=_learned)
    return sorted((_corrected(fact, corrections) for fact in once.values()), key=_order)


def _corrected(fact: Fact, corrections: Iterable[Fact]) -> Fact:
    """The fact with the values that later corrections give; a corrected time of the call moves the fact itself."""
    for correction in corrections:
        if fact.type == CORRECTS[correction.type]:
            told = correction.data.get("receivedAt")
            moved = datetime.fromisoformat(told) if isinstance(told, str) else fact.occurred_at
            fact = replace(fact, data={**fact.data, **correction.data}, occurred_at=moved)
    return fact


def _learned(fact: Fact) -> tuple[datetime, UUID]:
    return fact.recorded_at, fact.id


def _order(fact: Fact) -> tuple[datetime, datetime, UUID]:
    return fact.occurred_at, fact.recorded_at, fact.id
