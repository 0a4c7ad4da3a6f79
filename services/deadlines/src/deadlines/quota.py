"""Quotas: a number of acts, or of hours, in each period of a run. Every period that has begun is a clock of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from deadlines.calendar import ONE_DAY, Calendar
from deadlines.course import Course, before_stop, stopped
from deadlines.due import Due, end_of
from deadlines.duties import Duty, duties
from deadlines.evidence import Evidence, countable, matching, reached
from deadlines.facts import Fact, Facts
from deadlines.filters import number_of
from deadlines.lengths import Length
from deadlines.recurring import begins, chains
from deadlines.rule import Rule
from deadlines.subjects import Scope
from deadlines.view import ClockView, view_of

FOREVER, A_WEEK = date.max, Length(1, "weeks")
MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a quota: acts count from `begins` and before the due time lapses."""

    number: int
    begins: datetime
    due: Due

    def holds(self, at: datetime) -> bool:
        return self.begins <= at < self.due.lapses_at


@dataclass(frozen=True)
class Run:
    """From the start of a quota to what stopped it."""

    duty: Duty
    begins: datetime
    stop: Evidence | None

    @cached_property
    def acts(self) -> Facts:
        """What may count until the run stops."""
        wanted, stop = self.duty.rule.acts, self.stop
        acts = (fact for fact in self.duty.facts if fact.type in wanted)
        return tuple(fact for fact in acts if stop is None or fact.occurred_at <= stop.at)


def quota_views(rule: Rule, facts: Facts, calendar: Calendar, as_of: datetime, scope: Scope) -> tuple[ClockView, ...]:
    owed = duties(rule, facts, calendar, scope)
    runs = _runs_over_all(owed) if rule.things and rule.things.any else _runs(owed, calendar)
    return tuple(view for run in runs for view in _views(run, calendar, as_of))


def _runs(owed: tuple[Duty, ...], calendar: Calendar) -> Iterator[Run]:
    """One run after the other for the same thing: while one runs, another start begins none."""
    ends: dict[str | None, date] = {}
    for duty in chains(owed):
        first = begins(duty, calendar)
        day = calendar.day(first)
        if day < ends.get(duty.thing, date.min):
            continue
        ends[duty.thing] = calendar.add(day, Length.parse(duty.rule.runs)) if duty.rule.runs else date.min
        yield Run(duty, first, stopped(duty, duty.started_at))


def _runs_over_all(owed: tuple[Duty, ...]) -> Iterator[Run]:
    """One run over all things together: from the first start until the last of them has ended."""
    run: Duty | None = None
    until: Evidence | None = None
    for duty in owed:
        if run is not None and until is not None and duty.started_at >= until.at:
            yield Run(run, run.started_at, until)
            run = None
        end = _end_of_thing(duty)
        until = end if run is None or until is None or end is None else max(until, end, key=lambda each: each.at)
        if run is not None and end is None:
            until = None
        run = run or duty
    if run is not None:
        yield Run(run, run.started_at, until)


def _end_of_thing(duty: Duty) -> Evidence | None:
    rule = duty.rule
    key = rule.things.key if rule.things else ""
    own = duty.start.data.get(key)
    ends = (
        fact
        for fact in matching(rule.stopped_by, rule.stopped_where, duty.facts)
        if fact.occurred_at > duty.started_at and (fact.data.get(key) or own) == own
    )
    end = next(ends, None)
    return Evidence(end.occurred_at, (end,)) if end else None


def periods(run: Run, calendar: Calendar) -> Iterator[Period]:
    """The periods of a run, without end where nothing ends it; the last one is cut where the run ends."""
    rule, first = run.duty.rule, calendar.day(run.begins)
    end = calendar.add(first, Length.parse(rule.runs)) if rule.runs else FOREVER
    if not rule.every and not _each_week(rule):
        yield Period(1, run.begins, end_of(end - ONE_DAY, calendar))
        return
    days = _calendar_days(run, calendar) if rule.every and by_calendar(rule) else _rolling_days(rule, first, calendar)
    for number, (begin, following) in enumerate(days, 1):
        if begin >= end:
            return
        at = max(run.begins, calendar.begins(begin))
        if following > end and rule.readings.last_period_cut == "not_owed":
            return
        yield Period(number, at, end_of(min(following, end) - ONE_DAY, calendar))


