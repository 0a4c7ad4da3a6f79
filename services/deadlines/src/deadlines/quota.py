"""Quotas: a number of acts in each period of a run. Every period that has begun is a clock of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from deadlines.calendar import ONE_DAY, Calendar
from deadlines.due import Due, end_of, warnings
from deadlines.duties import Duty, duties
from deadlines.evidence import completed, condition, countable, reached
from deadlines.facts import Facts, after
from deadlines.lengths import Length
from deadlines.once import Course
from deadlines.rule import Rule
from deadlines.view import ClockView, view_of


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a quota: acts count from `begins` and before the due time lapses."""

    number: int
    begins: datetime
    due: Due

    def holds(self, at: datetime) -> bool:
        return self.begins <= at < self.due.lapses_at


def quota_views(rule: Rule, facts: Facts, calendar: Calendar, as_of: datetime) -> tuple[ClockView, ...]:
    return tuple(view for duty in duties(rule, facts, calendar) for view in _views(duty, calendar, as_of))


def periods(duty: Duty, calendar: Calendar) -> Iterator[Period]:
    """The periods of a run, rolling from the day of the start; the last one is cut where the run ends."""
    rule, first = duty.rule, calendar.day(duty.started_at)
    every, end = Length.parse(rule.every), calendar.add(first, Length.parse(rule.runs))
    number, begins, day = 1, duty.started_at, first
    while day < end:
        following: date = min(calendar.add(first, every.times(number)), end)
        yield Period(number, begins, end_of(following - ONE_DAY, calendar))
        number, begins, day = number + 1, calendar.begins(following), following


def _views(duty: Duty, calendar: Calendar, as_of: datetime) -> Iterator[ClockView]:
    rule = duty.rule
    stop = completed(rule.stopped_by, rule.stopped_where, after(duty.facts, duty.started_at))
    run = [period for period in periods(duty, calendar) if stop is None or period.begins < stop.at]
    begun = [period for period in run if period.begins <= as_of]
    for period in begun:
        last = period is begun[-1] and len(run) > len(begun)
        yield _view(duty, period, calendar, as_of, run[len(begun)].begins if last else None)


def _view(duty: Duty, period: Period, calendar: Calendar, as_of: datetime, following: datetime | None) -> ClockView:
    rule, due = duty.rule, period.due
    stop = completed(rule.stopped_by, rule.stopped_where, after(duty.facts, duty.started_at))
    acts = tuple(
        fact for fact in duty.facts if period.holds(fact.occurred_at) and (stop is None or fact.occurred_at <= stop.at)
    )
    met = reached(rule.satisfied_by, rule.satisfied_where, rule.count, acts)
    applies = condition(rule.conditions, duty.facts, met.at if met else stop.at if stop else None)
    course = Course(applies, due, met, stop if stop and period.holds(stop.at) else None)
    state, counting = course.state(as_of), countable(rule.satisfied_by, rule.satisfied_where, acts)
    warn_at = warnings(rule, period.begins, due.at, calendar)
    changes = list((*warn_at, due.lapses_at) if state == "running" else ())
    changes += [following] if following and state != "not-applicable" else []
    return view_of(
        duty,
        duty.clock_id(period.number),
        state,
        used=(*applies.facts, *counting, *(course.stop.facts if course.stop else ())),
        started_at=period.begins,
        due_at=due.at,
        provisional=state == "unknown",
        warn_at=warn_at,
        met_at=met.at if met else None,
        met_by=met.facts if met else (),
        stopped_at=course.stop.at if course.stop else None,
        missed_at=due.at if state == "missed" else None,
        reasons=course.reasons,
        next_at=min((at for at in changes if at > as_of), default=None),
        period=period.number,
        done=len(counting),
    )
