"""Monitors: a length, an age or a number that trips. A trip is a miss that an act answers and a stop takes off the list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from deadlines.calendar import Calendar
from deadlines.course import Course, stopped
from deadlines.due import Due, due_after
from deadlines.duties import Duty, duties
from deadlines.evidence import Evidence, completed, condition, countable
from deadlines.facts import Facts, since
from deadlines.lengths import Length
from deadlines.rule import Rule
from deadlines.subjects import Scope
from deadlines.view import ClockView


def monitor_views(rule: Rule, facts: Facts, calendar: Calendar, as_of: datetime, scope: Scope) -> tuple[ClockView, ...]:
    owed = duties(rule, facts, calendar, scope)
    if rule.window:
        return tuple(_of_a_number_in_a_window(owed, calendar, as_of))
    if rule.count:
        return tuple(_of_a_number_in_a_length(duty, calendar, as_of) for duty in owed)
    if rule.starts == rule.acts:
        return tuple(_tripped(duty, as_of) for duty in owed)
    if not rule.stopped_by:
        return tuple(_counting(duty, calendar, as_of) for duty in owed)
    return tuple(_of_a_length(duty, calendar, as_of) for duty in owed)


def _of_a_length(duty: Duty, calendar: Calendar, as_of: datetime) -> ClockView:
    """Trips when the length has passed and nothing stopped it; an act before the trip answers nothing."""
    rule = duty.rule
    due = due_after(rule, rule.limit, duty.started_at, calendar)
    stop = stopped(duty, duty.started_at)
    if stop and stop.at >= due.lapses_at:
        view = Course.of(duty, due, None, stop).view(duty, as_of)
        return _off_the_list(view, due) if stop.at <= as_of else view
    met = completed(rule.satisfied_by, rule.satisfied_where, since(duty.facts, due.lapses_at))
    return Course.of(duty, due, met, stop).view(duty, as_of)


def _off_the_list(view: ClockView, due: Due) -> ClockView:
    return view if view.state == "not-applicable" else replace(view, state="cancelled", missed_at=due.at, next_at=None)


def _tripped(duty: Duty, as_of: datetime) -> ClockView:
    """One fact trips it."""
    applies = condition(duty.rule.conditions, duty.facts)
    return Course(applies, Due(duty.started_at, duty.started_at), None, None).view(duty, as_of).with_no_due()


def _counting(duty: Duty, calendar: Calendar, as_of: datetime) -> ClockView:
    """Counts what is done until the length is over, and asks for no number."""
    rule = duty.rule
    due = due_after(rule, rule.limit, duty.started_at, calendar)
    acts = countable(rule.satisfied_by, rule.satisfied_where, since(duty.facts, duty.started_at))
    inside = tuple(act for act in acts if act.occurred_at < due.lapses_at)
    over = Evidence(due.at, inside) if as_of >= due.lapses_at else None
    return Course.of(duty, due, over, None).view(duty, as_of, used=inside, done=len(inside))


def _of_a_number_in_a_length(duty: Duty, calendar: Calendar, as_of: datetime) -> ClockView:
    """Trips with the act that passes the number while the length runs; over without it, nothing tripped."""
    rule, most = duty.rule, duty.rule.number.least
    end = due_after(rule, rule.limit, duty.started_at, calendar)
    acts = countable(rule.satisfied_by, rule.satisfied_where, since(duty.facts, duty.started_at))
    inside = tuple(act for act in acts if act.occurred_at < end.lapses_at)
    if len(inside) > most:
        at = inside[most].occurred_at
        view = Course.of(duty, Due(at, at), None, None).view(duty, as_of, used=inside, done=len(inside), over=True)
        return replace(view, due_at=end.at)
    over = Evidence(end.at, inside) if as_of >= end.lapses_at else None
    return Course.of(duty, end, over, None).view(duty, as_of, used=inside, done=len(inside))


def _of_a_number_in_a_window(owed: tuple[Duty, ...], calendar: Calendar, as_of: datetime) -> Iterator[ClockView]:
    """One clock until it has tripped and was answered; what happens after that begins the next."""
    rest, turn = owed, 0
    while rest:
        turn, first = turn + 1, rest[0]
        rule = first.rule
        trip = next((duty for duty in rest if _within(duty, owed, calendar) >= rule.number.least), None)
        at = trip.started_at if trip else None
        met = completed(rule.satisfied_by, rule.satisfied_where, since(first.facts, at)) if at else None
        facts = tuple(duty.start for duty in owed if at is None or duty.started_at <= at)
        course = Course.of(first, Due(at, at) if at else None, met, None)
        view = course.view(first, as_of, used=facts, done=_within(trip or rest[-1], owed, calendar), period=turn)
        yield view.with_no_due() if trip else view
        answered = met.at if met else None
        rest = tuple(duty for duty in rest if answered is not None and duty.started_at > answered)


def _within(last: Duty, owed: tuple[Duty, ...], calendar: Calendar) -> int:
    """How many starts lie in the window that ends on the day of one of them."""
    day = calendar.day(last.started_at)
    opens = calendar.back(day, Length.parse(last.rule.window))
    return sum(
        1 for duty in owed if opens < calendar.day(duty.started_at) <= day and duty.started_at <= last.started_at
    )
