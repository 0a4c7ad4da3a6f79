"""Who may order what about a clock, in which state, how far, and under which coded reasons."""

from dataclasses import replace
from typing import Any

import pytest

from deadlines.calendar import Calendar
from deadlines.facts import ACKNOWLEDGE, EXTEND, RESUME, SNOOZE, SUSPEND, WAIVE
from deadlines.ladder import escalation
from deadlines.ordering import ORDERS_OF_CLOCK, GiveOrder, OrderGiven
from deadlines.testing import local
from events.decider import Rejected
from events.ids import derived

NOW, DUE = local("2026-03-10 10:00"), local("2026-03-13 23:59:59")
SUPERVISOR, DIRECTOR, DIVISION, WORKER = "ROLE-03", "ROLE-12", "ROLE-13", "ROLE-05"
STATES = ("running", "suspended", "missed", "met", "met-late", "cancelled", "waived")


def order(kind: Any, role: str = SUPERVISOR, **more: Any) -> GiveOrder:
    command = GiveOrder(
        clock_id=derived("ordering", "clock"),
        scope="report:1",
        order=kind,
        at=NOW,
        by="sam-supervisor",
        roles=frozenset({role}),
        state="suspended" if kind == RESUME else "running",
        due_at=DUE,
        reason="court-order",
        calendar=Calendar(),
        escalation=escalation(),
    )
    return replace(command, **more)


def given(command: GiveOrder, *before: OrderGiven) -> list[OrderGiven]:
    return ORDERS_OF_CLOCK.decide(command, ORDERS_OF_CLOCK.fold(before))


def refused(command: GiveOrder, *before: OrderGiven) -> tuple[str, int]:
    with pytest.raises(Rejected) as no:
        given(command, *before)
    return no.value.code, no.value.status


def snoozed(until: str = "2026-03-10 20:00") -> GiveOrder:
    return order(SNOOZE, until=local(until))


def extended(role: str, until: str) -> GiveOrder:
    return order(EXTEND, role, new_due_at=local(until))


def test_an_order_is_recorded_with_who_when_and_why() -> None:
    [event] = given(order(SUSPEND))
    assert (event.order, event.by, event.at, event.reason) == (SUSPEND, "sam-supervisor", NOW, "court-order")


@pytest.mark.parametrize(
    ("command", "states"),
    [
        (order(SUSPEND), {"running"}),
        (order(RESUME), {"suspended"}),
        (extended(SUPERVISOR, "2026-03-20 23:59:59"), {"running", "missed"}),
        (order(WAIVE, DIRECTOR), {"running", "suspended", "missed"}),
        (order(ACKNOWLEDGE), {"running", "missed"}),
        (snoozed(), {"running", "missed"}),
    ],
)
def test_an_order_is_taken_in_the_states_in_which_it_means_something(command: GiveOrder, states: set[str]) -> None:
    for state in STATES:
        if state in states:
            assert given(replace(command, state=state))
        else:
            assert refused(replace(command, state=state)) == ("clock-not-open", 409)


def test_a_reason_is_one_of_the_coded_ones() -> None:
    """Nothing confidential slips into a reason."""
    for kind in (SUSPEND, RESUME, ACKNOWLEDGE):
        assert refused(order(kind, reason="the mother drinks"))[0] == "reason-unknown"
    assert all(given(order(SUSPEND, reason=reason)) for reason in escalation().reasons)


@pytest.mark.parametrize(
    ("role", "furthest", "too_far"),
    [
        (SUPERVISOR, "2026-03-23 23:59:59", "2026-03-24 00:00"),
        (DIRECTOR, "2026-04-12 23:59:59", "2026-04-13 00:00"),
        (DIVISION, "2026-06-11 23:59:59", "2026-06-12 00:00"),
    ],
)
def test_each_role_extends_so_far_and_no_further(role: str, furthest: str, too_far: str) -> None:
    """Ten, thirty and ninety days of the local calendar, over the change of clocks."""
    assert given(extended(role, furthest))[0].new_due_at == local(furthest)
    assert refused(extended(role, too_far)) == ("extension-too-long", 403)


def test_a_role_that_is_not_named_neither_extends_nor_waives() -> None:
    assert refused(extended(WORKER, "2026-03-20 23:59:59")) == ("extension-not-yours", 403)
    assert refused(order(WAIVE, WORKER)) == refused(order(WAIVE, SUPERVISOR)) == ("waiver-not-yours", 403)
    assert given(order(WAIVE, DIRECTOR))
    assert given(order(WAIVE, DIVISION))


def test_an_extension_is_later_than_the_present_due_time() -> None:
    assert refused(extended(SUPERVISOR, "2026-03-13 23:59:59"))[0] == "not-an-extension"
    assert refused(order(EXTEND))[0] == "not-an-extension"
    no_due_time = replace(extended(SUPERVISOR, "2026-03-20 23:59:59"), due_at=None)
    assert refused(no_due_time)[0] == "not-an-extension"


def test_a_snooze_lasts_a_day_at_most_and_lies_ahead() -> None:
    assert given(snoozed("2026-03-11 10:00"))
    assert refused(snoozed("2026-03-11 10:01"))[0] == "snooze-too-long"
    assert refused(snoozed("2026-03-10 10:00"))[0] == "snooze-too-long"
    assert refused(order(SNOOZE))[0] == "snooze-too-long"


def test_a_clock_is_snoozed_twice_and_not_a_third_time() -> None:
    first, second = given(snoozed()), given(snoozed("2026-03-11 09:00"))
    assert given(snoozed(), *first)
    assert refused(snoozed(), *first, *second)[0] == "snoozed-too-often"
    assert given(order(ACKNOWLEDGE), *first, *second), "an acknowledgement is no snooze"
