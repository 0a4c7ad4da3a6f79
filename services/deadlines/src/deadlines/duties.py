"""What a rule owes: one duty for each start, and for each thing that the rule names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deadlines.calendar import Calendar
from deadlines.evidence import matching
from deadlines.facts import Fact, Facts
from deadlines.rule import Rule
from deadlines.subjects import KINDS_OF_FIELDS, Scope, opens_in
from events.ids import derived

# A subject goes by the narrower name once a fact tells it: until then an investigation is its report.
NARROWER = {"investigation": "investigationId", "fps-service": "serviceId"}
REFERRAL, CASE = "FpsReferralMade", "CaseOpened"


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed since `start`, as `latest` tells it now. `facts` count for it; `origin` identifies it for ever."""

    rule: Rule
    start: Fact
    latest: Fact
    origin: object
    scope: Scope
    subject_type: str
    subject_id: str
    thing: str | None
    facts: Facts

    @property
    def started_at(self) -> datetime:
        return self.start.occurred_at

    def clock_id(self, *more: object) -> UUID:
        return derived("clock", self.scope.key, self.rule.id, self.origin, self.thing, *more)


def duties(rule: Rule, facts: Facts, calendar: Calendar, scope: Scope) -> tuple[Duty, ...]:
    """The duties that the facts of one subject start, while the rule is in force on the day that counts."""
    starts = tuple(start for start in matching(rule.starts_on, rule.start_where, facts) if opens_in(rule, scope, start))
    return tuple(
        _duty(rule, first, latest, origin, thing, key, facts, scope)
        for first, latest, origin in _openings(rule, starts, facts)
        if _in_force(rule, first, facts, calendar)
        for thing, key in _things(rule, first if rule.readings.per_list == "first" else latest, scope)
    )


def concerning(facts: Facts, key: str, thing: str | None) -> Facts:
    """The facts that name this thing, and those that name none."""
    return facts if thing is None else tuple(fact for fact in facts if str(fact.data.get(key) or thing) == thing)


def listed(value: object, key: str) -> tuple[str, ...]:
    """The ids of a list field, whether it holds plain ids or objects that carry `key`."""
    items = value if isinstance(value, list | tuple) else ()
    return tuple(dict.fromkeys(str(id_in(item, key) if isinstance(item, Mapping) else item) for item in items))


def id_in(item: Mapping[str, object], key: str) -> object:
    """The id that an object of a list carries: under the key, or under its own name."""
    return item.get(key) or next((value for name, value in item.items() if name.endswith("Id")), "")


def subject_of(rule: Rule, thing: str | None, start: Fact, facts: Facts, scope: Scope) -> tuple[str, str]:
    """The subject as far as it is known."""
    if rule.subject == "person" and thing is not None:
        return "person", thing
    if field := NARROWER.get(rule.subject):
        named = next((fact.data[field] for fact in (start, *facts) if fact.data.get(field)), None)
        if named is not None:
            return rule.subject, str(named)
    return scope.kind if field or rule.subject in ("person", "worker") else rule.subject, scope.id


def _in_force(rule: Rule, start: Fact, facts: Facts, calendar: Calendar) -> bool:
    """Whether the rule holds for this start; in a case that was open before, only from the day set for such cases."""
    day = calendar.day(_deciding(rule, start, facts).occurred_at)
    if rule.open_cases_from is None or not rule.in_force_on(day):
        return rule.in_force_on(day)
    opened = next((fact for fact in facts if fact.type == CASE), start)
    return calendar.day(opened.occurred_at) >= rule.effective_from or day >= rule.open_cases_from


def _deciding(rule: Rule, start: Fact, facts: Facts) -> Fact:
    """The fact whose day decides which pack a duty keeps: its start, in family preservation the referral."""
    if rule.subject == "fps-service" and rule.readings.fps_pack_chosen_by == "referral_date":
        return next((fact for fact in facts if fact.type == REFERRAL), start)
    return start


def _openings(rule: Rule, starts: Facts, facts: Facts) -> Iterable[tuple[Fact, Fact, object]]:
    """(first start, latest start, identity). A list that changes is told again: one start, with its latest list."""
    if rule.things is None or rule.things.list is None:
        yield from ((start, start, start.id) for start in starts)
        return
    stops = [stop.occurred_at for stop in matching(rule.stopped_by, rule.stopped_where, facts)]
    told: dict[object, list[Fact]] = {}
    for start in starts:
        told.setdefault(_root(rule, start, stops), []).append(start)
    for group in told.values():
        yield group[0], group[-1], min(group, key=lambda start: (start.recorded_at, start.id)).id


def _root(rule: Rule, start: Fact, stops: Sequence[datetime]) -> object:
    """What starts have in common that are one start told again: the report, or the run that goes on until a stop."""
    if rule.kind in ("quota", "recurring"):
        return sum(stop <= start.occurred_at for stop in stops)
    return start.data.get("reportId") or start.data.get("investigationId") or start.data.get("planId") or start.id


def _things(rule: Rule, start: Fact, scope: Scope) -> Iterable[tuple[str | None, str]]:
    """Each thing that owes, and the field that names it; in its own scope a thing owes for itself alone."""
    things = rule.things
    if things is None or things.any:
        return [(None, "")]
    if things.list is None:
        return [(str(start.data[things.key]) if start.data.get(things.key) else None, things.key)]
    told = listed(start.data.get(things.list), things.key)
    if scope.kind in KINDS_OF_FIELDS.get(things.list, ()):
        told = tuple(thing for thing in told if thing == scope.id)
    return [(thing, things.key) for thing in told]


def _duty(
    rule: Rule, start: Fact, latest: Fact, origin: object, thing: str | None, key: str, facts: Facts, scope: Scope
) -> Duty:
    subject_type, subject_id = subject_of(rule, thing, start, facts, scope)
    return Duty(rule, start, latest, origin, scope, subject_type, subject_id, thing, concerning(facts, key, thing))
