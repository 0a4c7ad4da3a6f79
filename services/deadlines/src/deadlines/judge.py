"""The clock engine: `judge(facts, rules, calendar, as_of) -> clocks`, pure; order and repeats of facts do not count."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from deadlines.calendar import Calendar
from deadlines.cap import cap_views
from deadlines.facts import Fact, Facts, counted, upcoming
from deadlines.gates import gate_views
from deadlines.ladder import steps
from deadlines.malformed import refuse_malformed
from deadlines.monitor import monitor_views
from deadlines.once import once_views
from deadlines.orders import ordered, orders_of
from deadlines.quota import quota_views
from deadlines.recurring import recurring_views
from deadlines.rule import Rule
from deadlines.subjects import Scope, World, scopes_of
from deadlines.view import ClockView


def judge(
    facts: Iterable[Fact],
    rules: Iterable[Rule],
    calendar: Calendar,
    as_of: datetime,
    known_at: datetime | None = None,
) -> tuple[ClockView, ...]:
    """Every clock of every subject that the facts name, at `as_of`, on what was known at `known_at`.

    Facts come in any order and any number of times. Without `known_at` the question is what was known at `as_of`.
    Raises MalformedFact for a fact that nothing can be counted from.
    """
    told, judged = tuple(facts), Judged.of(rules)
    world = World(counted(told, as_of, known_at or as_of))
    coming = upcoming(told, as_of, known_at or as_of)
    return tuple(
        view
        for scope in world.scopes
        for view in _judged(scope, world.of(scope), judged, calendar, as_of, coming)
        if view.state != "pending" or view.kind == "gate"
    )


def judge_one(
    scope: Scope, facts: Iterable[Fact], judged: "Judged", calendar: Calendar, as_of: datetime, known_at: datetime
) -> tuple[ClockView, ...]:
    """The clocks of one subject. `facts` hold at least all that may concern it; what belongs to others is left out.

    Raises MalformedFact for a fact that nothing can be counted from.
    """
    told = tuple(facts)
    own = World(counted(told, as_of, known_at)).of(scope)
    return _judged(scope, own, judged, calendar, as_of, upcoming(told, as_of, known_at))


@dataclass(frozen=True)
class Judged:
    """Rules, also by the kind of subject that they are judged in, and the events that matter there."""

    every: tuple[Rule, ...]
    rules: Mapping[str, tuple[Rule, ...]]
    events: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Judged":
        by_kind: defaultdict[str, list[Rule]] = defaultdict(list)
        every = tuple(rule for rule in rules if rule.enforced)
        for rule in every:
            for kind in scopes_of(rule):
                by_kind[kind].append(rule)
        return cls(
            every,
            {kind: tuple(sorted(told, key=lambda rule: rule.id)) for kind, told in by_kind.items()},
            {kind: frozenset(event for rule in told for event in rule.events) for kind, told in by_kind.items()},
        )


def _judged(
    scope: Scope, facts: Facts, judged: Judged, calendar: Calendar, as_of: datetime, coming: datetime | None
) -> tuple[ClockView, ...]:
    refuse_malformed(facts)
    told = {fact.type for fact in facts}
    starting = (rule for rule in judged.rules.get(scope.kind, ()) if not told.isdisjoint(rule.starts))
    orders = orders_of(facts)
    views = [
        _told(view, rule, orders.get(str(view.clock_id), ()), calendar, as_of)
        for rule in starting
        for view in KINDS[rule.kind](rule, facts, calendar, as_of, scope)
    ]
    return tuple(
        sorted(
            (_looking_ahead(view, coming) for view in views),
            key=lambda view: (view.rule_id, view.started_at, str(view.clock_id)),
        )
    )


def earliest_of_obligation(clocks: Iterable[ClockView]) -> tuple[ClockView, ...]:
    """The open clocks that alert: where several authorities set clocks on one obligation and thing, the earliest.

    The others are measured and stay silent. Clocks of one rule never silence each other.
    """
    still_open = [clock for clock in clocks if clock.state == "missed" or (clock.state == "running" and clock.due_at)]
    of_duty: defaultdict[tuple[object, ...], list[ClockView]] = defaultdict(list)
    for clock in still_open:
        of_duty[_obliges(clock)].append(clock)
    return tuple(
        clock for clock in still_open if not any(_overrides(other, clock) for other in of_duty[_obliges(clock)])
    )


def _overrides(other: ClockView, clock: ClockView) -> bool:
    return other.rule_id != clock.rule_id and _rank(other) < _rank(clock)


def _obliges(clock: ClockView) -> tuple[object, ...]:
    return clock.obligation, clock.subject_type, clock.subject_id, clock.per_thing, clock.period


def _rank(clock: ClockView) -> tuple[datetime, str]:
    return clock.due_at or clock.started_at, clock.rule_id


KINDS: dict[str, Callable[[Rule, Facts, Calendar, datetime, Scope], tuple[ClockView, ...]]] = {
    "once": once_views,
    "age": once_views,
    "lead": once_views,
    "recurring": recurring_views,
    "quota": quota_views,
    "cap": cap_views,
    "monitor": monitor_views,
    "gate": gate_views,
}


def _looking_ahead(view: ClockView, coming: datetime | None) -> ClockView:
    if coming is None:
        return view
    return replace(view, next_at=min(coming, view.next_at or coming))


def _told(view: ClockView, rule: Rule, orders: Facts, calendar: Calendar, as_of: datetime) -> ClockView:
    """The clock under what staff ordered about it, with the rungs of its ladder."""
    under = ordered(view, orders, rule, calendar, as_of) if orders else view
    due = under.due_at or under.missed_at
    if under.state not in ("running", "missed") or due is None or not rule.rungs:
        return under
    rungs = steps(rule.rungs, under.started_at, due, orders, rule.escalation, calendar)
    following = min((step.at for step in rungs if step.at > as_of and step.at != due), default=None)
    next_at = min((at for at in (under.next_at, following) if at), default=None)
    return replace(under, steps=rungs, next_at=next_at)
