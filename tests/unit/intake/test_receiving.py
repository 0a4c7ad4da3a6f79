"""Receiving and completing a report: nothing is refused for a missing field, what is missing becomes a flag."""

from dataclasses import replace
from datetime import timedelta

import pytest

from events.private import privates
from events.testing import Scenario
from intake.commands import RecordSuspicion
from intake.content import Content
from intake.events import (
    MaltreatmentSuspected,
    PolicyViolationRecordOpened,
    ReportAmended,
    ReportEntered,
    ReportFlagged,
    ReportReceived,
    ResponseLevelProposed,
    ScreeningReopened,
)
from intake.report import DECIDER
from intake.testing import (
    CALL,
    CHILD,
    DESK,
    ENTRY,
    HOME,
    MOTHER,
    PEOPLE,
    REPORT,
    UNCLE,
    after,
    amend,
    answer,
    answers,
    content,
    custody,
    person,
    receive,
    screened,
    text,
)
from intake.vocabulary import Entry

intake = Scenario(DECIDER)


def codes(scenario: Scenario) -> set[str]:
    return {flag.code for flag in scenario.state().flags}


def test_a_complete_report_is_received_at_the_time_of_the_call_and_raises_no_flag() -> None:
    intake.when(receive()).then(
        ReportReceived(
            report_id=REPORT,
            content=content(young_or_handicapped=None),
            organisation="hotline",
            entered_at=ENTRY,
        ),
        ReportEntered(report_id=REPORT, county="Alder", entered_at=ENTRY, entered_by=DESK, late=False),
    )


def test_call_time_and_entry_time_are_kept_apart() -> None:
    """R-INT-003, report-entered.settlement."""
    received, entered = intake.when(receive()).decided()
    assert (received.happened_at, entered.happened_at) == (CALL, ENTRY)


def test_an_empty_report_is_accepted_and_flagged_for_everything_it_lacks() -> None:
    """R-INT-001, R-INT-002, R-INT-021, D-34."""
    flags = intake.when(receive(Content())).state().flags
    assert {(flag.code, flag.rule) for flag in flags} >= {
        ("call-time-missing", "R-INT-001"),
        ("allegation-summary-missing", "R-INT-001"),
        ("complainant-missing", "R-INT-001"),
        ("victims-missing", "R-INT-001"),
        ("alleged-perpetrators-missing", "R-INT-001"),
        ("household-missing", "R-INT-001"),
        ("relationships-missing", "R-INT-001"),
        ("locations-missing", "R-INT-001"),
        ("extent-missing", "R-INT-002"),
        ("vulnerability-missing", "R-INT-002"),
        ("child-whereabouts-missing", "R-INT-002"),
        ("perpetrator-whereabouts-missing", "R-INT-002"),
        ("present-danger-missing", "R-INT-002"),
        ("tribal-membership-missing", "R-INT-021"),
        ("county-missing", "F-INT-01"),
        ("child-in-custody-missing", "F-INT-01"),
        ("felony-ground-missing", "F-INT-01"),
    }


def test_the_narrative_of_a_report_without_victims_belongs_to_the_report_until_forgotten() -> None:
    received = intake.when(receive(Content(allegation_summary=text("said")))).decided()[0]
    assert [private.value for private in privates(received)] == ["said"]
    assert next(privates(received)).person not in {CHILD, REPORT}


@pytest.mark.parametrize(
    ("field", "flag"),
    [
        ("received_at", "call-time"),
        ("channel", "channel"),
        ("county", "county"),
        ("allegation_summary", "allegation-summary"),
        ("locations", "locations"),
        ("felony_ground", "felony-ground"),
        ("setting", "setting"),
        ("child_in_custody", "child-in-custody"),
        ("extent", "extent"),
        ("vulnerability", "vulnerability"),
        ("child_whereabouts", "child-whereabouts"),
        ("perpetrator_whereabouts", "perpetrator-whereabouts"),
        ("present_danger", "present-danger"),
        ("tribal_membership", "tribal-membership"),
    ],
)
def test_each_missing_field_raises_its_own_flag_and_an_entry_marked_unknown_counts_as_given(
    field: str, flag: Entry
) -> None:
    """R-INT-001, R-INT-002, R-INT-021."""
    assert codes(intake.when(receive(content(**{field: None})))) == {f"{flag}-missing"}
    assert codes(intake.when(receive(content(**{field: None, "unknown": (flag,)})))) == set()


@pytest.mark.parametrize(
    ("people", "flags"),
    [
        (PEOPLE[:3], {"complainant-missing"}),
        ((PEOPLE[0], PEOPLE[1], PEOPLE[3]), {"alleged-perpetrators-missing"}),
        (PEOPLE[1:], {"victims-missing", "allegations-missing"}),
        ((*PEOPLE[:2], person(UNCLE, "alleged-perpetrator"), PEOPLE[3]), {"relationships-missing"}),
        (
            (person(CHILD, "victim"), *PEOPLE[1:]),
            {"victim-ages-missing", "allegations-missing"},
        ),
    ],
)
def test_people_who_are_not_named_raise_flags(people: tuple[object, ...], flags: set[str]) -> None:
    """R-INT-001: complainant, victims, alleged perpetrators, household members, roles and relationships."""
    assert codes(intake.when(receive(content(people=people)))) == flags


