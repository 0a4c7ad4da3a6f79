"""The clock engine: `judge(facts, rules, calendar, as_of) -> clocks`, pure; order and repeats of facts do not count."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from deadlines.calendar import Calendar
from deadlines.facts import Fact, Facts, counted, upcoming
from deadlines.gates import gate_views
from deadlines.once import once_views
from deadlines.quota import quota_views
from deadlines.rule import Rule
from deadlines.view import ClockView


def judge(
    facts: Iterable[Fact],
    rules: Iterable[Rule],
    calendar: Calendar,
    as_of: datetime,
    known_at: datetime | None = None,
) -> tuple[ClockView, ...]:
    """Every clock of one subject family (a report and its investigation) at `as_of`, on what was known at `known_at`.

    Facts come in any order and any number of times. Without `known_at` the question is what was known at `as_of`.
    Raises MalformedFact when a fact that starts a clock names no subject.
    """
    told = tuple(facts)
    known = counted(told, as_of, known_at or as_of)
    views = [view for rule in rules for view in _views(rule, known, calendar, as_of)]
    coming = upcoming(told, as_of, known_at or as_of)
    return tuple(
        sorted((_looking_ahead(view, coming) for view in views), key=lambda view: (view.rule_id, _order(view)))
    )


def earliest_of_obligation(clocks: Iterable[ClockView]) -> tuple[ClockView, ...]:
    """The open clocks that alert: where several authorities set clocks on one obligation and thing, the earliest.

    The others are measured and stay silent. Clocks of one rule never silence each other.
    """
    still_open = [clock for clock in clocks if clock.state in ("running", "missed") and clock.due_at]
    return tuple(clock for clock in still_open if not any(_overrides(other, clock) for other in still_open))


def _overrides(other: ClockView, clock: ClockView) -> bool:
    return other.rule_id != clock.rule_id and _obliges(other) == _obliges(clock) and _rank(other) < _rank(clock)


def _obliges(clock: ClockView) -> tuple[object, ...]:
    return clock.obligation, clock.subject_type, clock.subject_id, clock.per_thing, clock.period


def _rank(clock: ClockView) -> tuple[datetime, str]:
    return clock.due_at or clock.started_at, clock.rule_id


def _views(rule: Rule, facts: Facts, calendar: Calendar, as_of: datetime) -> tuple[ClockView, ...]:
    match rule.kind:
        case "once":
            return once_views(rule, facts, calendar, as_of)
        case "quota":
            return quota_views(rule, facts, calendar, as_of)
        case "gate":
            return gate_views(rule, facts, calendar)


def _order(view: ClockView) -> tuple[datetime, str]:
    return view.started_at, str(view.clock_id)


def _looking_ahead(view: ClockView, coming: datetime | None) -> ClockView:
    if coming is None:
        return view
    return replace(view, next_at=min(coming, view.next_at or coming))
