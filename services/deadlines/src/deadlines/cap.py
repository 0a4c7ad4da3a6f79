"""Caps: how long something may last, and how many may be open at once or begin in one period."""

from collections.abc import Iterator
from datetime import datetime

from deadlines.calendar import Calendar
from deadlines.course import Course, course_of
from deadlines.due import Due
from deadlines.duties import Duty, duties
from deadlines.evidence import matching
from deadlines.facts import Facts
from deadlines.once import first_of_each
from deadlines.rule import Rule
from deadlines.subjects import Scope
from deadlines.view import ClockView


def cap_views(rule: Rule, facts: Facts, calendar: Calendar, as_of: datetime, scope: Scope) -> tuple[ClockView, ...]:
    owed = duties(rule, facts, calendar, scope)
    if rule.due and rule.limit.anchor == "date":
        owed = first_of_each(owed)
    beyond = {(duty.origin, duty.thing) for duty in _beyond(owed, calendar)} if rule.count else set()
    return tuple(
        _too_many(duty, as_of, calendar)
        if (duty.origin, duty.thing) in beyond
        else course_of(duty, calendar).view(duty, as_of)
        for duty in owed
    )


def _too_many(duty: Duty, as_of: datetime, calendar: Calendar) -> ClockView:
    """Missed from its own start: the number was reached before it began. It has no due time."""
    course = course_of(duty, calendar)
    lapsed = Course(course.applies, Due(duty.started_at, duty.started_at), course.met, course.stop)
    view = lapsed.view(duty, as_of)
    return view if view.missed_at is None else view.with_no_due()


def _beyond(owed: tuple[Duty, ...], calendar: Calendar) -> Iterator[Duty]:
    """The starts that pass the number: open at once, or begun in one period counted from the first start."""
    for number, duty in enumerate(owed):
        earlier = owed[:number]
        if duty.rule.every:
            counted = _in_the_same_period(duty, earlier, calendar)
        else:
            counted = sum(1 for each in earlier if not _ended(each, duty.started_at))
        if counted >= duty.rule.number.least:
            yield duty


def _ended(duty: Duty, by: datetime) -> bool:
    rule = duty.rule
    ends = matching(rule.satisfied_by, rule.satisfied_where, duty.facts)
    return any(duty.started_at < end.occurred_at <= by for end in ends)


def _in_the_same_period(duty: Duty, earlier: tuple[Duty, ...], calendar: Calendar) -> int:
    if not earlier:
        return 0
    first, every = calendar.day(earlier[0].started_at), duty.rule.interval.length
    number, day = 1, calendar.day(duty.started_at)
    while calendar.add(first, every.times(number)) <= day:
        number += 1
    opens = calendar.add(first, every.times(number - 1)) if number > 1 else first
    return sum(1 for each in earlier if calendar.day(each.started_at) >= opens)