def test_a_resource_home_report_without_its_home_is_flagged_as_missing_from_the_register() -> None:
    """R-INT-020."""
    flags = intake.when(receive(content(setting="resource-home"))).state().flags
    assert [(flag.code, flag.rule) for flag in flags] == [("resource-home-missing", "R-INT-020")]
    assert codes(intake.when(receive(content(setting="resource-home", resource_home_id=HOME)))) == set()


@pytest.mark.parametrize(("minutes", "late"), [(30, False), (31, True)])
def test_a_call_entered_after_the_tolerance_is_accepted_and_flagged_late(minutes: int, late: bool) -> None:
    """R-INT-003."""
    command = receive(tolerance=timedelta(minutes=30), at=CALL + timedelta(minutes=minutes))
    assert codes(intake.when(command)) == ({"late-entry"} if late else set())


def test_without_a_tolerance_no_entry_is_called_late() -> None:
    """R-INT-003: the agency has to say what "immediately" means."""
    assert codes(intake.when(receive(at=CALL + timedelta(days=9)))) == set()


def test_a_call_from_the_future_is_refused() -> None:
    late = receive(content(received_at=ENTRY + timedelta(hours=1)))
    assert intake.when(late).rejected("time-in-future").field == "receivedAt"


def test_a_report_id_is_received_once() -> None:
    after(receive()).when(receive()).rejected("report-already-received")


def test_an_amendment_clears_the_flags_it_answers() -> None:
    """R-INT-001."""
    scenario = after(receive(content(locations=None, tribal_membership=None))).when(amend(locations=text("here")))
    amendment, flagged = scenario.decided()
    assert isinstance(amendment, ReportAmended)
    assert amendment.changes == Content(locations=text("here"))
    assert isinstance(flagged, ReportFlagged)
    assert [flag.code for flag in flagged.flags] == ["tribal-membership-missing"]


def test_an_amendment_replaces_and_removes_people_by_id() -> None:
    corrected = person(MOTHER, "household-member", relationship=text("aunt", MOTHER))
    report = after(receive()).when(amend(UNCLE, people=(corrected,))).state()
    assert [each.person_id for each in report.content.people] == [PEOPLE[0].person_id, MOTHER, PEOPLE[3].person_id]
    assert report.content.people[1].relationship == text("aunt", MOTHER)


def test_an_amendment_without_content_is_nothing_new() -> None:
    after(receive()).when(amend()).nothing()


def test_an_unknown_report_is_not_amended() -> None:
    assert intake.when(amend(county="Birch")).rejected("report-not-found").status == 404


def test_a_custody_report_is_level_3_with_special_handling_from_its_receipt() -> None:
    """R-INT-011."""
    proposal = intake.when(receive(custody())).decided()[2]
    assert isinstance(proposal, ResponseLevelProposed)
    assert (proposal.level, proposal.special_handling) == ("3", True)


def test_custody_learned_before_screening_raises_the_level_to_3() -> None:
    """R-INT-011, D-10."""
    scenario = after(receive(), answer(answers(parent=False, definition=False, family=False)))
    assert scenario.state().proposed == "1"
    assert scenario.when(amend(child_in_custody="yes")).state().proposed == "3"


def test_custody_learned_after_screening_opens_the_screening_again() -> None:
    """R-INT-011, R-INT-012."""
    scenario = screened().when(amend(child_in_custody="yes"))
    assert ScreeningReopened(report_id=REPORT, cause="child-in-custody") in scenario.decided()
    report = scenario.state()
    assert (report.status, report.level) == ("received", "3")


def test_corporal_punishment_of_a_custody_child_is_maltreatment_and_opens_a_policy_violation_record() -> None:
    """R-INT-019."""
    victim = PEOPLE[0].model_copy(update={"allegations": ("corporal-punishment",)})
    scenario = intake.when(receive(custody(people=(victim, *PEOPLE[1:]))))
    assert PolicyViolationRecordOpened(report_id=REPORT, resource_home_id=HOME) in scenario.decided()
    assert scenario.state().proposed == "3"


def test_corporal_punishment_at_home_opens_no_policy_violation_record() -> None:
    """R-INT-019."""
    victim = PEOPLE[0].model_copy(update={"allegations": ("corporal-punishment",)})
    assert not intake.when(receive(content(people=(victim, *PEOPLE[1:])))).state().policy_violation


SUSPICION = RecordSuspicion(CHILD, "corporal-punishment", suspected_at=CALL, by="lena-licensing", at=ENTRY)


def test_a_suspicion_alone_is_refused_without_a_formal_report() -> None:
    """R-INT-014."""
    intake.when(SUSPICION).rejected("formal-report-required", rule="R-INT-014")


def test_a_suspicion_is_recorded_once_with_its_formal_report() -> None:
    """R-INT-014."""
    after(receive(custody())).when(SUSPICION).then(
        MaltreatmentSuspected(
            report_id=REPORT,
            county="Alder",
            child_id=CHILD,
            staff_id="lena-licensing",
            suspicion="corporal-punishment",
            suspected_at=CALL,
        )
    )
    after(receive(custody()), SUSPICION).when(replace(SUSPICION, at=ENTRY + timedelta(hours=1))).nothing()
