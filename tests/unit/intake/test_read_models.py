"""The list of reports and the blind index, folded from facts; the normal form of names."""

import hashlib
from dataclasses import replace

import pytest

from events.ids import derived
from events.testing import ReadModelScenario, Scenario
from intake.commands import RecordPoliceCall
from intake.prior import PriorReport
from intake.read_models import NOT_YET, PRIOR_REPORTS, REPORT_LIST
from intake.testing import (
    CALL,
    CALLER,
    CHILD,
    EARLIER,
    ENTRY,
    HOME,
    MOTHER,
    PEOPLE,
    REPORT,
    SAM,
    SEARCH,
    UNCLE,
    WILMA,
    after,
    amend,
    answer,
    assign,
    content,
    custody,
    person,
    receive,
    screen,
    text,
)
from intake.tokens import normalised, with_tokens

RECEIVED = NOT_YET | {
    "report_id": REPORT,
    "version": 2,
    "status": "received",
    "organisation": "hotline",
    "county": "Alder",
    "received_at": CALL,
    "entered_at": ENTRY,
    "channel": "phone",
    "reporter_type": "mandated",
    "victims": [CHILD],
    "allegations": ["abuse"],
    "child_in_custody": "no",
    "setting": "own-home",
    "felony_ground": "none",
    "special_handling": False,
    "law_enforcement_called": False,
    "earlier_reports": 0,
    "flags": [],
}


def listed(scenario: Scenario) -> ReadModelScenario:
    return ReadModelScenario(REPORT_LIST).given(*scenario.past, stream=f"report-{REPORT}")


def test_a_received_report_is_listed_without_anything_confidential() -> None:
    listed(after(receive())).then({REPORT: RECEIVED})


def test_the_row_follows_the_report_through_its_course() -> None:
    """R-INT-016, R-INT-017, R-INT-022, law-enforcement-call.policy-2009."""
    police = RecordPoliceCall("Sheriff", None, None, None, None, ENTRY, by=SAM, at=ENTRY)
    found = replace(SEARCH, found=(PriorReport(report_id=EARLIER),))
    override = screen(agrees=False, new_level="3", reason=text("why"))
    course = after(receive(), found, answer(), override, police, assign(staffed_at=None))
    listed(course).then(
        {
            REPORT: RECEIVED
            | {
                "version": 10,
                "status": "assigned",
                "earlier_reports": 1,
                "proposed_level": "2",
                "level": "3",
                "immediate_response_needed": False,
                "law_enforcement_referral_needed": False,
                "law_enforcement_called": True,
                "screened_at": ENTRY,
                "worker_id": WILMA,
                "assigned_at": ENTRY,
                "flags": [{"code": "staffing-missing", "rule": "R-INT-022", "severity": "flag"}],
            }
        }
    )


def test_a_custody_report_is_marked_and_listed_in_the_register_of_its_home() -> None:
    """R-INT-011, R-INT-020."""
    row = listed(after(receive(custody()))).rows()[REPORT]
    assert (row["level"], row["special_handling"], row["resource_home_id"]) == ("3", True, HOME)


def test_a_report_reopened_is_listed_as_received_again() -> None:
    """R-INT-011."""
    row = listed(after(receive(), SEARCH, answer(), screen(), amend(child_in_custody="yes"))).rows()[REPORT]
    assert (row["status"], row["level"], row["screened_at"]) == ("received", "3", None)


def test_flags_of_the_row_are_those_that_stand() -> None:
    """R-INT-001."""
    flagged = after(receive(content(locations=None)))
    assert [flag["code"] for flag in listed(flagged).rows()[REPORT]["flags"]] == ["locations-missing"]
    row = listed(flagged.given(*flagged.when(amend(locations=text("here"))).decided())).rows()[REPORT]
    assert row["flags"] == []


def token(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()


INDEXED = tuple(with_tokens(each, token) for each in PEOPLE)


def indexed(*commands: object) -> set[object]:
    scenario = after(*commands)  # type: ignore[arg-type]
    rows = ReadModelScenario(PRIOR_REPORTS).given(*scenario.past, stream=f"report-{REPORT}").rows()
    return {row["person_id"] for row in rows.values()}


def test_the_family_is_indexed_and_the_caller_is_not() -> None:
    """R-INT-004; the complainant's identity is always confidential (D-34)."""
    assert indexed(receive(content(people=INDEXED))) == {CHILD, MOTHER, UNCLE}


def test_an_entry_holds_tokens_only() -> None:
    scenario = after(receive(content(people=INDEXED[:1])))
    ReadModelScenario(PRIOR_REPORTS).given(*scenario.past, stream=f"report-{REPORT}").then(
        {
            derived("prior", REPORT, CHILD): {
                "entry_id": derived("prior", REPORT, CHILD),
                "report_id": REPORT,
                "person_id": CHILD,
                "name_token": INDEXED[0].name_token,
                "birth_token": None,
            }
        }
    )


def test_people_leave_the_index_when_they_are_removed_or_turn_out_to_be_the_caller() -> None:
    """R-INT-004."""
    received = receive(content(people=INDEXED))
    caller = with_tokens(person(MOTHER, "complainant"), token)
    assert indexed(received, amend(UNCLE)) == {CHILD, MOTHER}
    assert indexed(received, amend(people=(caller,))) == {CHILD, UNCLE}


def test_whoever_only_reported_gets_no_tokens() -> None:
    assert INDEXED[3].person_id == CALLER
    assert INDEXED[3].name_token is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ané O'Neil", "ONEIL, Ane"),
        ("  Bo   Lee ", "lee bo"),
        ("Müller Jo", "Jo Mu\u0308ller"),
        ("O\u2019Hara", "OHARA"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def test_a_name_of_signs_only_is_no_name() -> None:
    assert with_tokens(person(CHILD, "victim").model_copy(update={"name": text("--")}), token).name_token is None
