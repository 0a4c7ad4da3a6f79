"""When a limit ends, and when it warns."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deadlines.calendar import ONE_DAY, Calendar
from deadlines.lengths import Length
from deadlines.rule import IMMEDIATELY, SAME_DAY, Rule

# Instants are whole microseconds, so the due instant itself is the last one in time.
NEXT_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """`at` is the due time as it is shown; `lapses_at` is the first instant that is too late."""

    at: datetime
    lapses_at: datetime


def due_of(rule: Rule, start: datetime, calendar: Calendar) -> Due | None:
    """When the duty that began at `start` is due; None while the agency has set no tolerance for "immediately"."""
    if rule.due == IMMEDIATELY:
        minutes = rule.readings.tolerance_minutes
        return None if minutes is None else instant(start + timedelta(minutes=minutes))
    if rule.due == SAME_DAY:
        return end_of(calendar.day(start), calendar)
    length = Length.parse(rule.due)
    if length.unit == "hours":
        return instant(start + timedelta(hours=length.amount))
    last = last_day(rule, start, length, calendar)
    if rule.readings.due_time == "same_time":
        return instant(calendar.at(last, calendar.local(start).time()))
    return end_of(last, calendar)


def last_day(rule: Rule, start: datetime, length: Length, calendar: Calendar) -> date:
    """The local day on which a limit in days, weeks, months or years ends."""
    if rule.readings.start_day == "day_1":
        return calendar.add(calendar.day(start) - ONE_DAY, length, business=by_business_days(rule, length))
    return calendar.add(calendar.day(start), length, business=by_business_days(rule, length))


def by_business_days(rule: Rule, length: Length) -> bool:
    return length.unit == "business-days" or (length.unit == "days" and rule.readings.day_type == "business")


def warnings(rule: Rule, start: datetime, due: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """The instants between start and due time at which the rule warns."""
    leads = {calendar.earlier(due, Length.parse(lead)) for lead in rule.warn}
    return tuple(sorted(at for at in leads if start < at < due))


def instant(at: datetime) -> Due:
    return Due(at, at + NEXT_INSTANT)


def end_of(day: date, calendar: Calendar) -> Due:
    return Due(calendar.ends(day), calendar.begins(day + ONE_DAY))
