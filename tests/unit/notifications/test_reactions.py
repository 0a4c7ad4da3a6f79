"""Who is told about which fact."""

from typing import Any

import pytest
from tests.unit.notifications.cases import (
    DUE,
    FACT,
    MATTER,
    NOW,
    SAM,
    SUPERVISORS,
    WILMA,
    about_clock,
    arrived,
    assigned,
    missed,
    warned,
)

from events.contracts.deadlines import ClockMet
from events.ids import derived
from notifications.content import Recipient, notice_key
from notifications.reactions import notices_about

NOBODY: frozenset[str] = frozenset()


def told(event: Any, inactive: frozenset[str] = NOBODY) -> list[Recipient]:
    return [each.recipient for each in notices_about(arrived(event), inactive, NOW)]


@pytest.mark.parametrize("event", [warned(), missed()])
def test_a_clock_tells_the_worker_and_the_supervisor(event: Any) -> None:
    """R-NTF-012 and 003:1061: caseworker and supervisor, one is not told without the other."""
    assert told(event) == [WILMA, SAM]


def test_without_an_assigned_supervisor_the_supervisors_of_the_county_are_told() -> None:
    """003:1061."""
    assert told(missed(supervisor_id=None)) == [WILMA, SUPERVISORS]


def test_without_any_assignment_the_supervisors_of_the_county_are_told() -> None:
    assert told(missed(worker_id=None, supervisor_id=None)) == [SUPERVISORS]


def test_a_supervisor_who_has_left_is_stood_in_for_by_the_county() -> None:
    assert told(missed(), frozenset({"sam-supervisor"})) == [WILMA, SUPERVISORS]


def test_a_worker_who_has_left_is_not_told() -> None:
    assert told(missed(), frozenset({"wilma-worker"})) == [SAM]


def test_one_person_in_both_places_is_told_once() -> None:
    assert told(missed(worker_id="sam-supervisor")) == [SAM]


def test_a_clock_that_is_not_the_one_to_alert_on_tells_nobody() -> None:
    """domain-notes, `overridden_row`: alert on the earliest, measure each."""
    assert told(missed(alerts=False)) == []
    assert told(warned(alerts=False)) == []


def test_a_duty_that_was_met_tells_nobody() -> None:
    assert told(ClockMet(**about_clock(), met_at=NOW)) == []


def test_an_assignment_tells_the_worker() -> None:
    """R-INT-015: the supervisor assigns; the worker learns of it."""
    (notice,) = notices_about(arrived(assigned()), NOBODY, NOW)
    assert (notice.recipient, notice.kind, notice.matter.clock) == (WILMA, "assigned", None)


def test_an_assignment_to_somebody_who_has_left_comes_back_to_the_supervisors() -> None:
    assert told(assigned(), frozenset({"wilma-worker"})) == [SUPERVISORS]


def test_a_notice_carries_rule_words_ids_and_times_only() -> None:
    first, _ = notices_about(arrived(warned()), NOBODY, NOW)
    assert first.matter == MATTER
    assert first.matter.clock is not None
    assert first.matter.clock.due_at == DUE


def test_the_same_fact_and_recipient_lead_to_the_same_notice() -> None:
    one, other = (notices_about(arrived(warned()), NOBODY, NOW) for _ in range(2))
    assert [each.notice_id for each in one] == [each.notice_id for each in other]
    assert len({each.notice_id for each in one}) == 2


def test_another_fact_or_another_county_leads_to_another_notice() -> None:
    assert notice_key(FACT, WILMA, "Alder") != notice_key(derived("other"), WILMA, "Alder")
    assert notice_key(FACT, SUPERVISORS, "Alder") != notice_key(FACT, SUPERVISORS, "Birch")
