"""Words for instants, days, events and numbers, as the agency reads them."""

import re
from datetime import date, datetime

from deadlines.calendar import Calendar
from deadlines.limits import Count


def when(at: datetime, calendar: Calendar) -> str:
    """An instant as the agency reads it: local, to the second, with the name of the zone."""
    return calendar.local(at).strftime("%a %Y-%m-%d %H:%M:%S %Z")


def day_words(day: date) -> str:
    return day.strftime("%a %Y-%m-%d")


def event_words(event: str) -> str:
    """`ReportReceived` as `Report received`."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", event).capitalize()


def number_words(number: Count) -> str:
    """How many acts or hours are asked; empty for one act."""
    if number.in_hours:
        return f"{number.least} to {number.most} hours" if number.most else f"{number.least} hours"
    if number.most:
        return f"{number.least} to {number.most} times"
    return f"{number.least} times" if number.least > 1 else ""
