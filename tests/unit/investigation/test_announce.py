"""What leaves the service: the documented fields, and nothing that is private."""

import orjson
import pytest
from tests.unit.investigation.cases import (
    ACTIVATE,
    ANNA,
    CHECKLIST,
    COUNTY,
    FACTOR_FOUND,
    ID,
    PLAN,
    REPORT,
    SIGNED,
    SUPERVISOR,
    WORKER,
    acted,
    approve,
    assess,
    at,
    contact,
    family,
    findings,
    interview,
    of,
    opened,
    plan,
    submit,
)

from events.event import Event
from events.private import privates
from events.testing import recorded
from investigation.announce import announce
from investigation.commands import RecordYouthCourtDecision, ReturnInvestigation
from investigation.events import REGISTRY, InvestigationFact

COURT = RecordYouthCourtDecision(by=WORKER, at=at(30), plan_id=PLAN, judge=family("Judge Alder"), outcome="refused")
RETURN = ReturnInvestigation(by=SUPERVISOR, at=at(105), reason=family("ask the teacher"))
WHOLE = acted(
    *FACTOR_FOUND[:-3],
    CHECKLIST,
    plan(),
    COURT,
    ACTIVATE,
    FACTOR_FOUND[-1],
    findings(),
    submit(),
    RETURN,
    submit(),
    *SIGNED,
    approve(opens=True),
    past=opened("2"),
)


def announced(facts: tuple[Event, ...]) -> list[dict[str, object]]:
    return [
        {"event": type(event).__name__, **orjson.loads(event.to_json())}
        for fact in recorded(facts)
        for event in announce(fact)
    ]


def of_name(name: str) -> list[dict[str, object]]:
    return [event for event in announced(WHOLE) if event["event"] == name]


def test_every_announced_fact_names_investigation_report_county_and_worker() -> None:
    for event in announced(WHOLE):
        assert event["investigationId"] == str(ID)
        assert (event["reportId"], event["county"], event["workerId"]) == (str(REPORT), COUNTY, WORKER)


def test_the_whole_vocabulary_is_announced() -> None:
    assert {event["event"] for event in announced(WHOLE)} == {
        "BackgroundHistoryReviewed",
        "ChildInterviewed",
        "InvestigationApproved",
        "InvestigationContactMade",
        "InvestigationEscalated",
        "InvestigationInitiated",
        "InvestigationOpened",
        "InvestigationReturned",
        "InvestigationSubmitted",
        "MaltreatmentFindingMade",
        "RiskAssessmentApproved",
        "RiskAssessmentCompleted",
        "SafetyAssessmentApproved",
        "SafetyAssessmentCompleted",
        "SafetyChecklistCompleted",
        "SafetyFactorFound",
        "SafetyPlanActivated",
        "SafetyPlanCreated",
        "YouthCourtDecisionOnSafetyPlanRecorded",
    }


def test_no_private_text_of_any_fact_is_announced() -> None:
    texts = {private.value for private in privates(list(WHOLE))}
    assert "12 Alder Lane" in texts
    assert "Judge Alder" in texts
    for event in announced(WHOLE):
        values = {str(value) for value in event.values()}
        assert texts.isdisjoint(values)
        assert not any(text and len(text) > 8 and text in str(event) for text in texts)


@pytest.mark.parametrize("cls", [cls for cls in REGISTRY.classes.values() if not issubclass(cls, InvestigationFact)])
def test_what_was_learned_from_intake_and_the_flags_are_not_announced(cls: type[Event]) -> None:
    facts = [fact for fact in WHOLE if type(fact) is cls]
    assert facts
    assert announced(tuple(facts)) == []


def test_one_factor_found_is_one_event_without_its_narrative() -> None:
    """R-INV-015, R-INV-016."""
    found = announced(acted(assess(3, 17), past=opened()))
    factors = [event for event in found if event["event"] == "SafetyFactorFound"]
    assert [event["factorNo"] for event in factors] == [3, 17]
    assert factors[0]["childIds"] == [str(ANNA)]
    assert set(factors[0]) == {
        "event",
        "investigationId",
        "reportId",
        "county",
        "workerId",
        "factorNo",
        "childIds",
        "at",
    }


def test_an_assessment_without_factors_says_so_by_number() -> None:
    (completed,) = [event for event in announced(acted(assess(), past=opened())) if "factorsYes" in event]
    assert (completed["factorsYes"], completed["factors"], completed["stage"]) == (0, [], "initial")
    assert completed["childrenAssessed"] == "some"  # the household is not recorded


def test_children_are_all_assessed_when_each_child_of_the_home_has_a_decision() -> None:
    assert of_name("SafetyAssessmentCompleted")[0]["childrenAssessed"] == "all"


def test_an_interview_is_a_contact_too() -> None:
    """F-INV-01: one log holds both."""
    events = announced(acted(interview(), past=opened()))
    assert [event["event"] for event in events if event["event"] != "InvestigationOpened"] == [
        "InvestigationContactMade",
        "ChildInterviewed",
        "InvestigationInitiated",
    ]


def test_a_contact_tells_who_and_how_but_not_where() -> None:
    (made,) = [event for event in announced(acted(contact(), past=opened())) if "faceToFace" in event]
    assert (made["role"], made["faceToFace"], made["inHome"]) == ("caretaker", True, True)
    assert "place" not in made


def test_the_opening_and_the_approval_carry_what_time_limits_ask_for() -> None:
    (opening,), (approval,) = of_name("InvestigationOpened"), of_name("InvestigationApproved")
    assert (opening["level"], opening["childInCustody"], opening["childIds"]) == ("2", False, [str(ANNA)])
    assert opening["openedAt"] == "2026-03-02T17:00:00Z"
    assert (approval["riskLevel"], approval["safetyThreat"], approval["caseOpens"]) == ("low", True, True)
    assert (approval["reportedSetting"], approval["supervisorId"]) == ("own-home", SUPERVISOR)


def test_a_return_is_announced_without_its_reason() -> None:
    assert set(of_name("InvestigationReturned")[0]) == {
        "event",
        "investigationId",
        "reportId",
        "county",
        "workerId",
        "by",
        "at",
    }


def test_hazards_are_announced_by_kind_and_never_the_note() -> None:
    assert of_name("SafetyChecklistCompleted")[0]["hazards"] == ["poisons"]
    assert of_name("SafetyChecklistCompleted")[0]["childAges"] == [4]
    assert str(of(ANNA).value) not in str(of_name("SafetyChecklistCompleted"))
