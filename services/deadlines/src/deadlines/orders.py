"""What staff decided about one clock: suspended and resumed, extended, waived. Orders are facts like any other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from deadlines.calendar import LAST_SECOND, ONE_DAY, Calendar
from deadlines.due import Due, by_business_days, end_of, instant, instant_of
from deadlines.facts import ACKNOWLEDGE, EXTEND, ORDERS, RESUME, SNOOZE, SUSPEND, WAIVE, Fact, Facts
from deadlines.rule import Rule
from deadlines.view import SUSPENDED, WAIVED, ClockView, State


@dataclass(frozen=True, slots=True)
class Effect:
    """What the orders make of a due time. `suspended_at`: the clock stands still since then. `missed_at`: what had been
    missed before it was waived."""

    due: Due | None
    suspended_at: datetime | None = None
    waived_at: datetime | None = None
    missed_at: datetime | None = None
    order: Fact | None = None


def orders_of(facts: Iterable[Fact]) -> dict[str, Facts]:
    """The orders among the facts, by the clock they are about, in the order in which they were given."""
    found: dict[str, Facts] = {}
    for fact in facts:
        if fact.type in ORDERS:
            clock = str(fact.data.get("clockId"))
            found[clock] = (*found.get(clock, ()), fact)
    return found


def ordered(view: ClockView, orders: Facts, rule: Rule, calendar: Calendar, as_of: datetime) -> ClockView:
    """The clock as the orders leave it. What ended before an order was given stays as it was."""
    deciding = tuple(fact for fact in orders if fact.type not in (ACKNOWLEDGE, SNOOZE))
    if not deciding or view.state == "not-applicable":
        return view
    due = _due_of(view, rule, calendar)
    effect = _effect(due, deciding, rule, calendar, ended=view.met_at or view.stopped_at)
    if effect.order is None:
        return view
    lapses = effect.due.lapses_at if effect.due else None
    state = _state(view, effect, as_of)
    changes = [at for at in (view.next_at, lapses) if at and at > as_of]
    return replace(
        view,
        state=state,
        due_at=effect.due.at if effect.due and state != "suspended" else None,
        missed_at=_missed(view, effect, as_of),
        reasons=(*view.reasons, *((state,) if state in (SUSPENDED, WAIVED) else ())),
        facts_used=(*view.facts_used, *(fact.id for fact in deciding)),
        order=effect.order,
        next_at=min(changes, default=None),
    )


def _due_of(view: ClockView, rule: Rule, calendar: Calendar) -> Due | None:
    """The due time as the rule counts it: hours end at an instant, also when that is the last second of a day."""
    if view.due_at is None:
        return None
    length = rule.limit.length if rule.due else None
    if length is None or length.unit != "hours":
        return due_again(view.due_at, calendar)
    return instant_of(view.due_at, rule)


def due_again(at: datetime, calendar: Calendar) -> Due:
    """A due time from how it is shown: the last second of a local day is the whole day."""
    local = calendar.local(at)
    return end_of(local.date(), calendar) if local.time() == LAST_SECOND else instant(at)


def _effect(due: Due | None, orders: Facts, rule: Rule, calendar: Calendar, ended: datetime | None) -> Effect:
    effect = Effect(due)
    for order in orders:
        if ended is not None and order.occurred_at >= ended:
            break
        effect = _after(effect, order, rule, calendar)
    return effect


def _after(effect: Effect, order: Fact, rule: Rule, calendar: Calendar) -> Effect:
    at = order.occurred_at
    if order.type == SUSPEND and effect.suspended_at is None and effect.due and at < effect.due.lapses_at:
        return replace(effect, suspended_at=at, order=order)
    if order.type == RESUME and effect.suspended_at is not None and effect.due is not None:
        due = _resumed(effect.due, effect.suspended_at, at, rule, calendar)
        return replace(effect, due=due, suspended_at=None, order=order)
    if order.type == EXTEND:
        return replace(effect, due=_extended(effect.due, order, calendar), order=order)
    if order.type == WAIVE:
        lapsed = effect.due and effect.suspended_at is None and effect.due.lapses_at <= at
        missed = effect.due.at if effect.due and lapsed else None
        return replace(effect, waived_at=at, suspended_at=None, missed_at=missed, order=order)
    return effect


def _resumed(due: Due, suspended: datetime, resumed: datetime, rule: Rule, calendar: Calendar) -> Due:
    """The time that was left is given back: days to a limit in days, the elapsed time to a limit in hours."""
    local = calendar.local(due.at)
    if due != end_of(local.date(), calendar):
        return replace(due, at=due.at + (resumed - suspended), lapses_at=due.lapses_at + (resumed - suspended))
    left_from, back_on = calendar.day(suspended), calendar.day(resumed)
    if back_on == left_from:
        return due
    length = rule.limit.length if rule.due else None
    if length is not None and by_business_days(rule, length):
        return end_of(
            _business_days_after(back_on, _business_days(left_from, local.date(), calendar), calendar), calendar
        )
    return end_of(local.date() + (back_on - left_from), calendar)


def _business_days(after: date, until: date, calendar: Calendar) -> int:
    days = (after + number * ONE_DAY for number in range(1, (until - after).days + 1))
    return sum(not calendar.closed_for(day) for day in days)


def _business_days_after(start: date, number: int, calendar: Calendar) -> date:
    counted = [day for day, _, why_not in calendar.counted_days(start, number, business=True) if not why_not]
    return counted[-1] if counted else start


def _extended(due: Due | None, order: Fact, calendar: Calendar) -> Due | None:
    told = order.data.get("newDueAt")
    return due_again(datetime.fromisoformat(str(told)), calendar) if told else due


def _state(view: ClockView, effect: Effect, as_of: datetime) -> State:
    """The state under the new due time. What is done while the clock stands still is done in time."""
    if effect.waived_at is not None:
        return "waived"
    if effect.suspended_at is not None:
        return "met" if view.met_at else "cancelled" if view.stopped_at else "suspended"
    lapses = effect.due.lapses_at if effect.due else None
    if view.met_at is not None:
        return "met" if lapses is None or view.met_at < lapses else "met-late"
    if view.stopped_at is not None and (lapses is None or view.stopped_at < lapses):
        return "cancelled"
    if view.state == "unknown":
        return "unknown"
    return "missed" if lapses is not None and as_of >= lapses else "running"


def _missed(view: ClockView, effect: Effect, as_of: datetime) -> datetime | None:
    """A miss before a waiver stays; otherwise the new due time decides."""
    if effect.waived_at is not None:
        numbered = view.due_at is None and view.missed_at and view.missed_at < effect.waived_at
        return view.missed_at if numbered else effect.missed_at
    if effect.due is None or effect.suspended_at is not None:
        return None
    ended = min((at for at in (view.met_at, view.stopped_at) if at), default=as_of)
    return effect.due.at if ended >= effect.due.lapses_at else None
