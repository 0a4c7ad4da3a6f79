"""What a rule owes: one duty for each start, and for each thing that the rule names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from deadlines.calendar import Calendar
from deadlines.evidence import matching
from deadlines.facts import Fact, Facts
from deadlines.rule import Rule
from events.ids import derived

SUBJECT_KEYS: dict[str, tuple[str, ...]] = {
    "report": ("reportId",),
    "investigation": ("investigationId",),
    "child": ("childId",),
    "resource-home": ("homeId", "resourceHomeId", "homeOrFacilityId"),
}
SUBJECT_LISTS = {"child": ("childIds", "victims")}


class MalformedFact(ValueError):
    """A fact starts a clock and names no subject."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed since `start`. `facts` are those that count for it; `origin` identifies it for ever."""

    rule: Rule
    start: Fact
    origin: object
    subject_type: str
    subject_id: UUID
    thing: str | None
    facts: Facts

    @property
    def started_at(self) -> datetime:
        return self.start.occurred_at

    def clock_id(self, *more: object) -> UUID:
        return derived("clock", self.rule.id, self.origin, self.thing, *more)


def duties(rule: Rule, facts: Facts, calendar: Calendar) -> tuple[Duty, ...]:
    """The duties that the facts start, while the rule is in force on the day of the start."""
    starts = matching(rule.starts_on, rule.start_where, facts)
    return tuple(
        _duty(rule, first, origin, thing, key, facts)
        for first, latest, origin in _openings(rule, starts)
        if rule.in_force_on(calendar.day(first.occurred_at))
        for thing, key in _things(rule, latest)
    )


def concerning(facts: Facts, key: str, thing: str | None) -> Facts:
    """The facts that name this thing, and those that name none."""
    return facts if thing is None else tuple(fact for fact in facts if str(fact.data.get(key) or thing) == thing)


def listed(value: object, key: str) -> tuple[str, ...]:
    """The ids of a list field, whether it holds plain ids or objects that carry `key`."""
    items = value if isinstance(value, list | tuple) else ()
    return tuple(dict.fromkeys(str(item[key] if isinstance(item, Mapping) else item) for item in items))


def subject_of(rule: Rule, data: Mapping[str, object], facts: Facts) -> tuple[str, UUID]:
    """The subject as far as it is known: an investigation that is not opened yet is still its report."""
    for subject in dict.fromkeys((rule.subject, "report", "investigation")):
        for payload in (data, *(fact.data for fact in facts if fact.type == "InvestigationOpened")):
            for key in SUBJECT_KEYS[subject]:
                if payload.get(key):
                    return subject, UUID(str(payload[key]))
    raise MalformedFact(f"{rule.id} starts on a fact that names no {rule.subject}")


def _openings(rule: Rule, starts: Facts) -> Iterable[tuple[Fact, Fact, object]]:
    """(first start, latest start, identity). A list that changes is told again: one start, with its latest list."""
    if rule.things is None or rule.things.list is None:
        yield from ((start, start, start.id) for start in starts)
        return
    for _, group in groupby(sorted(starts, key=_root), key=_root):
        told = list(group)
        yield told[0], told[-1], min(told, key=lambda start: (start.recorded_at, start.id)).id


def _root(start: Fact) -> str:
    return str(start.data.get("reportId") or start.data.get("investigationId") or start.id)


def _things(rule: Rule, start: Fact) -> Iterable[tuple[str | None, str]]:
    if rule.things is not None:
        key, field = rule.things.key, rule.things.list
        if field is not None:
            return [(thing, key) for thing in listed(start.data.get(field), key)]
        return [(str(start.data[key]) if start.data.get(key) else None, key)]
    for field in SUBJECT_LISTS.get(rule.subject, ()):
        if field in start.data:
            key = SUBJECT_KEYS[rule.subject][0]
            return [(thing, key) for thing in listed(start.data[field], key)]
    return [(None, "")]


def _duty(rule: Rule, start: Fact, origin: object, thing: str | None, key: str, facts: Facts) -> Duty:
    own = {key: thing} if thing is not None and key in SUBJECT_KEYS[rule.subject] else start.data
    subject_type, subject_id = subject_of(rule, own, facts)
    return Duty(rule, start, origin, subject_type, subject_id, thing, concerning(facts, key, thing))
