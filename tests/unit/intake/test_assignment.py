"""Assignment: by whom, to whom, and what must be recorded with it; and the call to the police."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from events.testing import Scenario
from intake.commands import RecordPoliceCall, StaffAssignment
from intake.events import AssignmentStaffed, LawEnforcementNotified, ReportAssigned, ReportFlagged
from intake.flag import Flag
from intake.report import DECIDER
from intake.testing import (
    ENTRY,
    FORM,
    REPORT,
    RITA,
    SAM,
    WILMA,
    after,
    amend,
    answer,
    answers,
    assign,
    content,
    custody,
    custody_assign,
    receive,
    screen,
    screened,
    text,
)

DIRECTOR = frozenset({"regional-director"})
CUSTODY_AT_HOME = custody(setting="own-home", resource_home_id=None)


def test_a_supervisor_assigns_a_screened_in_report() -> None:
    """R-INT-015, F-INT-04."""
    screened().when(assign()).then(
        ReportAssigned(
            report_id=REPORT,
            county="Alder",
            worker_id=WILMA,
            level="2",
            by=SAM,
            assigner="supervisor",
            staffed_at=ENTRY,
            prior_reports=(),
            custody_trained=None,
            case_tie=None,
            licensed_the_home=False,
            accompanied_by=None,
            exceptions=(),
            assigned_at=ENTRY,
        )
    )


def test_a_report_is_not_assigned_before_it_is_screened_in() -> None:
    """R-INT-015."""
    after(receive()).when(assign()).rejected("report-not-screened-in")
    Scenario(DECIDER).when(assign()).rejected("report-not-found")


@pytest.mark.parametrize("roles", [frozenset(), DIRECTOR])
def test_nobody_else_assigns_an_ordinary_report(roles: frozenset[str]) -> None:
    """R-INT-015."""
    screened().when(assign(roles=roles)).rejected("supervisor-assigns", rule="R-INT-015")


@pytest.mark.parametrize("setting", ["resource-home", "therapeutic-foster-home"])
def test_a_full_investigation_in_a_resource_home_is_assigned_by_the_regional_director(setting: str) -> None:
    """R-INV-004, R-INT-015."""
    scenario = screened(custody(setting=setting))
    scenario.when(custody_assign(roles=frozenset({"supervisor"}))).rejected(
        "regional-director-assigns", rule="R-INV-004"
    )
    decided = scenario.when(custody_assign()).decided()[0]
    assert isinstance(decided, ReportAssigned)
    assert (decided.assigner, decided.by) == ("regional-director", RITA)


def test_a_custody_report_outside_a_resource_home_is_assigned_by_a_supervisor() -> None:
    """R-INV-004, D-10."""
    command = custody_assign(roles=frozenset({"supervisor"}), licensed_the_home=None)
    assert screened(CUSTODY_AT_HOME).when(command).state().status == "assigned"


@pytest.mark.parametrize(
    ("changes", "code", "rule"),
    [
        ({"custody_trained": False}, "custody-training-missing", "R-INV-001"),
        ({"custody_trained": None}, "custody-training-missing", "R-INV-001"),
        ({"case_tie": True}, "case-tie", "R-INV-002"),
        ({"case_tie": None}, "case-tie", "R-INV-002"),
        ({"licensed_the_home": True}, "licensed-the-home", "R-INV-003"),
        ({"licensed_the_home": None}, "licensed-the-home", "R-INV-003"),
    ],
)
def test_a_custody_report_goes_only_to_a_trained_worker_without_ties(
    changes: dict[str, Any], code: str, rule: str
) -> None:
    """R-INV-001, R-INV-002, R-INV-003, custody-investigator-qualified.policy-2009 (D-13)."""
    refusal = screened(custody()).when(custody_assign(**changes)).rejected(code, rule=rule)
    assert "custody-investigator-qualified.policy-2009" in refusal.rule


def test_the_licensing_worker_may_accompany_the_investigator() -> None:
    """R-INV-003."""
    decided = screened(custody()).when(custody_assign(accompanied_by="lena-licensing")).decided()[0]
    assert isinstance(decided, ReportAssigned)
    assert decided.accompanied_by == "lena-licensing"


def test_an_assignment_that_already_happened_is_accepted_with_exceptions() -> None:
    """custody-investigator-qualified.policy-2009 (gate_mode block)."""
    command = custody_assign(custody_trained=False, case_tie=True, assigned_at=ENTRY - timedelta(minutes=1))
    assert screened(custody()).when(command).state().flags == (
        Flag(code="custody-training-missing", rule="R-INV-001", severity="exception"),
        Flag(code="case-tie", rule="R-INV-002", severity="exception"),
    )


def test_an_ordinary_report_asks_nothing_of_the_worker() -> None:
    """R-INV-001, R-INV-002: only custody reports."""
    assert screened().when(assign(custody_trained=False, case_tie=True)).state().status == "assigned"


def test_an_assignment_without_staffing_is_flagged_until_it_is_staffed() -> None:
    """R-INT-022."""
    unstaffed = screened().when(assign(staffed_at=None))
    assert [(flag.code, flag.rule) for flag in unstaffed.state().flags] == [("staffing-missing", "R-INT-022")]
    staff = StaffAssignment(staffed_at=ENTRY, by=SAM, at=ENTRY)
    scenario = unstaffed.given(*unstaffed.decided()).when(staff)
    scenario.then(
        AssignmentStaffed(report_id=REPORT, worker_id=WILMA, staffed_at=ENTRY, by=SAM),
        ReportFlagged(report_id=REPORT, flags=()),
    )
    scenario.given(*scenario.decided()).when(staff).nothing()


def test_another_worker_takes_over_and_the_same_worker_does_not() -> None:
    scenario = screened().when(assign())
    assigned = scenario.given(*scenario.decided())
    assert assigned.when(assign("walter-worker")).state().worker_id == "walter-worker"
    assigned.when(assign()).rejected("already-assigned")


def test_a_report_reopened_for_custody_is_assigned_anew_to_a_qualified_worker() -> None:
    """R-INT-011, R-INV-001."""
    scenario = screened().when(assign())
    for command in (amend(child_in_custody="yes"), FORM, screen()):
        scenario = scenario.given(*scenario.decided()).when(command)
    again = scenario.given(*scenario.decided())
    assert again.state().status == "screened-in"
    again.when(assign()).rejected("custody-training-missing")


def test_a_report_without_a_county_is_not_assigned() -> None:
    """F-INT-04: the county where the report began is required."""
    screened(content(county=None)).when(assign()).rejected("county-missing", rule="F-INT-04")


CALL = RecordPoliceCall(
    agency="Alder County Sheriff",
    jurisdiction="Alder County",
    place=text("where it happened"),
    told=text("what was told"),
    supervisor_received_at=ENTRY,
    called_at=ENTRY,
    by=SAM,
    at=ENTRY,
)


def test_a_call_to_the_police_is_recorded_once_with_its_ground() -> None:
    """law-enforcement-call.policy-2009, F-INT-05."""
    scenario = after(receive(content(felony_ground="burning-or-torture"))).when(CALL)
    scenario.then(
        LawEnforcementNotified(
            report_id=REPORT,
            county="Alder",
            ground="burning-or-torture",
            agency="Alder County Sheriff",
            jurisdiction="Alder County",
            place=text("where it happened"),
            told=text("what was told"),
            supervisor_received_at=ENTRY,
            called_at=ENTRY,
            by=SAM,
        )
    )
    scenario.given(*scenario.decided()).when(replace(CALL, at=ENTRY + timedelta(minutes=5))).nothing()


def test_the_police_may_be_called_before_anything_else_is_done() -> None:
    """law-enforcement-call.policy-2009: immediately."""
    assert after(receive(), answer(answers(danger="yes"))).when(CALL).decided()
    after(receive()).when(replace(CALL, called_at=ENTRY + timedelta(hours=1))).rejected("time-in-future")
