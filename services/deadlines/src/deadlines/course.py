"""How one clock ran: whether it applies, when it is due, what met it and what stopped it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deadlines.calendar import Calendar
from deadlines.due import Due, due_of
from deadlines.duties import Duty
from deadlines.evidence import Condition, Evidence, completed, condition
from deadlines.facts import Fact, Facts, after, since
from deadlines.readings import Readings
from deadlines.view import CONDITION_FALSE, CONDITION_UNKNOWN, STOPPED, TOLERANCE_MISSING, ClockView, State, view_of


@dataclass(frozen=True, slots=True)
class Course:
    """One clock from its beginning to what ended it. `due` is None where no due time can be told."""

    applies: Condition
    due: Due | None
    met: Evidence | None
    stop: Evidence | None
    tolerance_missing: bool = False
    erases: bool = False

    @classmethod
    def of(
        cls,
        duty: Duty,
        due: Due | None,
        met: Evidence | None,
        stop: Evidence | None,
        run_ended: Evidence | None = None,
    ) -> "Course":
        """With the condition read up to what ended the clock, or the run it was a part of: later facts change nothing."""
        readings = duty.rule.readings
        end = next((each.at for each in (met, stop, run_ended) if each), None)
        return cls(
            condition(duty.rule.conditions, duty.facts, end),
            due,
            met,
            stop,
            due is None and duty.rule.due == "immediately",
            readings.stop_after_due == "erases_the_miss",
        )

    def state(self, as_of: datetime) -> State:
        if self.applies.holds is False:
            return "not-applicable"
        if self.tolerance_missing or self.applies.holds is None:
            return "unknown"
        if self.met:
            return "met" if self.due is None or self.met.at < self.due.lapses_at else "met-late"
        if self.stop and (self.erases or self.due is None or self.stop.at < self.due.lapses_at):
            return "cancelled"
        return "missed" if self.due and as_of >= self.due.lapses_at else "running"

    @property
    def reasons(self) -> tuple[str, ...]:
        if self.applies.holds is False:
            return (CONDITION_FALSE,)
        unknown = tuple(f"{CONDITION_UNKNOWN}:{event}" for event in self.applies.unknown if self.applies.holds is None)
        return (
            *unknown,
            *((TOLERANCE_MISSING,) if self.tolerance_missing else ()),
            *((STOPPED,) if self.stop and not self.met else ()),
        )

    def view(
        self,
        duty: Duty,
        as_of: datetime,
        *more: object,
        started_at: datetime | None = None,
        used: Iterable[Fact] = (),
        next_at: Iterable[datetime | None] = (),
        period: int | None = None,
        done: int | None = None,
        over: bool = False,
        thing: str | None = None,
    ) -> ClockView:
        """The clock as it stands. `more` tells clocks of one duty apart; `next_at` are further instants of change."""
        state, due, met, stop = self.state(as_of), self.due, self.met, self.stop
        late = due is not None and (state == "missed" or (state == "met-late" and met is not None))
        changes = [*next_at, due.lapses_at if due and state == "running" else None]
        return view_of(
            duty,
            duty.clock_id(*more),
            state,
            used=dict.fromkeys(
                (*self.applies.facts, *used, *(met.facts if met else ()), *(stop.facts if stop else ()))
            ),
            started_at=started_at,
            due_at=due.at if due else None,
            provisional=state == "unknown" and due is not None,
            met_at=met.at if met else None,
            met_by=met.facts if met else (),
            stopped_at=stop.at if stop else None,
            missed_at=due.at if due and late else None,
            reasons=self.reasons,
            next_at=min((at for at in changes if at and at > as_of), default=None),
            period=period,
            done=(1 if met else 0) if done is None else done,
            over=over,
            thing=thing,
        )


def course_of(duty: Duty, calendar: Calendar) -> Course:
    """The course of a duty that is owed once."""
    rule = duty.rule
    stop = stopped(duty, duty.started_at)
    acts = duty.facts if rule.readings.satisfied_before_start == "counts" else since(duty.facts, duty.started_at)
    met = before_stop(completed(rule.satisfied_by, rule.satisfied_where, acts), stop, rule.readings)
    return Course.of(duty, due_of(duty, calendar) if rule.due else None, met, stop)


def stopped(duty: Duty, begins: datetime) -> Evidence | None:
    """What stopped a duty that began at an instant; a stop at that very instant ends only earlier ones."""
    return completed(duty.rule.stopped_by, duty.rule.stopped_where, after(duty.facts, begins))


def before_stop(met: Evidence | None, stop: Evidence | None, readings: Readings) -> Evidence | None:
    """The act, unless the stop came first: an act at the instant of the stop counts, or not, as the reading says."""
    if met is None or stop is None:
        return met
    in_time = met.at <= stop.at if readings.same_instant == "satisfied_first" else met.at < stop.at
    return met if in_time else None


def without(facts: Facts, gone: Iterable[Fact]) -> Facts:
    """The facts that are left when some are used up."""
    ids = {fact.id for fact in gone}
    return tuple(fact for fact in facts if fact.id not in ids)
