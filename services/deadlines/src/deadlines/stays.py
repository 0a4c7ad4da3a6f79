"""Time added up over all stays inside a rolling window: fifteen of the last twenty-two months in care."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from deadlines.calendar import ONE_DAY, Calendar
from deadlines.course import Course, before_stop
from deadlines.due import Due, end_of
from deadlines.duties import Duty
from deadlines.evidence import Evidence, completed, matching
from deadlines.facts import Fact, since
from deadlines.lengths import Length
from deadlines.rule import Rule
from deadlines.view import ClockView

DAYS_OF_A_MONTH = Fraction(456, 15)  # fifteen months are 456 days
LONGEST_DIFFERENCE = timedelta(days=31)  # between a length in months and the same in days


@dataclass(frozen=True, slots=True)
class Stay:
    """From the fact that begins it to the fact that ends it; without one it lasts."""

    start: Fact
    end: Fact | None

    def days(self, calendar: Calendar) -> tuple[date, date | None]:
        return calendar.day(self.start.occurred_at), calendar.day(self.end.occurred_at) if self.end else None


def stay_views(owed: tuple[Duty, ...], calendar: Calendar, as_of: datetime) -> tuple[ClockView, ...]:
    """One clock for each run of stays that one window can hold together."""
    return tuple(_view(duty, stays, calendar, as_of) for duty, stays in _runs(owed, calendar))


def _runs(owed: tuple[Duty, ...], calendar: Calendar) -> Iterator[tuple[Duty, tuple[Stay, ...]]]:
    run: list[tuple[Duty, Stay]] = []
    for duty, stay in _stays(owed):
        last = run[-1][1].end if run else None
        if last and calendar.day(stay.start.occurred_at) > calendar.add(
            calendar.day(last.occurred_at), _window(duty.rule)
        ):
            yield run[0][0], tuple(stay for _, stay in run)
            run = []
        run.append((duty, stay))
    if run:
        yield run[0][0], tuple(stay for _, stay in run)


def _stays(owed: tuple[Duty, ...]) -> Iterator[tuple[Duty, Stay]]:
    """Each stay once: a start told again while a stay lasts begins no other."""
    until: datetime | None = None
    for duty in owed:
        if until is not None and duty.started_at < until:
            continue
        later = (stop for stop in matching(duty.rule.stopped_by, duty.rule.stopped_where, duty.facts))
        end = next((stop for stop in later if stop.occurred_at > duty.started_at), None)
        until = end.occurred_at if end else datetime.max.replace(tzinfo=duty.started_at.tzinfo)
        yield duty, Stay(duty.start, end)


def _view(duty: Duty, stays: tuple[Stay, ...], calendar: Calendar, as_of: datetime) -> ClockView:
    rule = duty.rule
    reached = _reached(rule, stays, calendar)
    last = stays[-1].end
    stop = Evidence(last.occurred_at, (last,)) if last else None
    met = completed(rule.satisfied_by, rule.satisfied_where, since(duty.facts, duty.started_at))
    due = _due(rule, reached, calendar)
    course = Course.of(duty, due, before_stop(met, stop, rule.readings), stop)
    used = tuple(fact for stay in stays for fact in (stay.start, stay.end) if fact)
    return course.view(duty, as_of, used=used)


def _due(rule: Rule, day: date | None, calendar: Calendar) -> Due | None:
    if day is None:
        return None
    return end_of(calendar.month_end(day) if rule.limit.to_month_end else day, calendar)


def _reached(rule: Rule, stays: tuple[Stay, ...], calendar: Calendar) -> date | None:
    """The first day on which the stays inside the window add up to the amount; the last stay is taken to go on."""
    length = rule.limit.length
    assert length is not None
    spans = [stay.days(calendar) for stay in stays]
    for number, (first, end) in enumerate(spans):
        day = first
        furthest = calendar.add(first, length) + LONGEST_DIFFERENCE if end is None else end
        in_months = rule.readings.time_in_care != "days"
        if number == 0 and in_months and (end is None or end >= calendar.add(first, length)):
            return calendar.add(first, length)
        while day <= furthest:
            if _time(rule, spans[: number + 1], day, calendar) >= length.amount:
                return day
            day += ONE_DAY
    return None


def _time(rule: Rule, spans: list[tuple[date, date | None]], day: date, calendar: Calendar) -> Fraction:
    """The months that the stays up to a day have inside the window that ends on it."""
    opens = calendar.back(day, _window(rule))
    inside = ((max(first, opens), min(end or day, day)) for first, end in spans)
    counted = [(first, end) for first, end in inside if first < end]
    if rule.readings.time_in_care == "days":
        return sum((Fraction((end - first).days) for first, end in counted), Fraction(0)) / DAYS_OF_A_MONTH
    return sum((_months(first, end, calendar) for first, end in counted), Fraction(0))


def _months(first: date, end: date, calendar: Calendar) -> Fraction:
    """Whole calendar months, and the days left over as thirty-firsts of one."""
    whole = (end.year - first.year) * 12 + end.month - first.month
    while calendar.add(first, Length(whole, "months")) > end:
        whole -= 1
    return whole + Fraction((end - calendar.add(first, Length(whole, "months"))).days, 31)


def _window(rule: Rule) -> Length:
    return Length.parse(rule.window)