def by_calendar(rule: Rule) -> bool:
    """Whether its periods are those of the calendar; where nobody chose, months are while only an event ends the run."""
    interval = rule.interval
    if interval.quarterly:
        return rule.readings.quarter == "calendar"
    if rule.readings.quota_period == "fallback":
        return interval.length.unit == "months" and not rule.runs
    return rule.readings.quota_period == "calendar_month"


def _each_week(rule: Rule) -> bool:
    """Hours over a whole phase, which an agency may read as hours of each week."""
    return rule.number.in_hours and rule.readings.face_to_face_hours == "each_week"


def _rolling_days(rule: Rule, first: date, calendar: Calendar) -> Iterator[tuple[date, date]]:
    number, day = 1, first
    length = rule.interval.length if rule.every else A_WEEK
    while True:
        following = calendar.add(first, length.times(number))
        yield day, following
        number, day = number + 1, following


def _calendar_days(run: Run, calendar: Calendar) -> Iterator[tuple[date, date]]:
    """Whole calendar periods; the part of one at the start is not counted unless the reading says so."""
    rule, first = run.duty.rule, calendar.day(run.begins)
    last = calendar.quarter_end if rule.interval.quarterly else calendar.month_end
    whole = first.day == 1 and (not rule.interval.quarterly or first.month % 3 == 1)
    day = first if whole or rule.readings.partial_first_period == "owed_in_full" else last(first) + ONE_DAY
    while True:
        following = last(day) + ONE_DAY
        yield day, following
        day = following


def _views(run: Run, calendar: Calendar, as_of: datetime) -> Iterator[ClockView]:
    """The periods that have begun and were not stopped before."""
    begun: Period | None = None
    for period in periods(run, calendar):
        if run.stop and period.begins >= run.stop.at:
            break
        if period.begins > as_of:
            yield _view(run, begun, calendar, as_of, period.begins) if begun else _waiting(run, period)
            return
        if begun:
            yield _view(run, begun, calendar, as_of, None)
        begun = period
    if begun:
        yield _view(run, begun, calendar, as_of, None)


def _view(run: Run, period: Period, calendar: Calendar, as_of: datetime, following: datetime | None) -> ClockView:
    duty, rule, number = run.duty, run.duty.rule, run.duty.rule.number
    stop = (
        run.stop
        if run.stop and period.holds(run.stop.at) and rule.readings.partial_last_period == "cancelled"
        else None
    )
    acts = tuple(fact for fact in run.acts if period.holds(fact.occurred_at))
    counting = countable(rule.satisfied_by, rule.satisfied_where, acts)
    done = sum(minutes(fact) for fact in counting) if number.in_hours else len(counting)
    met = (
        _hours_reached(counting, number.least)
        if number.in_hours
        else reached(rule.satisfied_by, rule.satisfied_where, number.least, acts)
    )
    course = Course.of(duty, period.due, before_stop(met, stop, rule.readings), stop, run.stop)
    most = number.most and number.most * (60 if number.in_hours else 1)
    return course.view(
        duty,
        as_of,
        period.number,
        started_at=period.begins,
        used=counting,
        next_at=(following,),
        period=period.number,
        done=int(done),
        over=most is not None and done > most,
    )


def _waiting(run: Run, period: Period) -> ClockView:
    """The first period has not begun: there is no clock yet, and this is when there will be."""
    duty = run.duty
    return view_of(duty, duty.clock_id(period.number), "pending", started_at=period.begins, next_at=period.begins)


def minutes(fact: Fact) -> Decimal:
    """The minutes that an act took; none where it does not say."""
    return number_of(fact.data.get(MINUTES)) or Decimal(0)


def _hours_reached(counting: Facts, hours: int) -> Evidence | None:
    """The first act with which the minutes add up."""
    total = Decimal(0)
    for number, fact in enumerate(counting, 1):
        total += minutes(fact)
        if total >= hours * 60:
            return Evidence(fact.occurred_at, counting[:number])
    return None
