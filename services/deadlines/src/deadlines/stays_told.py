"""Stays added up inside a rolling window, told one by one."""

from collections.abc import Iterator
from datetime import date

from deadlines.calendar import Calendar
from deadlines.evidence import matching
from deadlines.facts import Facts
from deadlines.lengths import Length
from deadlines.rule import Rule
from deadlines.stays import months_and_days, stays_of
from deadlines.view import ClockView
from deadlines.wording import day_words, when


def stays_told(clock: ClockView, rule: Rule, facts: Facts, calendar: Calendar) -> Iterator[str]:
    """Every stay with the months it has inside the window that ends on the due day."""
    amount, window = rule.limit.length, Length.parse(rule.window)
    yield f"Time in care is added up over all stays inside {window}; it is due when it reaches {amount}."
    until = calendar.day(clock.due_at) if clock.due_at else None
    opens = calendar.back(until, window) if until else date.min
    starts = matching(rule.starts_on, rule.start_where, facts)
    for first, end in (stay.days(calendar) for stay in stays_of(rule, starts, facts)):
        last = min(end or until or first, until or end or first)
        if until is None and end is None:
            yield f"In care since {day_words(first)}."
        elif max(first, opens) < last:
            inside = _length(max(first, opens), last, rule, calendar)
            yield f"In care from {day_words(max(first, opens))} to {day_words(last)}: {inside}."
    if clock.due_at is None:
        yield f"Nothing reaches {amount} yet."
        return
    if rule.limit.to_month_end:
        yield "It is due at the end of the calendar month in which it is reached."
    yield f"Due {when(clock.due_at, calendar)}."


def _length(first: date, end: date, rule: Rule, calendar: Calendar) -> str:
    if rule.readings.time_in_care == "days":
        return f"{(end - first).days} days"
    months, days = months_and_days(first, end, calendar)
    return f"{months} months" + (f" and {days}/31" if days else "")
