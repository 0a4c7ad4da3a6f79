"""Clocks that are owed once: from a start until an act, within a limit or by a date. Birthdays are no exception."""

from datetime import datetime

from deadlines.calendar import Calendar
from deadlines.course import course_of
from deadlines.duties import Duty, duties
from deadlines.facts import Facts
from deadlines.rule import Rule
from deadlines.stays import stay_views
from deadlines.subjects import Scope
from deadlines.view import ClockView


def once_views(rule: Rule, facts: Facts, calendar: Calendar, as_of: datetime, scope: Scope) -> tuple[ClockView, ...]:
    owed = duties(rule, facts, calendar, scope)
    if rule.window:
        return stay_views(owed, calendar, as_of)
    if rule.due and rule.limit.anchor == "date":
        owed = first_of_each(owed)
    return tuple(course_of(duty, calendar).view(duty, as_of) for duty in owed)


def first_of_each(owed: tuple[Duty, ...]) -> tuple[Duty, ...]:
    """One clock for each thing: the same event told again with another date moves it."""
    first: dict[str | None, Duty] = {}
    for duty in owed:
        first.setdefault(duty.thing, duty)
    return tuple(first.values())
