"""How a due time was counted, step by step, so that it can be checked on paper."""

from collections.abc import Generator, Iterator
from datetime import date, datetime

from deadlines.calendar import ONE_DAY, Calendar
from deadlines.due import by_business_days, due_after
from deadlines.facts import Facts
from deadlines.lengths import Length
from deadlines.limits import Limit
from deadlines.malformed import date_in
from deadlines.rule import Rule
from deadlines.stays_told import stays_told
from deadlines.subjects import FOR_EVERYBODY
from deadlines.view import ClockView
from deadlines.wording import day_words, event_words, when

# Calendar days are told one by one up to a fortnight; business days always, since some of them do not count.
TOLD_ONE_BY_ONE = 14


def arithmetic(clock: ClockView, rule: Rule, facts: Facts, calendar: Calendar) -> Iterator[str]:
    """The steps from the start to the due time, or to the number that is asked."""
    if rule.kind == "quota":
        yield from _period(clock, rule, calendar)
    elif rule.kind == "gate":
        yield from _gate(rule)
    elif rule.kind == "recurring":
        yield from _turn(clock, rule, calendar)
    elif rule.kind == "monitor":
        yield from _monitor(clock, rule, calendar)
    elif rule.window:
        yield from stays_told(clock, rule, facts, calendar)
    else:
        yield from _cap_number(rule)
        if rule.kind == "cap" and clock.due_at is None and clock.missed_at is not None:
            yield f"The number was reached before this one began {when(clock.started_at, calendar)}."
        else:
            yield from _limit(clock, rule, facts, calendar)
    if clock.order is not None and clock.due_at is not None:
        yield f"By order of {when(clock.order.occurred_at, calendar)} it is due {when(clock.due_at, calendar)}."


def _limit(clock: ClockView, rule: Rule, facts: Facts, calendar: Calendar) -> Iterator[str]:
    """What `due` says, for the start of this clock."""
    start = when(clock.started_at, calendar)
    if not rule.due:
        yield f"It began {start} and has no due time: it runs until it is met."
        return
    limit = rule.limit
    match limit.anchor:
        case "immediately":
            minutes = rule.readings.tolerance_minutes
            if minutes is not None:
                yield f"{start} + {minutes} minutes, the tolerance for immediately = {_due(clock, calendar)}."
        case "same day":
            yield f"{start}: the same day ends {_due(clock, calendar)}."
        case "same day as":
            names = " or ".join(event_words(event) for event in limit.events)
            if clock.due_at is None:
                yield f"It is due on the day of this, which has not happened yet: {names}."
            else:
                yield f"The first of these since {start}: {names}. That day ends {_due(clock, calendar)}."
        case "date":
            yield from _date(clock, limit, facts, calendar)
        case "start":
            yield from counted(clock.started_at, rule, limit, calendar)


def counted(start: datetime, rule: Rule, limit: Limit, calendar: Calendar) -> Iterator[str]:
    """A length added to a start: hours as one sum, business days and a few days one by one, months as a sum."""
    length = limit.length
    assert length is not None
    due = when(due_after(rule, limit, start, calendar).at, calendar)
    if length.unit == "hours":
        how = "as elapsed time" if rule.readings.hours == "elapsed" else "by the clock on the wall"
        yield f"{when(start, calendar)} + {length}, {how} = {due}."
        return
    first = calendar.day(start)
    from_start = rule.readings.start_day == "day_0"
    yield f"{day_words(first)} is the day of the start, day {0 if from_start else 1}."
    last = yield from _days(first if from_start else first - ONE_DAY, first, rule, length, calendar)
    if limit.to_month_end:
        last = calendar.month_end(last)
        yield f"The month in which that falls ends {day_words(last)}."
    moved = calendar.shifted(last, rule.readings.weekend_shift)
    if moved != last:
        yield f"{day_words(last)} is no business day ({calendar.closed_for(last)}): moved to {day_words(moved)}."
    yield f"Due {due}."


def _days(anchor: date, first: date, rule: Rule, length: Length, calendar: Calendar) -> Generator[str, None, date]:
    """The days one by one, or their sum; returns the last of them."""
    business = by_business_days(rule, length)
    last = calendar.add(anchor, length, business=business)
    if not business and (length.unit not in ("days", "calendar-days") or length.amount > TOLD_ONE_BY_ONE):
        yield f"{day_words(anchor)} + {length} = {day_words(last)}."
        return last
    for day, number, why_not in calendar.counted_days(anchor, length.amount, business=business):
        if day > first:
            yield f"{day_words(day)}: not counted, {why_not}." if why_not else f"{day_words(day)}: day {number}."
    return last


