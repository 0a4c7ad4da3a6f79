"""Another service asks whether something may be done: yes, no, or only as an exception, and what is missing."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.alive import HOTLINE, START, SUPERVISOR, WORKER
from tests.integration.deadlines.conftest import DIRECTOR, DIVISION, STRANGER, Desk, of_report, opened

from events.authority import Actor
from events.contracts.casework.case import CaseOpened
from events.contracts.intake import PriorReportsSearched
from events.contracts.investigation import InvestigationOpened, SafetyPlanCreated
from events.contracts.oversight.supervision import StaffTrained
from events.contracts.parts import HouseholdMember
from events.contracts.placement.placement import PlacementProposed
from events.contracts.placement.resource_home import (
    BackgroundResultsReceived,
    HomeScreened,
    RelativeExpeditedApprovalGranted,
)
from events.ids import derived

REPORT, INVESTIGATION = derived("gate", "report"), derived("gate", "investigation")
CHILD, CASE, PLACEMENT, HOME = (derived("gate", name) for name in ("child", "case", "placement", "home"))
ADULT, MINOR, PLAN = derived("gate", "adult"), derived("gate", "minor"), derived("gate", "plan")
SCREENING: dict[str, Any] = {"event": "ReportScreened", "data": {"reportId": str(REPORT)}}
SEARCHED = PriorReportsSearched(report_id=REPORT, county="Alder", searched_by=SUPERVISOR.id, match_count=0, at=START)
ASSIGNMENT: dict[str, Any] = {
    "event": "ReportAssigned",
    "data": {"reportId": str(REPORT), "workerId": "walter-worker"},
}
QUALIFIED = "custody-investigator-qualified.policy-2009"
OF_THE_INVESTIGATION: dict[str, Any] = {
    "investigation_id": INVESTIGATION,
    "report_id": REPORT,
    "county": "Alder",
    "worker_id": WORKER.id,
}
PRIOR = "prior-reports-searched.settlement"


def with_data(body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same attempt with more of its payload."""
    return body | {"data": body["data"] | more}


