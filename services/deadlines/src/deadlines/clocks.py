"""From clocks to history: what is new since the last look is announced once, and nothing is taken back silently."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from deadlines.calendar import Calendar
from deadlines.conclusions import (
    WHOSE,
    ClockCancelled,
    ClockEscalated,
    ClockEvent,
    ClockExtended,
    ClockMet,
    ClockMetLate,
    ClockMissed,
    ClockMoved,
    ClockResumed,
    ClocksAssigned,
    ClockStarted,
    ClockSuspended,
    ClockWaived,
    ClockWarned,
    Conclusion,
    FamilyEvent,
    Ordered,
)
from deadlines.facts import EXTEND, RESUME, Fact
from deadlines.judge import Judged, earliest_of_obligation, judge_one
from deadlines.ladder import Step, Told
from deadlines.standings import Standing, Standings, evolve
from deadlines.subjects import Scope
from deadlines.view import CONDITION_FALSE, STOPPED, ClockView
from events.decider import Decider

LATE_KNOWLEDGE, CONDITION_KNOWN, MOVED = "late-knowledge", "condition-known", "due-time-moved"
NO_LONGER_OWED, RESTARTED = "no-longer-owed", "restarted"
OF_THE_PLACE = {"scope", "report_id", *WHOSE}
OF_THE_LOOK = {"alerts", "facts", "at", "reason", "role"}
OF_THE_CLOCK = tuple(name for name in Conclusion.model_fields if name not in OF_THE_PLACE | OF_THE_LOOK)

Written = TypeVar("Written", bound=Conclusion)
Decided = TypeVar("Decided", bound=Ordered)
MOVED_BY: dict[str, type[ClockExtended] | type[ClockResumed]] = {EXTEND: ClockExtended, RESUME: ClockResumed}
EVERYBODY: tuple[Told, ...] = ("worker", "supervisor")


@dataclass(frozen=True)
class Place:
    """Where the clocks of one subject belong: its report if it has one, county and region, and who answers for it."""

    scope: str
    report_id: UUID | None = None
    county: str = ""
    region: str | None = None
    worker_id: str | None = None
    supervisor_id: str | None = None


@dataclass(frozen=True)
class Judge:
    """Look at one subject again, under the rules that hold where it belongs."""

    scope: Scope
    facts: tuple[Fact, ...]
    judged: Judged
    calendar: Calendar
    as_of: datetime
    place: Place


@dataclass(frozen=True)
class _Look:
    """One clock at one look: writes what is concluded from it."""

    view: ClockView
    alerts: bool
    as_of: datetime
    place: Place

    def write(self, conclusion: type[Written], reason: str = "", **more: object) -> Written:
        return conclusion.model_validate(
            {
                **{name: getattr(self.view, name) for name in OF_THE_CLOCK},
                **vars(self.place),
                "role": self.view.responsible,
                "alerts": self.alerts,
                "facts": self.view.facts_used,
                "at": self.as_of,
                "reason": reason,
                **more,
            }
        )

    def ordered(self, conclusion: type[Decided], **more: object) -> Decided:
        """A conclusion that somebody ordered, with who and why."""
        order = self.view.order
        assert order is not None
        return self.write(conclusion, str(order.data.get("reason", "")), by=str(order.data.get("by", "")), **more)


def decide(command: Judge, before: Standings) -> list[FamilyEvent]:
    """The conclusions that a look at the facts adds to those already announced."""
    views = judge_one(
        command.scope, command.facts, command.judged, command.calendar, command.as_of, known_at=command.as_of
    )
    return conclude(before, views, command.as_of, command.place)


def conclude(before: Standings, after: Sequence[ClockView], as_of: datetime, place: Place) -> list[FamilyEvent]:
    """What is new in `after`; the same look again yields nothing. Gates answer attempts and are not announced."""
    alerting = {view.clock_id for view in earliest_of_obligation(after)}
    shown = [view for view in after if view.kind != "gate" and view.state != "pending"]
    looks = [_Look(view, view.clock_id in alerting, as_of, place) for view in shown]
    news = [event for look in looks for event in _news(before.get(look.view.clock_id), look)]
    seen = {look.view.clock_id for look in looks}
    gone = [_vanished(known, as_of) for clock, known in before.items() if clock not in seen and known.is_open]
    return [*news, *gone, *_assigned(before, {event.clock_id for event in (*news, *gone)}, place)]


def _assigned(before: Standings, told: Collection[UUID], place: Place) -> Iterator[ClocksAssigned]:
    """The open clocks that others answer for now, and of which nothing else is told."""
    moved = tuple(
        clock
        for clock, known in before.items()
        if known.is_open
        and clock not in told
        and any(getattr(known.last, name) != getattr(place, name) for name in WHOSE)
    )
    if moved:
        whose = {name: getattr(place, name) for name in WHOSE}
        yield ClocksAssigned.model_validate({"scope": place.scope, "clock_ids": moved, **whose})


DECIDER: Decider[Judge, Standings, FamilyEvent] = Decider("clocks", decide, evolve, initial={})


def _news(known: Standing | None, look: _Look) -> Iterator[ClockEvent]:
    view = look.view
    match view.state:
        case "not-applicable":
            if known and known.is_open:
                yield look.write(ClockCancelled, CONDITION_FALSE)
        case "unknown":
            yield from _beginning(known, look) if view.due_at else ()
        case "running":
            yield from _beginning(known, look)
            yield from _warning(known, look)
        case "suspended":
            yield from _beginning(known, look) if known is None else ()
            if known is None or known.state != "suspended":
                yield look.ordered(ClockSuspended, previous_due_at=known.last.due_at if known else None)
        case "waived":
            yield from _beginning(known, look) if known is None else ()
            if known is None or known.state != "waived":
                yield look.ordered(ClockWaived)
        case _:
            yield from _beginning(known, look) if known is None or known.state == "cancelled" else ()
            yield from _verdict(known.state if known else "running", look)
            yield from _escalations(known, look) if view.state == "missed" else ()


def _beginning(known: Standing | None, look: _Look) -> Iterator[ClockEvent]:
    """A clock that is new, runs again, has another due time, or is now known to apply."""
    view = look.view
    if known is None:
        yield look.write(ClockStarted)
    elif known.state == "cancelled":
        yield from () if view.state == "cancelled" else (look.write(ClockStarted, RESTARTED),)
    elif known.state == "suspended" and view.order is not None:  # set back before it was suspended, there is no order
        yield look.ordered(ClockResumed, previous_due_at=known.last.due_at)
    elif known.last.due_at != view.due_at:
        yield _moved(known, look)
    elif known.state != "running":
        yield look.write(ClockStarted, LATE_KNOWLEDGE)
    elif known.last.provisional and not view.provisional:
        yield look.write(ClockMoved, CONDITION_KNOWN, previous_due_at=known.last.due_at)


def _moved(known: Standing, look: _Look) -> ClockEvent:
    """Another due time: by an order that nobody was told of yet, or because the facts, the calendar or the pack say so."""
    order = look.view.order
    if order is not None and order.id not in known.last.facts and order.type in MOVED_BY:
        return look.ordered(MOVED_BY[order.type], previous_due_at=known.last.due_at)
    return look.write(ClockMoved, MOVED, previous_due_at=known.last.due_at)


def _warning(known: Standing | None, look: _Look) -> Iterator[ClockEvent]:
    """The latest warning that has come due since the last look; the earlier ones are passed over."""
    lapses = look.view.due_at or look.as_of
    due = [step for step in _untold(known, look) if step.at <= look.as_of and step.at < lapses]
    if due:
        yield look.write(ClockWarned, warn_at=due[-1].at, rung=due[-1].number, tells=due[-1].tells)


def _escalations(known: Standing | None, look: _Look) -> Iterator[ClockEvent]:
    """Every rung after the due time that has come, in order: each tells somebody else."""
    for step in _untold(known, look):
        if look.view.missed_at and look.view.missed_at < step.at <= look.as_of:
            yield look.write(ClockEscalated, escalated_at=step.at, rung=step.number, tells=step.tells)


def _untold(known: Standing | None, look: _Look) -> list[Step]:
    """The rungs that nobody was told of since the clock has this due time."""
    same_run = known and known.state in ("running", "missed") and known.last.due_at == look.view.due_at
    until = known.told_until if known and same_run else None
    return [step for step in look.view.steps if until is None or step.at > until]


def _verdict(announced: str, look: _Look) -> Iterator[ClockEvent]:
    view = look.view
    if view.state == announced:
        return
    reason = LATE_KNOWLEDGE if announced in ("met", "met-late") or (announced, view.state) == ("missed", "met") else ""
    match view.state:
        case "missed":
            tells = next((step.tells for step in view.steps if step.at == view.missed_at), EVERYBODY)
            yield look.write(ClockMissed, reason, missed_at=view.missed_at, tells=tells)
        case "met":
            yield look.write(ClockMet, reason, met_at=view.met_at)
        case "met-late":
            yield look.write(ClockMetLate, reason, met_at=view.met_at)
        case "cancelled":
            yield look.write(ClockCancelled, reason or STOPPED)


def _vanished(known: Standing, as_of: datetime) -> ClockCancelled:
    header = {name: getattr(known.last, name) for name in Conclusion.model_fields}
    return ClockCancelled.model_validate(header | {"at": as_of, "reason": NO_LONGER_OWED, "alerts": False})
