"""The agency's calendar: its time zone, its business days, and the arithmetic of limits on them."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from deadlines.lengths import Length

ONE_DAY = timedelta(days=1)
LAST_SECOND = time(23, 59, 59)


class UnknownCalendar(ValueError):
    """A time zone, country or state that has no calendar."""


@dataclass(frozen=True)
class Calendar:
    """Days of one agency; `closures` come on top of the state holidays. An unknown one raises UnknownCalendar."""

    zone: str = "America/Chicago"
    country: str = "US"
    state: str = "MS"
    closures: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        _zone(self.zone)
        _holidays(self.country, self.state)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(_zone(self.zone))

    def day(self, at: datetime) -> date:
        """The day on which an instant falls where the agency works."""
        return self.local(at).date()

    def begins(self, day: date) -> datetime:
        """The first instant of a local day, in UTC."""
        return self.at(day, time.min)

    def ends(self, day: date) -> datetime:
        """23:59:59 of a local day, in UTC; the first instant too late is `begins` of the next day."""
        return self.at(day, LAST_SECOND)

    def at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, _zone(self.zone)).astimezone(UTC)

    def closed_for(self, day: date) -> str:
        """Why a day is no business day; empty when it is one."""
        if day.weekday() >= 5:
            return day.strftime("%A")
        if day in self.closures:
            return "office closed"
        return _holidays(self.country, self.state).get(day) or ""

    def counted_days(self, start: date, number: int, *, business: bool) -> Iterator[tuple[date, int, str]]:
        """Each day after `start` up to the `number`th that counts: the day, its number, and why it does not count."""
        day, counted = start, 0
        while counted < number:
            day += ONE_DAY
            why_not = self.closed_for(day) if business else ""
            counted += not why_not
            yield day, counted, why_not

    def add(self, start: date, length: Length, *, business: bool = False) -> date:
        """The day that lies `length` after the day of the start; months and years end on the last day at most."""
        match length.unit:
            case "months":
                return _months_later(start, length.amount)
            case "years":
                return _months_later(start, 12 * length.amount)
            case "weeks":
                return start + timedelta(weeks=length.amount)
            case "hours":
                raise ValueError("hours are added to an instant, not to a day")
        if business:
            return list(self.counted_days(start, length.amount, business=True))[-1][0] if length.amount else start
        return start + timedelta(days=length.amount)

    def back(self, day: date, length: Length) -> date:
        """The day that lies `length` before a day; months and years back end on the last day of their month at most."""
        match length.unit:
            case "months" | "years":
                return _months_later(day, -length.amount * (12 if length.unit == "years" else 1))
            case "weeks":
                return day - timedelta(weeks=length.amount)
        return day - timedelta(days=length.amount)

    def shifted(self, day: date, shift: str) -> date:
        """The day itself, or for a day that is no business day the nearest one that `shift` names."""
        step = {"next_business_day": ONE_DAY, "previous_business_day": -ONE_DAY}.get(shift)
        while step is not None and self.closed_for(day):
            day += step
        return day

    def hours_later(self, at: datetime, hours: int, reading: str) -> datetime:
        """Hours as they elapse, or as the clock on the wall shows them."""
        if reading == "elapsed":
            return at + timedelta(hours=hours)
        wall = self.local(at).replace(tzinfo=None) + timedelta(hours=hours)
        return self.at(wall.date(), wall.time())

    def quarter_end(self, day: date) -> date:
        """The last day of the calendar quarter of a day."""
        month = 3 * ((day.month + 2) // 3)
        return day.replace(month=month, day=monthrange(day.year, month)[1])

    def month_end(self, day: date) -> date:
        """The last day of the month of a day."""
        return day.replace(day=monthrange(day.year, day.month)[1])

    def earlier(self, at: datetime, length: Length) -> datetime:
        """The instant that lies `length` before: hours as elapsed time, days at the same time of the local day."""
        if length.unit == "hours":
            return at - timedelta(hours=length.amount)
        local = self.local(at)
        return self.at(self.back(local.date(), length), local.time())

    def later(self, at: datetime, length: Length) -> datetime:
        """The instant that lies `length` after: hours as elapsed time, all else at the same time of the local day."""
        if length.unit == "hours":
            return at + timedelta(hours=length.amount)
        local = self.local(at)
        business = length.unit == "business-days"
        return self.at(self.add(local.date(), length, business=business), local.time())


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnknownCalendar(f"unknown time zone: {name}") from error


@cache
def _holidays(country: str, state: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country, subdiv=state or None)
    except NotImplementedError as error:
        raise UnknownCalendar(f"no calendar of {country} {state}".rstrip()) from error


def _months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