async def asked(desk: Desk, body: dict[str, Any], actor: Actor = DIRECTOR) -> Any:
    """The answer of the gates."""
    answer = await desk.ask(actor, "POST", "/gates", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def of(answer: Any, rule: str) -> Any:
    """What one rule answers."""
    [found] = [each for each in answer["rules"] if each["rule"].startswith(f"{rule}@")]
    return found


async def test_a_gate_that_blocks_says_no_and_what_is_missing_then_yes(desk: Desk) -> None:
    """prior-reports-searched.settlement, 003:2183: no screening before the search for earlier reports."""
    await desk.hear(of_report(REPORT)[0])
    refused = await asked(desk, SCREENING)
    rule = of(refused, PRIOR)
    assert (refused["answer"], refused["county"]) == ("no", "Alder")
    assert (rule["answer"], rule["mode"], rule["because"]) == ("no", "block", "")
    assert rule["missing"] == ["PriorReportsSearched"]
    assert rule["source"].startswith("003:")
    assert rule["authority"]
    assert rule["title"]
    assert {"name": "gate_act_since", "value": "any", "setBy": "standard"} in rule["settings"]
    await desk.hear(SEARCHED, at=START + timedelta(minutes=5))
    assert (await asked(desk, SCREENING))["answer"] == "yes"


async def test_what_has_already_happened_is_never_refused(desk: Desk) -> None:
    """prior-reports-searched.settlement, domain README gate_mode: accepted with an exception."""
    await desk.hear(of_report(REPORT)[0])
    at, learned = START + timedelta(minutes=1), START + timedelta(hours=2)
    told = await asked(desk, SCREENING | {"at": at.isoformat(), "learnedAt": learned.isoformat()})
    assert (told["answer"], of(told, PRIOR)["because"]) == ("exception", "already-happened")
    assert of(told, PRIOR)["missing"] == ["PriorReportsSearched"]


async def test_a_gate_answers_on_what_was_known_at_the_attempt(desk: Desk) -> None:
    """prior-reports-searched.settlement, reading gate_in_retrospect: learned later does not change the answer."""
    await desk.hear(of_report(REPORT)[0])
    at = START + timedelta(minutes=10)
    await desk.hear(SEARCHED, at=START + timedelta(minutes=5), learned=START + timedelta(days=1))
    assert (await asked(desk, SCREENING | {"at": at.isoformat()}))["answer"] == "no"
    assert (await asked(desk, SCREENING))["answer"] == "yes"


async def test_a_gate_that_flags_asks_for_an_exception(desk: Desk) -> None:
    """safety-plan-court-approval.policy-2009: a plan that avoids placement, without the youth court."""
    await desk.hear(*of_report(REPORT), opened_investigation(), created_plan())
    told = await asked(
        desk, {"event": "SafetyPlanActivated", "data": {"investigationId": str(INVESTIGATION), "planId": str(PLAN)}}
    )
    rule = of(told, "safety-plan-court-approval.policy-2009")
    assert (told["answer"], rule["answer"], rule["mode"]) == ("exception", "exception", "flag")
    assert rule["missing"] == ["YouthCourtDecisionOnSafetyPlanRecorded for plan " + str(PLAN)]


async def test_a_condition_that_is_not_known_yet_lets_pass_as_an_exception(desk: Desk) -> None:
    """custody-investigator-qualified.policy-2009: nobody has told yet whether the child is in custody."""
    await desk.hear(of_report(REPORT)[1])
    told = await asked(desk, ASSIGNMENT)
    rule = of(told, QUALIFIED)
    assert (told["answer"], rule["mode"], rule["because"]) == ("exception", "block", "condition-unknown")
    assert rule["missing"] == ["not known yet: ReportReceived"]
    assert {"name": "gate_if_unknown", "value": "flag", "setBy": "standard"} in rule["settings"]


async def test_the_training_of_a_worker_new_to_the_report_counts(desk: Desk) -> None:
    """custody-investigator-qualified.policy-2009, 003:2236: the worker is named by the attempt alone."""
    await desk.hear(*of_report(REPORT, child_in_custody=True)[:2])
    told = await asked(desk, ASSIGNMENT)
    assert of(told, QUALIFIED)["answer"] == "no"
    assert "ReportAssigned must say caseTie=false" in of(told, QUALIFIED)["missing"]
    await desk.hear(
        StaffTrained(
            worker_id="walter-worker", role="worker", course="out-of-home-maltreatment-investigation", at=START
        )
    )
    free = {"caseTie": False, "licensedTheHome": False}
    assert of(await asked(desk, with_data(ASSIGNMENT, **free)), QUALIFIED)["answer"] == "yes"
    other = with_data(ASSIGNMENT, workerId="wendy-worker", **free)
    assert of(await asked(desk, other), QUALIFIED)["answer"] == "no"


async def test_an_attempt_that_names_several_subjects_is_asked_of_each(desk: Desk) -> None:
    """home-screened.settlement and background-results.settlement of the home, unlicensed-relative-barred.settlement of the
    placement: a child is placed with a relative."""
    await desk.hear(case(), proposal())
    placing = {
        "event": "ChildPlaced",
        "data": {"placementId": str(PLACEMENT), "childId": str(CHILD), "homeOrFacilityId": str(HOME)},
    }
    told = await asked(desk, placing)
    refusing = {each["rule"].partition("@")[0] for each in told["rules"] if each["answer"] == "no"}
    assert refusing == {
        "home-screened.settlement",
        "background-results.settlement",
        "unlicensed-relative-barred.settlement",
    }
    missing = of(told, "background-results.settlement")["missing"]
    assert [str(ADULT) in text for text in missing] == [True], "the minor of the household owes none"
    await desk.hear(
        HomeScreened(home_id=HOME, reason="initial", at=START),
        BackgroundResultsReceived(home_id=HOME, member_id=ADULT, at=START),
        RelativeExpeditedApprovalGranted(home_id=HOME, at=START),
    )
    assert (await asked(desk, placing))["answer"] == "yes"


async def test_what_no_rule_guards_may_be_done(desk: Desk) -> None:
    told = await asked(desk, {"event": "VisitLogged", "data": {"childId": str(CHILD)}})
    assert (told["answer"], told["rules"]) == ("yes", [])


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        ({"event": "ReportShredded", "data": {}}, "event-unknown", "ReportShredded"),
        (with_data(SCREENING, childid=str(CHILD)), "attempt-unreadable", "childid"),
        (with_data(SCREENING, reportId="seven"), "attempt-unreadable", "reportId"),
        (with_data(SCREENING, decision="perhaps"), "attempt-unreadable", "decision"),
    ],
)
async def test_an_attempt_that_cannot_be_understood_is_refused(
    desk: Desk, body: dict[str, Any], code: str, named: str
) -> None:
    """A word that no contract knows would silently ask something else."""
    answer = await desk.ask(DIRECTOR, "POST", "/gates", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert named in answer.json()["detail"]


async def test_an_attempt_that_names_too_many_subjects_is_refused(desk: Desk) -> None:
    children = [str(derived("many", number)) for number in range(101)]
    answer = await desk.ask(DIRECTOR, "POST", "/gates", {"event": "CaseOpened", "data": {"childIds": children}})
    assert (answer.status_code, answer.json()["code"]) == (422, "attempt-too-wide")


async def test_only_who_has_to_do_with_the_family_is_answered(desk: Desk) -> None:
    """Permissions, gate.ask: supervisors and directors in their counties, workers where they are assigned."""
    await desk.hear(*of_report(REPORT))
    for actor in (SUPERVISOR, WORKER, DIRECTOR, DIVISION):
        assert (await asked(desk, SCREENING, actor))["county"] == "Alder"
    assigned_elsewhere = Actor("walter-worker", frozenset({"ROLE-05"}), frozenset({"Alder"}))
    for actor in (STRANGER, assigned_elsewhere, Actor("nobody"), HOTLINE):
        answer = await desk.ask(actor, "POST", "/gates", SCREENING)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


async def test_a_foreign_family_cannot_be_asked_about_beside_an_own_one(desk: Desk) -> None:
    other = derived("gate", "report of Birch")
    await desk.hear(*of_report(REPORT), *of_report(other, county="Birch"))
    both = {"event": "CaseOpened", "data": {"childIds": [str(derived("victim", each)) for each in (REPORT, other)]}}
    assert (await desk.ask(SUPERVISOR, "POST", "/gates", both)).status_code == 403
    assert (await desk.ask(DIVISION, "POST", "/gates", both)).status_code == 200


async def test_the_rules_of_the_county_of_the_family_answer(database: str, tmp_path: Path) -> None:
    """R-DDL-004, child-threat-screen.practice-model: asked only where the county has begun the practice model."""
    switches = ({"pack": "practice-model", "county": "Alder"},)
    async with opened(database, tmp_path, deadlines_switches=switches) as desk:
        for county in ("Alder", "Birch"):
            child, home = derived(county, "child"), derived(county, "home")
            place = derived(county, "placement")
            await desk.hear(case(county, derived(county, "case"), child), proposal(place, child, home))
            names = {"placementId": str(place), "childId": str(child), "homeOrFacilityId": str(home)}
            told = await asked(desk, {"event": "ChildPlaced", "data": names}, DIVISION)
            packs = {each["rule"].partition("@")[0].rpartition(".")[2] for each in told["rules"]}
            assert ("practice-model" in packs) == (county == "Alder")
            assert told["county"] == county


async def test_asking_leaves_no_trace(desk: Desk) -> None:
    await desk.hear(of_report(REPORT)[0])
    before = await desk.runtime.pool.fetchval("select count(*) from events")
    await asked(desk, SCREENING)
    assert await desk.runtime.pool.fetchval("select count(*) from events") == before


def case(county: str = "Alder", case_id: UUID = CASE, child: UUID = CHILD) -> CaseOpened:
    return CaseOpened(
        case_id=case_id, kind="custody", county_of_responsibility=county, opened_at=START, child_ids=(child,)
    )


def proposal(placement: UUID = PLACEMENT, child: UUID = CHILD, home: UUID = HOME) -> PlacementProposed:
    members = HouseholdMember(member_id=ADULT, age=40), HouseholdMember(member_id=MINOR, age=9)
    return PlacementProposed(
        placement_id=placement,
        child_id=child,
        home_or_facility_id=home,
        setting_type="relative-home",
        relative=True,
        household_members=members,
    )


def created_plan() -> SafetyPlanCreated:
    return SafetyPlanCreated(
        **OF_THE_INVESTIGATION, plan_id=PLAN, factors=(4,), child_remains_home=True, avoids_placement=True, at=START
    )


def opened_investigation() -> InvestigationOpened:
    return InvestigationOpened(
        **OF_THE_INVESTIGATION,
        level="3",
        opened_at=START,
        child_ids=(derived("victim", REPORT),),
    )
