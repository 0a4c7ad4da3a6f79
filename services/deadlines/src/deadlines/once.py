"""Clocks that are owed once: from a start until an act, within a limit."""

from dataclasses import dataclass
from datetime import datetime

from deadlines.calendar import Calendar
from deadlines.due import Due, due_of, warnings
from deadlines.duties import Duty, duties
from deadlines.evidence import Condition, Evidence, completed, condition
from deadlines.facts import Facts, after, since
from deadlines.rule import Rule
from deadlines.view import (
    CONDITION_FALSE,
    CONDITION_UNKNOWN,
    STOPPED,
    TOLERANCE_MISSING,
    ClockView,
    State,
    view_of,
)


@dataclass(frozen=True, slots=True)
class Course:
    """How a clock ran: whether it applies, when it is due, and what ended it."""

    applies: Condition
    due: Due | None
    met: Evidence | None
    stop: Evidence | None

    def state(self, as_of: datetime) -> State:
        if self.applies.holds is False:
            return "not-applicable"
        if self.due is None or self.applies.holds is None:
            return "unknown"
        if self.met:
            return "met" if self.met.at < self.due.lapses_at else "met-late"
        if self.stop and self.stop.at < self.due.lapses_at:
            return "cancelled"
        return "missed" if as_of >= self.due.lapses_at else "running"

    @property
    def reasons(self) -> tuple[str, ...]:
        if self.applies.holds is False:
            return (CONDITION_FALSE,)
        unknown = tuple(f"{CONDITION_UNKNOWN}:{event}" for event in self.applies.unknown if self.applies.holds is None)
        return (
            *((TOLERANCE_MISSING,) if self.due is None else ()),
            *unknown,
            *((STOPPED,) if self.stop and not self.met else ()),
        )


def once_views(rule: Rule, facts: Facts, calendar: Calendar, as_of: datetime) -> tuple[ClockView, ...]:
    return tuple(_view(duty, calendar, as_of) for duty in duties(rule, facts, calendar))


def course_of(duty: Duty, calendar: Calendar) -> Course:
    """What the facts say about a duty, whatever the time is."""
    met, stop = ended(duty)
    end = met.at if met else stop.at if stop else None
    applies = condition(duty.rule.conditions, duty.facts, end)
    return Course(applies, due_of(duty.rule, duty.started_at, calendar), met, stop)


def ended(duty: Duty) -> tuple[Evidence | None, Evidence | None]:
    """The act that met the duty and what stopped it: an act at the instant of the stop counts, a later one not."""
    rule, start = duty.rule, duty.started_at
    stop = completed(rule.stopped_by, rule.stopped_where, after(duty.facts, start))
    acts = duty.facts if rule.readings.satisfied_before_start == "counts" else since(duty.facts, start)
    met = completed(rule.satisfied_by, rule.satisfied_where, acts)
    return (None if met and stop and met.at > stop.at else met), stop


def _view(duty: Duty, calendar: Calendar, as_of: datetime) -> ClockView:
    course = course_of(duty, calendar)
    state, due, met, stop = course.state(as_of), course.due, course.met, course.stop
    warn_at = warnings(duty.rule, duty.started_at, due.at, calendar) if due else ()
    changes = [*warn_at, due.lapses_at] if due and state == "running" else []
    return view_of(
        duty,
        duty.clock_id(),
        state,
        used=(*course.applies.facts, *(met.facts if met else ()), *(stop.facts if stop else ())),
        due_at=due.at if due else None,
        provisional=state == "unknown" and due is not None,
        warn_at=warn_at,
        met_at=met.at if met else None,
        met_by=met.facts if met else (),
        stopped_at=stop.at if stop else None,
        missed_at=due.at if due and state in ("missed", "met-late") else None,
        reasons=course.reasons,
        next_at=min((at for at in changes if at > as_of), default=None),
        done=1 if met else 0,
    )
