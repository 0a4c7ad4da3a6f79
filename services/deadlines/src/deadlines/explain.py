"""Why a clock stands as it does: rule, authority, facts and arithmetic, in sentences that a caseworker can check."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from deadlines.calendar import ONE_DAY, Calendar
from deadlines.due import by_business_days
from deadlines.facts import Fact
from deadlines.lengths import Length
from deadlines.rule import IMMEDIATELY, SAME_DAY, Rule
from deadlines.view import ClockView


@dataclass(frozen=True, slots=True)
class FactUsed:
    """One fact of the reasoning: what it is called, when it happened and when it was learned."""

    id: UUID
    type: str
    happened_at: datetime
    learned_at: datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasoning behind one clock, as sentences and as data."""

    rule: str
    title: str
    authority: str
    source: str
    state: str
    facts: tuple[FactUsed, ...]
    arithmetic: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    would_meet: str
    unknown: tuple[str, ...]
    sentences: tuple[str, ...]


def explain(clock: ClockView, rule: Rule, facts: Iterable[Fact], calendar: Calendar) -> Explanation:
    """Explain one clock from its rule and the facts it was judged on. Raises ValueError for another rule."""
    if clock.rule_id != rule.id:
        raise ValueError(f"{clock.rule_id} is not explained by {rule.id}")
    used = _used(clock, facts)
    arithmetic, settings = tuple(_arithmetic(clock, rule, calendar)), tuple(_settings(clock, rule))
    would_meet, unknown = _would_meet(rule), _unknown(clock, rule)
    sentences = (
        f"{rule.title} ({rule.authority}, {rule.source}).",
        *(_told(fact, calendar) for fact in used),
        *arithmetic,
        _verdict(clock, calendar),
        *(f"Not known yet: {what}." for what in unknown),
        *(() if clock.met_at else (f"It is met by: {would_meet}.",)),
        *((f"Note: {rule.note}",) if rule.note else ()),
    )
    return Explanation(
        rule=rule.version,
        title=rule.title,
        authority=rule.authority,
        source=rule.source,
        state=clock.state,
        facts=used,
        arithmetic=arithmetic,
        settings=settings,
        would_meet=would_meet,
        unknown=unknown,
        sentences=sentences,
    )


def _used(clock: ClockView, facts: Iterable[Fact]) -> tuple[FactUsed, ...]:
    known = {fact.id: fact for fact in facts}
    chosen = sorted((known[id] for id in clock.facts_used if id in known), key=lambda fact: (fact.occurred_at, fact.id))
    return tuple(FactUsed(fact.id, fact.type, fact.occurred_at, fact.recorded_at) for fact in chosen)


def _told(fact: FactUsed, calendar: Calendar) -> str:
    happened, learned = when(fact.happened_at, calendar), when(fact.learned_at, calendar)
    return f"{_words(fact.type)}: happened {happened}, learned {learned}."


def _arithmetic(clock: ClockView, rule: Rule, calendar: Calendar) -> Iterable[str]:
    start = when(clock.started_at, calendar)
    if clock.due_at is None:
        return
    due = when(clock.due_at, calendar)
    if rule.kind == "quota":
        yield f"Period {clock.period} of the quota ({rule.every} of {rule.runs}) begins {start} and ends {due}."
        yield f"{clock.done} of {clock.required} acts are counted in it."
    elif rule.due == IMMEDIATELY:
        yield f"{start} + {rule.readings.tolerance_minutes} minutes, the tolerance for immediately = {due}."
    elif rule.due == SAME_DAY:
        yield f"{start}: the same day ends {due}."
    elif Length.parse(rule.due).unit == "hours":
        yield f"{start} + {rule.due}, as elapsed time = {due}."
    else:
        yield from _days(clock.started_at, clock.due_at, rule, calendar)


def _days(start: datetime, due_at: datetime, rule: Rule, calendar: Calendar) -> Iterable[str]:
    length, first = Length.parse(rule.due), calendar.day(start)
    from_start = rule.readings.start_day == "day_0"
    yield f"{_day(first)} is the day of the start, day {0 if from_start else 1}."
    anchor = first if from_start else first - ONE_DAY
    if length.unit in ("weeks", "months", "years"):
        yield f"{_day(anchor)} + {length} = {_day(calendar.day(due_at))}."
    else:
        business = by_business_days(rule, length)
        for day, number, why_not in calendar.counted_days(anchor, length.amount, business=business):
            if day > first:
                yield f"{_day(day)}: not counted, {why_not}." if why_not else f"{_day(day)}: day {number}."
    yield f"Due {when(due_at, calendar)}."


def _settings(clock: ClockView, rule: Rule) -> Iterable[tuple[str, str]]:
    names: tuple[str, ...] = ("satisfied_before_start", "boundary")
    if rule.kind == "gate":
        names = ("gate_act_since", "gate_in_retrospect")
    elif rule.kind == "quota":
        names = ("quota_period", "window", "month_end", "partial_last_period")
    elif rule.due == IMMEDIATELY:
        names = ("tolerance_minutes", *names)
    elif rule.due != SAME_DAY:
        length = Length.parse(rule.due)
        of_days = ("due_time", "start_day", *(("day_type",) if length.unit == "days" else ()), "weekend_shift")
        names = (*(("hours",) if length.unit == "hours" else of_days), *names)
    if rule.applies_where:
        names = (*names, "condition_read_at", *(("applies_if_unknown",) if clock.provisional else ()))
    for name in names:
        value = getattr(rule.readings, name)
        yield name, "not set" if value is None else str(value)


def _verdict(clock: ClockView, calendar: Calendar) -> str:
    due = when(clock.due_at, calendar) if clock.due_at else "an unknown time"
    met = when(clock.met_at, calendar) if clock.met_at else ""
    return {
        "pending": "Not attempted yet.",
        "running": f"Running until {due}.",
        "met": f"Met {met}.",
        "met-late": f"Met late: {met}, due {due}.",
        "missed": f"Missed: due {due}." if clock.due_at else "Attempted without it.",
        "cancelled": f"Cancelled {when(clock.stopped_at, calendar)}." if clock.stopped_at else "Cancelled.",
        "not-applicable": "Does not apply.",
        "unknown": f"Provisionally due {due}." if clock.provisional else "It cannot be said yet whether it is kept.",
    }[clock.state]


def _would_meet(rule: Rule) -> str:
    named = set(re.findall(r"(\w+)\(", rule.satisfied_where))
    bare = [_words(event) for event in re.split(r"[ +]", rule.satisfied_by) if event not in named]
    act = " or ".join([*bare, *([rule.satisfied_where] if rule.satisfied_where else [])])
    return f"{act}, {rule.count} times" if rule.count > 1 else act


def _unknown(clock: ClockView, rule: Rule) -> tuple[str, ...]:
    codes = [reason.partition(":") for reason in clock.reasons]
    conditions = tuple(
        f"whether {rule.applies_where} (no {_words(event)})" for code, _, event in codes if code == "condition-unknown"
    )
    tolerance = tuple(
        "how long immediately is (tolerance missing)" for code, _, _ in codes if code == "tolerance-missing"
    )
    return conditions + tolerance


def when(at: datetime, calendar: Calendar) -> str:
    """An instant as the agency reads it: local, to the second, with the name of the zone."""
    return calendar.local(at).strftime("%a %Y-%m-%d %H:%M:%S %Z")


def _day(day: date) -> str:
    return day.strftime("%a %Y-%m-%d")


def _words(event: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", event).capitalize()
