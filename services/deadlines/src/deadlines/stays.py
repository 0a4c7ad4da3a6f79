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
from deadlines.facts import Fact, Facts, since
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
    if not owed:
        return
    rule, begun_by = owed[0].rule, {duty.start.id: duty for duty in owed}
    run: list[Stay] = []
    for stay in stays_of(rule, tuple(duty.start for duty in owed), owed[0].facts):
        last = run[-1].end if run else None
        if last and calendar.day(stay.start.occurred_at) > calendar.add(calendar.day(last.occurred_at), _window(rule)):
            yield begun_by[run[0].start.id], tuple(run)
            run = []
        run.append(stay)
    yield begun_by[run[0].start.id], tuple(run)


def stays_of(rule: Rule, starts: Facts, facts: Facts) -> Iterator[Stay]:
    """Each stay once: a start told again while a stay lasts begins no other."""
    stops = matching(rule.stopped_by, rule.stopped_where, facts)
    last: Fact | None = None
    for start in starts:
        if last is not None and start.occurred_at < last.occurred_at:
            continue
        last = next((stop for stop in stops if stop.occurred_at > start.occurred_at), None)
        yield Stay(start, last)
        if last is None:
            return


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
    months, days = months_and_days(first, end, calendar)
    return months + Fraction(days, 31)


def months_and_days(first: date, end: date, calendar: Calendar) -> tuple[int, int]:
    """The whole calendar months between two days, and the days left over."""
    months = (end.year - first.year) * 12 + end.month - first.month
    while calendar.add(first, Length(months, "months")) > end:
        months -= 1
    return months, (end - calendar.add(first, Length(months, "months"))).days


def _window(rule: Rule) -> Length:
    return Length.parse(rule.window)
