"""What is owed again and again: each turn is a clock of its own, and the next one runs from the last time it was done."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from deadlines.calendar import ONE_DAY, Calendar
from deadlines.course import Course, before_stop, course_of, stopped, without
from deadlines.due import Due, due_after, end_of
from deadlines.duties import Duty, concerning, duties
from deadlines.evidence import Evidence, completed, condition, matching
from deadlines.facts import Facts, after, before
from deadlines.lengths import Length
from deadlines.limits import Limit
from deadlines.malformed import date_in
from deadlines.rule import Rule
from deadlines.subjects import FOR_EVERYBODY, Scope
from deadlines.view import ClockView


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: from when it is counted, when it is due, and what was done."""

    number: int
    begins: datetime
    due: Due
    met: Evidence | None


def recurring_views(
    rule: Rule, facts: Facts, calendar: Calendar, as_of: datetime, scope: Scope
) -> tuple[ClockView, ...]:
    owed = duties(rule, facts, calendar, scope)
    if rule.interval.dates:
        return tuple(view for duty in owed for view in _on_fixed_dates(duty, calendar, as_of))
    if rule.starts == {FOR_EVERYBODY} and rule.due and rule.limit.length and rule.limit.length.unit == "business-days":
        return tuple(_for_closed_periods(owed, calendar, as_of))
    return tuple(view for duty in chains(owed) for view in _turn_views(duty, calendar, as_of))


def chains(owed: tuple[Duty, ...]) -> Iterator[Duty]:
    """The duties that begin a chain: while one runs, another start for the same thing begins none."""
    until: dict[str | None, datetime] = {}
    for duty in owed:
        if duty.thing in until and duty.started_at < until[duty.thing]:
            continue
        stop = stopped(duty, duty.started_at)
        until[duty.thing] = stop.at if stop else datetime.max.replace(tzinfo=duty.started_at.tzinfo)
        yield duty


def begins(duty: Duty, calendar: Calendar) -> datetime:
    """From when a chain counts; a chain that begins with the end of a calendar period counts from its last day."""
    if duty.start.type == FOR_EVERYBODY and duty.start.data.get("endsOn"):
        return calendar.ends(date_in(duty.start, "endsOn"))
    return duty.started_at


def _turn_views(duty: Duty, calendar: Calendar, as_of: datetime) -> Iterator[ClockView]:
    stop = stopped(duty, duty.started_at)
    for turn in _turns(duty, stop, calendar):
        met = before_stop(turn.met, stop, duty.rule.readings)
        course = Course.of(duty, turn.due, met, None if met else stop, stop)
        yield course.view(duty, as_of, turn.number, started_at=turn.begins, period=turn.number)


def _turns(duty: Duty, stop: Evidence | None, calendar: Calendar) -> Iterator[Turn]:
    """The turns that have begun: each is done by acts that no earlier turn has used."""
    rule = duty.rule
    start = begins(duty, calendar)
    left = without(after(duty.facts, duty.started_at), [duty.start])
    left = tuple(fact for fact in left if fact.type in rule.acts)
    number, begun, due = 1, start, _first_due(rule, start, calendar)
    while True:
        met = completed(rule.satisfied_by, rule.satisfied_where, left)
        yield Turn(number, begun, due, met)
        if met is None or (stop and met.at >= stop.at):
            return
        left = after(without(left, met.facts), met.at) if len(met.facts) == 1 else without(left, met.facts)
        begun = met.at if rule.readings.repeat_from == "last_done" else due.at
        number, due = number + 1, _next_due(rule, begun, calendar)


def _first_due(rule: Rule, start: datetime, calendar: Calendar) -> Due:
    if rule.due:
        return due_after(rule, rule.limit, start, calendar)
    if rule.readings.first_due == "at_start":
        return end_of(calendar.day(start), calendar)
    return _next_due(rule, start, calendar)


def _next_due(rule: Rule, begun: datetime, calendar: Calendar) -> Due:
    interval = rule.interval
    if interval.quarterly and rule.readings.quarter == "calendar":
        following = calendar.quarter_end(calendar.day(begun)) + ONE_DAY
        return end_of(calendar.quarter_end(following), calendar)
    return due_after(rule, Limit("start", interval.length), begun, calendar)


def _on_fixed_dates(duty: Duty, calendar: Calendar, as_of: datetime) -> Iterator[ClockView]:
    """Each date is owed by itself, counted from the start; an act names the date it was done for."""
    rule, key = duty.rule, duty.rule.things.key if duty.rule.things else ""
    for number in rule.interval.dates:
        length = Length(number, rule.interval.length.unit)
        own = replace(duty, facts=concerning(duty.facts, key, str(number)))
        course = replace(
            course_of(own, calendar), due=due_after(rule, Limit("start", length), duty.started_at, calendar)
        )
        yield course.view(own, as_of, number, period=number, thing=str(number))


def _for_closed_periods(owed: tuple[Duty, ...], calendar: Calendar, as_of: datetime) -> Iterator[ClockView]:
    """One due date for each period that closes while it is owed; what is handed in late counts for the oldest one."""
    used: Facts = ()
    number = 0
    for duty in owed:
        rule, closed = duty.rule, begins(duty, calendar)
        known = before(duty.facts, closed + timedelta(seconds=1))
        if condition(rule.conditions, known).holds is not True or _ended(duty, known):
            continue
        left = without(after(duty.facts, closed), used)
        met = completed(rule.satisfied_by, rule.satisfied_where, left)
        used, number = (*used, *(met.facts if met else ())), number + 1
        stop = stopped(duty, closed)
        met = before_stop(met, stop, rule.readings)
        course = Course.of(duty, due_after(rule, rule.limit, closed, calendar), met, stop)
        yield course.view(duty, as_of, started_at=closed, period=number)


def _ended(duty: Duty, known: Facts) -> bool:
    return bool(matching(duty.rule.stopped_by, duty.rule.stopped_where, known))
