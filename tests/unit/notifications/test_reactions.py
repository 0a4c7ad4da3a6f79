"""Who is told about which fact: whoever the ladder names, or who stands in for them."""

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.notifications.cases import (
    DIRECTORS,
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
    escalated,
    extended,
    missed,
    suspended,
    waived,
    warned,
)

from events.contracts.deadlines import ClockMet, ClockResumed
from events.ids import derived
from notifications.absence import Staff, Standing
from notifications.content import Recipient, notice_key
from notifications.reactions import notices_about

TODAY = NOW.date()
LEFT = Standing(active=False)


def staff(**known: Standing) -> Staff:
    return Staff(TODAY, {name.replace("_", "-"): standing for name, standing in known.items()})


def away(substitute: str | None = None) -> Standing:
    return Standing(absent_from=TODAY, substitute_id=substitute)


def told(event: Any, **known: Standing) -> list[Recipient]:
    return [each.recipient for each in notices_about(arrived(event), staff(**known), NOW)]


def behalf(staff_id: str, *absent: str) -> Recipient:
    return Recipient(staff_id=staff_id, on_behalf_of=absent)


@pytest.mark.parametrize("event", [warned(), missed()])
def test_a_clock_tells_the_worker_and_the_supervisor(event: Any) -> None:
    """R-NTF-012 and 003:1061: caseworker and supervisor, one is not told without the other."""
    assert told(event) == [WILMA, SAM]


@pytest.mark.parametrize(
    ("tells", "recipients"),
    [
        (("worker",), [WILMA]),
        (("supervisor",), [SAM]),
        (("director",), [DIRECTORS]),
        (("worker", "supervisor", "director"), [WILMA, SAM, DIRECTORS]),
        ((), []),
    ],
)
@pytest.mark.parametrize("made", [warned, missed, escalated])
def test_those_are_told_whom_the_ladder_names(made: Any, tells: tuple[str, ...], recipients: list[Recipient]) -> None:
    """The rungs of ladders.toml."""
    assert told(made(tells=tells)) == recipients


@pytest.mark.parametrize("event", [suspended(), extended(), waived(), waived(alerts=False)])
def test_a_decision_about_a_clock_is_told_to_worker_and_supervisor(event: Any) -> None:
    first, second = notices_about(arrived(event), staff(), NOW)
    assert [first.recipient, second.recipient] == [WILMA, SAM]
    assert first.matter.clock is not None
    assert (first.matter.clock.decided_by, first.matter.clock.reason) == ("dora-director", "court-order")


def test_a_clock_that_goes_on_tells_nobody() -> None:
    assert told(ClockResumed(**about_clock(), by="sam-supervisor")) == []


def test_without_an_assigned_supervisor_the_supervisors_of_the_county_are_told() -> None:
    """003:1061."""
    assert told(missed(supervisor_id=None)) == [WILMA, SUPERVISORS]


def test_without_any_assignment_the_supervisors_of_the_county_are_told_once() -> None:
    assert told(missed(worker_id=None, supervisor_id=None)) == [SUPERVISORS]


def test_a_warning_to_a_worker_whom_nobody_assigned_goes_to_the_supervisors() -> None:
    assert told(warned(tells=("worker",), worker_id=None)) == [SUPERVISORS]


def test_a_supervisor_who_has_left_is_stood_in_for_by_the_county() -> None:
    assert told(missed(), sam_supervisor=LEFT) == [WILMA, SUPERVISORS]


def test_a_worker_who_has_left_is_stood_in_for_by_the_supervisors() -> None:
    assert told(missed(), wilma_worker=LEFT) == [SUPERVISORS, SAM]


def test_one_person_in_both_places_is_told_once() -> None:
    assert told(missed(worker_id="sam-supervisor")) == [SAM]


def test_who_is_absent_is_told_and_so_is_the_substitute() -> None:
    assert told(assigned(), wilma_worker=away("otto-worker")) == [WILMA, behalf("otto-worker", "wilma-worker")]


def test_a_substitute_who_is_told_anyway_is_told_once() -> None:
    """The supervisor stands in for the worker: one notice, marked."""
    assert told(missed(), wilma_worker=away("sam-supervisor")) == [WILMA, behalf("sam-supervisor", "wilma-worker")]


def test_one_substitute_of_two_is_told_once() -> None:
    otto = behalf("otto-worker", "wilma-worker", "sam-supervisor")
    recipients = told(missed(), wilma_worker=away("otto-worker"), sam_supervisor=away("otto-worker"))
    assert recipients == [WILMA, otto, SAM]


def test_the_notice_of_a_substitute_is_another_than_that_of_the_absent() -> None:
    notices = notices_about(arrived(assigned()), staff(wilma_worker=away("otto-worker")), NOW)
    assert len({each.notice_id for each in notices}) == 2


def test_whether_somebody_stands_in_does_not_change_which_notice_it_is() -> None:
    assert notice_key(FACT, behalf("sam-supervisor", "wilma-worker"), "Alder") == notice_key(FACT, SAM, "Alder")


def test_a_clock_that_is_not_the_one_to_alert_on_tells_nobody() -> None:
    """domain-notes, `overridden_row`: alert on the earliest, measure each."""
    for made in (warned, missed, escalated):
        assert told(made(alerts=False)) == []


def test_a_duty_that_was_met_tells_nobody() -> None:
    assert told(ClockMet(**about_clock(), met_at=NOW)) == []


def test_an_assignment_tells_the_worker() -> None:
    """R-INT-015: the supervisor assigns; the worker learns of it."""
    (notice,) = notices_about(arrived(assigned()), staff(), NOW)
    assert (notice.recipient, notice.kind, notice.matter.clock) == (WILMA, "assigned", None)


def test_an_assignment_to_somebody_who_has_left_comes_back_to_the_supervisors() -> None:
    assert told(assigned(), wilma_worker=LEFT) == [SUPERVISORS]


def test_a_notice_carries_rule_words_ids_and_times_only() -> None:
    first, _ = notices_about(arrived(warned()), staff(), NOW)
    assert first.matter == MATTER
    assert first.matter.clock is not None
    assert first.matter.clock.due_at == DUE


def test_a_clock_of_a_region_has_neither_report_nor_county() -> None:
    (notice,) = notices_about(arrived(escalated(county="", report_id=None, due_at=None)), staff(), NOW)
    matter = notice.matter
    assert (matter.county, matter.region, matter.report_id, notice.recipient) == ("", "North", None, DIRECTORS)
    assert matter.clock is not None
    assert (matter.clock.due_at, matter.clock.rung) == (None, 3)


def test_the_same_fact_and_recipient_lead_to_the_same_notice() -> None:
    one, other = (notices_about(arrived(warned()), staff(), NOW + timedelta(hours=each)) for each in range(2))
    assert [each.notice_id for each in one] == [each.notice_id for each in other]
    assert len({each.notice_id for each in one}) == 2


def test_each_rung_leads_to_a_notice_of_its_own() -> None:
    rungs = [arrived(warned(rung=each), derived("rung", each)) for each in (1, 2)]
    assert len({each.notice_id for fact in rungs for each in notices_about(fact, staff(), NOW)}) == 4


def test_another_fact_or_another_county_leads_to_another_notice() -> None:
    assert notice_key(FACT, WILMA, "Alder") != notice_key(derived("other"), WILMA, "Alder")
    assert notice_key(FACT, SUPERVISORS, "Alder") != notice_key(FACT, SUPERVISORS, "Birch")
