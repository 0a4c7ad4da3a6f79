"""What staff may order about a clock, and how far: each order is a fact of its own, kept with who gave it and why."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from deadlines.calendar import Calendar
from deadlines.facts import ACKNOWLEDGE, EXTEND, RESUME, SNOOZE, SUSPEND, WAIVE, Order
from deadlines.ladder import Escalation
from deadlines.lengths import Length
from events.decider import Decider, Rejected
from events.event import Event

ASKED_OF: dict[Order, tuple[str, ...]] = {
    SUSPEND: ("running",),
    RESUME: ("suspended",),
    EXTEND: ("running", "missed"),
    WAIVE: ("running", "suspended", "missed"),
    ACKNOWLEDGE: ("running", "missed"),
    SNOOZE: ("running", "missed"),
}


class OrderGiven(Event, name="deadlines.order-given", version=1):
    """Staff decided something about a clock. `reason` is one of the coded reasons."""

    clock_id: UUID
    scope: str
    order: Order
    at: datetime
    by: str
    reason: str
    until: datetime | None = None
    new_due_at: datetime | None = None


@dataclass(frozen=True)
class GiveOrder:
    """An order about the clock as it stands: its state, its due time, and the roles of who gives it."""

    clock_id: UUID
    scope: str
    order: Order
    at: datetime
    by: str
    roles: frozenset[str]
    state: str
    due_at: datetime | None
    reason: str
    calendar: Calendar
    escalation: Escalation
    until: datetime | None = None
    new_due_at: datetime | None = None


@dataclass(frozen=True)
class Given:
    """What was ordered before: how often it was snoozed."""

    snoozed: int = 0


def decide(command: GiveOrder, given: Given) -> list[OrderGiven]:
    """One order, or a refusal that says what may be done instead."""
    if command.state not in ASKED_OF[command.order]:
        raise Rejected(
            "clock-not-open", f"the clock is {command.state}: nothing can be ordered about it now", field="clockId"
        )
    if command.reason not in command.escalation.reasons:
        known = ", ".join(command.escalation.reasons)
        raise Rejected("reason-unknown", f"one of: {known}", field="reason")
    if command.order == EXTEND:
        _extends(command)
    elif command.order == WAIVE and not command.roles & command.escalation.waive.roles:
        raise Rejected("waiver-not-yours", "another role may waive a clock", field="reason", status=403)
    elif command.order == SNOOZE:
        _snoozes(command, given)
    return [
        OrderGiven(
            clock_id=command.clock_id,
            scope=command.scope,
            order=command.order,
            at=command.at,
            by=command.by,
            reason=command.reason,
            until=command.until,
            new_due_at=command.new_due_at,
        )
    ]


def evolve(given: Given, event: OrderGiven) -> Given:
    return replace(given, snoozed=given.snoozed + (event.order == SNOOZE))


ORDERS_OF_CLOCK: Decider[GiveOrder, Given, OrderGiven] = Decider("orders", decide, evolve, initial=Given())


def _extends(command: GiveOrder) -> None:
    """Later than now due, and no further than the role of who decides allows at once."""
    due, new = command.due_at, command.new_due_at
    if due is None or new is None or new <= due:
        raise Rejected("not-an-extension", "the new due time must be later than the present one", field="newDueAt")
    lengths = [Length.parse(text) for role, text in command.escalation.extend.items() if role in command.roles]
    furthest = max((command.calendar.later(due, length) for length in lengths), default=None)
    if furthest is None:
        raise Rejected("extension-not-yours", "another role may extend a clock", field="newDueAt", status=403)
    if new > furthest:
        limit = command.calendar.local(furthest).date().isoformat()
        raise Rejected(
            "extension-too-long", f"your role may extend this clock until {limit}", field="newDueAt", status=403
        )


def _snoozes(command: GiveOrder, given: Given) -> None:
    snooze = command.escalation.snooze
    if given.snoozed >= snooze.times:
        raise Rejected("snoozed-too-often", f"a clock may be snoozed {snooze.times} times", field="until")
    latest = command.calendar.later(command.at, Length.parse(snooze.most))
    if command.until is None or not command.at < command.until <= latest:
        raise Rejected("snooze-too-long", f"a clock may be snoozed for {snooze.most} at most", field="until")
