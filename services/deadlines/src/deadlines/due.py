"""When a limit ends."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deadlines.calendar import ONE_DAY, Calendar
from deadlines.duties import Duty
from deadlines.facts import Fact
from deadlines.lengths import Length
from deadlines.limits import Limit
from deadlines.malformed import date_in
from deadlines.rule import Rule

# Instants are whole microseconds, so the due instant itself is the last one in time.
NEXT_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """`at` is the due time as it is shown; `lapses_at` is the first instant that is too late."""

    at: datetime
    lapses_at: datetime


def due_of(duty: Duty, calendar: Calendar) -> Due | None:
    """When a duty is due; None while nobody can say it: no tolerance is set, or the day it hangs on has not come."""
    rule, limit, start = duty.rule, duty.rule.limit, duty.started_at
    match limit.anchor:
        case "immediately":
            minutes = rule.readings.tolerance_minutes
            return None if minutes is None else instant_of(start + timedelta(minutes=minutes), rule)
        case "same day":
            return end_of(calendar.day(start), calendar)
        case "same day as":
            end = next((fact for fact in duty.facts if _ends(fact, limit, duty)), None)
            return end_of(calendar.day(end.occurred_at), calendar) if end else None
        case "date":
            day = dated(duty, limit)
            if day is None:
                return None
            return end_of(calendar.back(day, limit.length) if limit.length else day, calendar)
        case "start":
            return due_after(rule, limit, start, calendar)


def due_after(rule: Rule, limit: Limit, start: datetime, calendar: Calendar) -> Due:
    """The end of a length of time that begins at `start`."""
    assert limit.length is not None
    if limit.length.unit == "hours":
        return instant_of(calendar.hours_later(start, limit.length.amount, rule.readings.hours), rule)
    last = last_day(rule, start, limit.length, calendar)
    if limit.to_month_end:
        last = calendar.month_end(last)
    if rule.readings.due_time == "same_time":
        return instant_of(calendar.at(last, calendar.local(start).time()), rule)
    return end_of(last, calendar)


def last_day(rule: Rule, start: datetime, length: Length, calendar: Calendar) -> date:
    """The local day on which a limit in days, weeks, months or years ends."""
    first = calendar.day(start) - (ONE_DAY if rule.readings.start_day == "day_1" else timedelta(0))
    return calendar.shifted(
        calendar.add(first, length, business=by_business_days(rule, length)), rule.readings.weekend_shift
    )


def by_business_days(rule: Rule, length: Length) -> bool:
    return length.unit == "business-days" or (length.unit == "days" and rule.readings.day_type == "business")


def dated(duty: Duty, limit: Limit) -> date | None:
    """The date that the latest such fact carries: a date that moves, moves the clock. Raises MalformedFact."""
    told = [fact for fact in duty.facts if fact.type in limit.events and fact.data.get(limit.field)]
    return date_in(told[-1], limit.field) if told else None


def instant(at: datetime) -> Due:
    return Due(at, at + NEXT_INSTANT)


def end_of(day: date, calendar: Calendar) -> Due:
    return Due(calendar.ends(day), calendar.begins(day + ONE_DAY))


def instant_of(at: datetime, rule: Rule) -> Due:
    """A due instant, which itself is in time or not, as the rule reads its boundary."""
    return Due(at, at) if rule.readings.boundary == "exclusive" else instant(at)


def _ends(fact: Fact, limit: Limit, duty: Duty) -> bool:
    return fact.type in limit.events and fact.occurred_at >= duty.started_at and fact.id != duty.start.id
