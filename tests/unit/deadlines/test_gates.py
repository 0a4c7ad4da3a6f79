"""Each gate row: held until the act is done, open afterwards, no question where it does not apply."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deadlines.gates import gates
from deadlines.testing import CALENDAR, INVESTIGATION, REPORT, Story, local, rule_named, rules, thing

EXPECTATIONS = Path(__file__).parent / "expectations"
CHILD, OTHER_CHILD = thing("child"), thing("other child")
PLAN, OTHER_PLAN = thing("plan"), thing("other plan")
HOME, OTHER_HOME = thing("home"), thing("other home")
WORKER, OTHER_WORKER = thing("worker"), thing("other worker")
OF_THE_INVESTIGATION: dict[str, Any] = {"investigationId": str(INVESTIGATION)}
OF_THE_REPORT: dict[str, Any] = {"reportId": str(REPORT)}
NO_TIES: dict[str, Any] = OF_THE_REPORT | {"workerId": WORKER, "caseTie": False, "licensedTheHome": False}
INTO_THE_HOME: dict[str, Any] = {"childId": CHILD, "homeOrFacilityId": HOME}
ATTEMPT = "2026-04-20 15:00"


def reported(**data: Any) -> Story:
    return Story().told("ReportReceived", "2026-04-06 10:00", **data)


def opened(**data: Any) -> Story:
    return reported().told("InvestigationOpened", "2026-04-06 14:00", **data)


def assessed(factors: int) -> Story:
    return opened().told("SafetyAssessmentCompleted", "2026-04-10 10:00", factorsYes=factors, stage="initial")


def with_factor() -> Story:
    return opened().told("SafetyFactorFound", "2026-04-10 10:00", factorNo=3)


def planned(**data: Any) -> Story:
    return opened().told("SafetyPlanCreated", "2026-04-10 11:00", planId=PLAN, **data)


def submitted(threat: bool) -> Story:
    return opened().told("InvestigationSubmitted", "2026-04-20 10:00", safetyThreat=threat)


def custody_report(in_custody: bool) -> Story:
    return reported(childInCustody=in_custody).told("ReportScreened", "2026-04-06 11:00", level=3)


@dataclass(frozen=True)
class Row:
    """One gate row: the story, the blocked event, the act that opens it, and a story in which it asks nothing."""

    rule: str
    given: Story
    blocked: str
    data: dict[str, Any]
    act: tuple[str, dict[str, Any]]
    mode: str = "block"
    otherwise: Story | None = None


ROWS = [
    # 003:2183 the person receiving the report searches for earlier ones
    Row("prior-reports-searched.settlement", reported(), "ReportScreened", OF_THE_REPORT, ("PriorReportsSearched", {})),
    # 003:1899 all children in the home must be interviewed
    Row(
        "all-children-interviewed.policy-2009", opened(childIds=[CHILD]), "InvestigationSubmitted",
        OF_THE_INVESTIGATION, ("ChildInterviewed", {"childId": CHILD}), otherwise=opened(childIds=[]),
    ),
    # 003:1899 at least one visit in the home
    Row(
        "investigation-home-visit.policy-2009", opened(), "InvestigationSubmitted", OF_THE_INVESTIGATION,
        ("InvestigationContactMade", {"inHome": True, "faceToFace": True}), otherwise=reported(),
    ),
    # 003:1901 findings when all 20 factors are answered no
    Row(
        "maltreatment-findings.policy-2009", assessed(factors=0), "SafetyAssessmentApproved", OF_THE_INVESTIGATION,
        ("MaltreatmentFindingMade", {}), otherwise=assessed(factors=1),
    ),
    # 003:1901 and decision D-07: a child of five is included, one of six is not
    Row(
        "safety-checklist.policy-2009", opened(youngestChildAge=5), "SafetyAssessmentApproved", OF_THE_INVESTIGATION,
        ("SafetyChecklistCompleted", {}), otherwise=opened(youngestChildAge=6),
    ),
    # 003:1901 supervisory sign-off
    Row(
        "safety-assessment-signoff.policy-2009", assessed(factors=0), "InvestigationApproved", OF_THE_INVESTIGATION,
        ("SafetyAssessmentApproved", {}), otherwise=opened(),
    ),
    # 003:2204
    Row(
        "risk-assessment-signoff.policy-2009", opened().told("RiskAssessmentCompleted", "2026-04-10 10:00"),
        "InvestigationApproved", OF_THE_INVESTIGATION, ("RiskAssessmentApproved", {}), otherwise=opened(),
    ),
    # 003:1901 any factor requires a full investigation
    Row(
        "full-investigation-on-factor.policy-2009", with_factor(), "InvestigationApproved", OF_THE_INVESTIGATION,
        ("InvestigationEscalated", {"fromLevel": 2}), otherwise=opened(),
    ),
    # 003:2236 only a trained worker
    Row(
        "custody-investigator-qualified.policy-2009", custody_report(True), "ReportAssigned", NO_TIES,
        ("StaffTrained", {"workerId": WORKER, "course": "out-of-home-maltreatment-investigation"}),
        otherwise=custody_report(False),
    ),
    # 003:1989 no further child in the home pending the investigation
    Row(
        "resource-home-placement-freeze.policy-2009", reported(setting="resource-home", resourceHomeId=HOME),
        "ChildPlaced", INTO_THE_HOME, ("PlacementFreezeLifted", OF_THE_REPORT | {"homeId": HOME}),
        otherwise=reported(setting="own-home"),
    ),
    # 003:1949 the judge's approval; flagged, because the plan must start immediately
    Row(
        "safety-plan-court-approval.policy-2009", planned(avoidsPlacement=True), "SafetyPlanActivated",
        OF_THE_INVESTIGATION | {"planId": PLAN}, ("YouthCourtDecisionOnSafetyPlanRecorded", {"planId": PLAN}),
        mode="flag", otherwise=planned(avoidsPlacement=False),
    ),
    # 003:1935 a case is opened while safety factors are present
    Row(
        "case-opened-on-safety.policy-2009", submitted(threat=True), "InvestigationApproved", OF_THE_INVESTIGATION,
        ("CaseOpened", {}), otherwise=submitted(threat=False),
    ),
    # 003:1933 a family team meeting during the investigation
    Row(
        "ftm-for-safety-plan.policy-2009", with_factor(), "InvestigationApproved", OF_THE_INVESTIGATION,
        ("FamilyTeamMeetingHeld", {"purpose": "safety-plan"}), mode="flag", otherwise=opened(),
    ),
]  # fmt: skip
every_row = pytest.mark.parametrize("row", ROWS, ids=[row.rule for row in ROWS])


def test_every_gate_of_the_packs_is_tested_here_or_worked_out_on_paper() -> None:
    papers = (tomllib.loads(file.read_text("utf-8"))["expect"] for file in EXPECTATIONS.glob("*.toml"))
    on_paper = {each["row"] for paper in papers for each in paper}
    gate_rules = {rule.id for rule in rules() if rule.kind == "gate"}
    assert len(gate_rules) == 100
    assert gate_rules <= {row.rule for row in ROWS} | on_paper


@every_row
def test_an_attempt_without_the_act_is_held(row: Row) -> None:
    verdict = row.given.attempt(row.rule, row.blocked, ATTEMPT, **row.data)
    assert (verdict.passes, verdict.mode, verdict.rule) == (False, row.mode, row.rule)
    assert [text for text in verdict.missing if row.act[0] in text]
    assert verdict.source.startswith("003:")


@every_row
def test_an_attempt_after_the_act_passes(row: Row) -> None:
    event, data = row.act
    done = row.given.told(event, "2026-04-20 14:59", **data)
    assert done.attempt(row.rule, row.blocked, ATTEMPT, **row.data).passes
    learned_later = row.given.told(event, "2026-04-20 14:59", learned="2026-04-20 15:01", **data)
    assert not learned_later.attempt(row.rule, row.blocked, ATTEMPT, **row.data).passes


@pytest.mark.parametrize("row", [row for row in ROWS if row.otherwise], ids=lambda row: row.rule)
def test_where_it_does_not_apply_an_attempt_passes(row: Row) -> None:
    assert row.otherwise is not None
    assert row.otherwise.attempt(row.rule, row.blocked, ATTEMPT, **row.data).passes


@every_row
def test_before_the_attempt_the_gate_is_pending_and_afterwards_it_is_judged(row: Row) -> None:
    """Setting gate_in_retrospect: what is learned after the attempt does not change its answer."""
    [pending] = row.given.clocks(row.rule, ATTEMPT)
    assert (pending.state, pending.due_at) == ("pending", None)
    attempted = row.given.told(row.blocked, ATTEMPT, **row.data)
    event, data = row.act
    learned_later = attempted.told(event, "2026-04-20 14:59", learned="2026-04-21 09:00", **data)
    for story in (attempted, learned_later):
        assert story.clock(row.rule, "2026-04-22 09:00").state == "missed"
    done = row.given.told(event, "2026-04-20 14:59", **data).told(row.blocked, ATTEMPT, **row.data)
    assert done.clock(row.rule, "2026-04-22 09:00").state == "met"


def test_every_child_in_the_home_is_asked_for() -> None:
    """all-children-interviewed.policy-2009, R-INV-012: not only the alleged victim."""
    story = opened(childIds=[CHILD, OTHER_CHILD]).told("ChildInterviewed", "2026-04-08 10:00", childId=CHILD)
    verdict = story.attempt("all-children-interviewed.policy-2009", "InvestigationSubmitted", ATTEMPT)
    assert verdict.missing == (f"ChildInterviewed for child {OTHER_CHILD}",)


def test_a_contact_outside_the_home_is_no_home_visit() -> None:
    """investigation-home-visit.policy-2009."""
    story = opened().told("InvestigationContactMade", "2026-04-08 10:00", inHome=False, faceToFace=True)
    assert not story.attempt("investigation-home-visit.policy-2009", "InvestigationSubmitted", ATTEMPT).passes


@pytest.mark.parametrize("tie", ["caseTie", "licensedTheHome"])
def test_a_worker_with_a_tie_to_the_case_or_home_is_refused(tie: str) -> None:
    """custody-investigator-qualified.policy-2009, R-INV-002, R-INV-003: also where the worker is trained."""
    trained = custody_report(True).told(
        "StaffTrained", "2026-01-05 09:00", workerId=WORKER, course="out-of-home-maltreatment-investigation"
    )
    verdict = trained.attempt(
        "custody-investigator-qualified.policy-2009", "ReportAssigned", ATTEMPT, **NO_TIES | {tie: True}
    )
    assert verdict.missing == (f"ReportAssigned must say {tie}=false",)


def test_the_training_of_another_worker_does_not_count() -> None:
    """custody-investigator-qualified.policy-2009, R-INV-001."""
    trained = custody_report(True).told(
        "StaffTrained", "2026-01-05 09:00", workerId=OTHER_WORKER, course="out-of-home-maltreatment-investigation"
    )
    verdict = trained.attempt("custody-investigator-qualified.policy-2009", "ReportAssigned", ATTEMPT, **NO_TIES)
    assert verdict.missing == (f"StaffTrained(course=out-of-home-maltreatment-investigation) for worker {WORKER}",)


def test_the_freeze_holds_one_home_and_ends_with_the_investigation() -> None:
    """resource-home-placement-freeze.policy-2009, 003:1989: pending the completion of the investigation."""
    frozen = reported(setting="resource-home", resourceHomeId=HOME)
    name = "resource-home-placement-freeze.policy-2009"
    assert not frozen.attempt(name, "ChildPlaced", ATTEMPT, **INTO_THE_HOME).passes
    assert frozen.attempt(name, "ChildPlaced", ATTEMPT, childId=CHILD, homeOrFacilityId=OTHER_HOME).passes
    concluded = frozen.told("InvestigationApproved", "2026-04-20 14:00", homeOrFacilityId=HOME)
    assert concluded.attempt(name, "ChildPlaced", ATTEMPT, **INTO_THE_HOME).passes


def test_the_approval_of_one_plan_says_nothing_about_another() -> None:
    """safety-plan-court-approval.policy-2009: a gate looks at one instance."""
    story = planned(avoidsPlacement=True).told(
        "SafetyPlanCreated", "2026-04-11 11:00", planId=OTHER_PLAN, avoidsPlacement=True
    )
    story = story.told("YouthCourtDecisionOnSafetyPlanRecorded", "2026-04-12 09:00", planId=OTHER_PLAN)
    name = "safety-plan-court-approval.policy-2009"
    assert story.attempt(name, "SafetyPlanActivated", ATTEMPT, planId=OTHER_PLAN).passes
    assert not story.attempt(name, "SafetyPlanActivated", ATTEMPT, planId=PLAN).passes


def test_a_gate_whose_condition_nobody_knows_flags_and_does_not_block() -> None:
    """Setting gate_if_unknown; custody-investigator-qualified.policy-2009 without the report."""
    story = Story().told("ReportScreened", "2026-04-06 11:00", level=3)
    verdict = story.attempt("custody-investigator-qualified.policy-2009", "ReportAssigned", ATTEMPT, **NO_TIES)
    assert (verdict.passes, verdict.mode, verdict.missing) == (False, "flag", ("not known yet: ReportReceived",))


def test_all_gates_of_an_event_answer_together() -> None:
    """The approval of an investigation with a safety factor and nothing else done."""
    verdicts = gates(
        with_factor().facts, rules(), "InvestigationApproved", OF_THE_INVESTIGATION, local(ATTEMPT), CALENDAR
    )
    assert {verdict.rule for verdict in verdicts if not verdict.passes} == {
        "all-children-assessed.practice-model",
        "full-investigation-on-factor.policy-2009",
        "ftm-for-safety-plan.policy-2009",
    }
    assert {verdict.rule for verdict in verdicts} <= {
        rule.id for rule in rules() if "InvestigationApproved" in rule.blocked
    }


def test_a_gate_is_not_asked_about_an_event_that_it_does_not_guard() -> None:
    with pytest.raises(ValueError, match="does not guard"):
        opened().attempt("safety-checklist.policy-2009", "InvestigationApproved", ATTEMPT)
    assert rule_named("safety-checklist.policy-2009").blocked == ("SafetyAssessmentApproved",)