def _date(clock: ClockView, limit: Limit, facts: Facts, calendar: Calendar) -> Iterator[str]:
    """The date that a fact carries, or so long before it."""
    told = [fact for fact in facts if fact.type in limit.events and fact.data.get(limit.field)]
    if not told:
        yield f"{event_words(limit.events[0])} has told no {limit.field} yet: nobody can say when it is due."
        return
    day = date_in(told[-1], limit.field)
    yield f"{limit.field} of {event_words(told[-1].type)} is {day_words(day)}."
    if limit.length:
        yield f"{day_words(day)} - {limit.length} = {day_words(calendar.back(day, limit.length))}."
    yield f"Due {_due(clock, calendar)}."


def _turn(clock: ClockView, rule: Rule, calendar: Calendar) -> Iterator[str]:
    """One turn of what is owed again and again, or one of its fixed dates."""
    interval, start = rule.interval, clock.started_at
    if interval.dates:
        length = Length(clock.period or interval.dates[0], interval.length.unit)
        yield f"Fixed date: {length} from the start."
        yield from counted(start, rule, Limit("start", length), calendar)
        return
    of_a_closed_period = rule.starts == {FOR_EVERYBODY}
    first = clock.period in (None, 1) or (of_a_closed_period and _in_business_days(rule))
    since = "the last time it was done" if rule.readings.repeat_from == "last_done" else "its last due time"
    begins = ("the end of the period" if of_a_closed_period else "its start") if first else since
    yield f"Turn {clock.period or 1} counts from {begins}: {when(start, calendar)}."
    if first and rule.due:
        yield from counted(start, rule, rule.limit, calendar)
    elif clock.period == 1 and rule.readings.first_due == "at_start":
        yield f"The first is due on the day of the start: {_due(clock, calendar)}."
    elif interval.quarterly and rule.readings.quarter == "calendar":
        yield f"It is owed once in each calendar quarter: the next one ends {_due(clock, calendar)}."
    else:
        yield from counted(start, rule, Limit("start", interval.length), calendar)


def _in_business_days(rule: Rule) -> bool:
    return bool(rule.due) and rule.limit.length is not None and rule.limit.length.unit == "business-days"


def _period(clock: ClockView, rule: Rule, calendar: Calendar) -> Iterator[str]:
    """The period of a quota, and what was counted in it."""
    until = (
        rule.runs or " or ".join(event_words(event).lower() for event in rule.stopped_by.split()) or "further notice"
    )
    length = f"{rule.every} of {rule.runs}" if rule.runs else f"{rule.every}, until {until}"
    begins = when(clock.started_at, calendar)
    if clock.due_at is None:
        yield f"The first period of the quota ({length}) begins {begins}."
        return
    run = length if rule.every else rule.runs
    yield f"Period {clock.period} of the quota ({run}) begins {begins} and ends {_due(clock, calendar)}."
    yield f"{clock.done} of {clock.required} {'minutes' if rule.number.in_hours else 'acts'} are counted in it."
    if clock.over:
        yield f"That is more than the maximum of {rule.number.most}{' hours' if rule.number.in_hours else ''}."


def _gate(rule: Rule) -> Iterator[str]:
    """What the threshold of a gate measures."""
    if rule.gate is None or not rule.gate.measures:
        return
    least = str(Length.parse(rule.gate.threshold))
    blocked = " or ".join(event_words(event) for event in rule.blocked)
    yield {
        "length of the act": f"From the start to the act must be at least {least}.",
        "time until the attempt": f"From the start to this must be at least {least}: {blocked}.",
        "time until it is owed": f"It is asked only after {least}.",
        "hours of the acts": f"The acts together must have at least {least}.",
        "age in the list": f"Only those of {least} or older owe it, {least} read as {rule.readings.age_six}.",
        "age limit": f"The age of {least} is read as {rule.readings.age_limit}.",
    }[rule.gate.measures]


def _cap_number(rule: Rule) -> Iterator[str]:
    if rule.kind == "cap" and rule.count:
        how = f"begin in {rule.every}, counted from the first" if rule.every else "be open at once"
        yield f"At most {rule.number.least} may {how}."


def _monitor(clock: ClockView, rule: Rule, calendar: Calendar) -> Iterator[str]:
    """The length or the number that trips it."""
    if rule.window:
        yield f"It trips at {rule.number.least} in {rule.window}: {clock.done} are counted."
    elif rule.starts == rule.acts:
        yield "One fact trips it."
    else:
        yield from counted(clock.started_at, rule, rule.limit, calendar)
        if rule.count:
            yield f"It trips at more than {rule.number.least} in that time: {clock.done} are counted."
    if clock.missed_at is not None:
        yield f"Tripped {when(clock.missed_at, calendar)}."


def _due(clock: ClockView, calendar: Calendar) -> str:
    return when(clock.due_at, calendar) if clock.due_at else "at a time that is not known"
