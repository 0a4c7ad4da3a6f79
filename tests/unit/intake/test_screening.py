"""Screening: questions, proposals, overrides, the criteria form, the decision and its review."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from events.private import privates
from events.testing import Scenario
from intake.answers import StandardForm
from intake.commands import OverrideLevel, ReviewScreenedOut
from intake.content import Content
from intake.events import (
    ReportFlagged,
    ReportScreened,
    ResponseLevelOverridden,
    ResponseLevelProposed,
    ScreenedOutReviewed,
    ScreeningReopened,
)
from intake.testing import (
    CHILD,
    ENTRY,
    FORM,
    REPORT,
    RITA,
    SAM,
    SEARCH,
    STANDARD,
    after,
    amend,
    answer,
    answers,
    content,
    custody,
    proposed,
    receive,
    screen,
    screened,
    text,
)
from intake.vocabulary import Decision, Level

WHY = text("the school called again")
NONE_MET = answers(family=False, parent=False, definition=False)
SOME_MET = answers(parent=False)


def override(to: Level, reason: object = WHY) -> OverrideLevel:
    return OverrideLevel(to, reason, by=SAM, at=ENTRY)  # type: ignore[arg-type]


def test_the_answers_propose_a_level() -> None:
    """R-INT-008."""
    after(receive()).when(answer()).then(
        ResponseLevelProposed(
            report_id=REPORT,
            county="Alder",
            level="2",
            answers=answers(),
            special_handling=False,
            immediate_response=(),
        )
    )


def test_the_same_answers_again_are_nothing_new() -> None:
    proposed().when(answer()).nothing()


def test_screening_is_refused_without_the_four_answers() -> None:
    """R-INT-006."""
    after(receive(), SEARCH).when(screen()).rejected("screening-questions-not-answered", rule="R-INT-006")


def test_a_custody_report_needs_the_four_answers_too() -> None:
    """R-INT-006, R-INT-011."""
    after(receive(custody()), SEARCH, FORM).when(screen()).rejected("screening-questions-not-answered")


def test_a_level_2_report_is_screened_in_when_the_supervisor_agrees() -> None:
    """R-INT-008, R-INT-016, R-INT-017."""
    proposed().when(screen(law_enforcement_referral_needed=True)).then(
        ReportScreened(
            report_id=REPORT,
            county="Alder",
            decision="screened-in",
            level="2",
            present_danger=False,
            immediate_response=(),
            immediate_response_needed=False,
            law_enforcement_referral_needed=True,
            criteria_version=None,
            reason=None,
            referred_to=None,
            exceptions=(),
            by=SAM,
            screened_at=ENTRY,
        )
    )


def test_a_level_3_report_is_screened_in_at_level_3() -> None:
    """R-INT-009."""
    assert screened(level="3").state().level == "3"


def test_a_level_1_report_is_screened_out_with_an_optional_referral() -> None:
    """R-INT-007."""
    decided = proposed(given=NONE_MET).when(screen("screened-out", referred_to=text("food bank"))).decided()[0]
    assert isinstance(decided, ReportScreened)
    assert (decided.decision, decided.level, decided.referred_to) == ("screened-out", "1", text("food bank"))


def test_a_level_1_report_is_not_screened_in_without_an_override() -> None:
    """R-INT-007, R-INT-016."""
    scenario = proposed(given=NONE_MET)
    scenario.when(screen()).rejected("level-1-is-screened-out")
    assert scenario.when(screen(agrees=False, new_level="2", reason=WHY)).state().level == "2"


@pytest.mark.parametrize("decision", ["screened-in", "screened-out"])
def test_where_no_level_is_proposed_the_supervisor_chooses_one_with_a_reason(decision: Decision) -> None:
    """R-INT-010."""
    scenario = proposed(given=SOME_MET)
    level = "2" if decision == "screened-in" else "1"
    code = "no-level-proposed" if decision == "screened-in" else "reason-missing"
    scenario.when(screen(decision)).rejected(code, rule="R-INT-010")
    scenario.when(screen(decision, new_level=level)).rejected("reason-missing", rule="R-INT-010")
    overridden, decided = scenario.when(screen(decision, new_level=level, reason=WHY)).decided()
    assert isinstance(overridden, ResponseLevelOverridden)
    assert (overridden.from_level, overridden.to_level) == (None, level)
    assert isinstance(decided, ReportScreened)
    assert decided.level == level


@pytest.mark.parametrize("agrees", [None, False])
def test_a_proposed_level_takes_no_effect_without_agreement(agrees: bool | None) -> None:
    """R-INT-016."""
    proposed().when(screen(agrees=agrees)).rejected("level-not-agreed", rule="R-INT-016")


def test_an_override_keeps_old_level_new_level_and_reason() -> None:
    """R-INT-016."""
    proposed().when(override("3")).then(
        ResponseLevelOverridden(report_id=REPORT, county="Alder", from_level="2", to_level="3", reason=WHY, by=SAM)
    )


@pytest.mark.parametrize("reason", [None, text(""), text("   ")])
def test_an_override_without_a_reason_is_refused(reason: object) -> None:
    """R-INT-016."""
    proposed().when(override("3", reason)).rejected("reason-missing", rule="R-INT-016")


def test_an_override_to_the_same_level_is_nothing_new() -> None:
    proposed().when(override("2")).nothing()


def test_after_an_override_the_screening_needs_no_further_agreement() -> None:
    """R-INT-016."""
    scenario = proposed()
    overridden = scenario.given(*scenario.when(override("3")).decided())
    assert overridden.when(screen(agrees=None)).state().level == "3"


def test_another_proposal_sets_an_earlier_override_aside() -> None:
    """R-INT-016."""
    scenario = proposed()
    overridden = scenario.given(*scenario.when(override("3")).decided())
    assert overridden.when(answer(NONE_MET)).state().level == "1"


def test_screening_out_against_the_proposal_needs_a_reason() -> None:
    """R-INT-016."""
    proposed().when(screen("screened-out")).rejected("reason-missing", rule="R-INT-016")
    assert proposed().when(screen("screened-out", reason=WHY)).state().level == "1"


def test_a_decision_that_contradicts_its_level_is_refused() -> None:
    """R-INT-016."""
    proposed().when(screen("screened-out", new_level="3", reason=WHY)).rejected("level-contradicts-decision")


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("immediate_response_needed", "immediateResponseNeeded"),
        ("law_enforcement_referral_needed", "lawEnforcementReferralNeeded"),
    ],
)
def test_screening_is_refused_until_yes_or_no_is_recorded(field: str, name: str) -> None:
    """R-INT-017."""
    command = screen(**dict[str, Any]({field: None}))
    assert proposed().when(command).rejected("yes-or-no-missing", rule="R-INT-017").field == name


def test_the_supervisor_may_decide_against_a_proposed_immediate_response() -> None:
    """R-INT-018."""
    decided = proposed(content(present_danger="yes")).when(screen()).decided()[0]
    assert isinstance(decided, ReportScreened)
    assert (decided.immediate_response, decided.immediate_response_needed) == (("present-danger",), False)
    assert decided.present_danger is True


def test_a_report_is_screened_only_once() -> None:
    for command in (screen(), answer(), override("3")):
        screened().when(command).rejected("report-already-screened")


def test_a_screening_from_the_future_is_refused() -> None:
    proposed().when(screen(screened_at=ENTRY + timedelta(hours=1))).rejected("time-in-future")


def test_a_custody_report_is_never_level_2() -> None:
    """R-INT-011."""
    scenario = proposed(custody())
    scenario.when(override("2")).rejected("custody-report-is-level-3", rule="R-INT-011")
    scenario.when(screen(new_level="2", reason=WHY)).rejected("custody-report-is-level-3")


def custody_with(*forms: object) -> Scenario:
    return after(receive(custody()), SEARCH, *forms, answer())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("forms", "current"),
    [
        ((), STANDARD),
        ((), StandardForm()),
        ((replace(FORM, version="1"),), STANDARD),
        ((replace(FORM, uses=("screening",)),), STANDARD),
        ((FORM,), StandardForm("2", frozenset({"1", "2"}))),
        ((replace(FORM, answers=()),), StandardForm()),
    ],
    ids=["no form", "no form loaded", "old version", "priority missing", "item missing", "empty form"],
)
def test_a_custody_report_is_not_screened_without_the_whole_criteria_form(
    forms: tuple[object, ...], current: StandardForm
) -> None:
    """R-INT-012."""
    custody_with(*forms).when(screen(form=current)).rejected("criteria-form-incomplete", rule="R-INT-012")


def test_a_corporal_punishment_report_on_a_custody_child_needs_the_criteria_form() -> None:
    """R-INT-012, R-INT-019."""
    victim = content().people[0].model_copy(update={"allegations": ("corporal-punishment",)})
    what = custody(people=(victim, *content().people[1:]))
    after(receive(what), SEARCH, answer()).when(screen()).rejected("criteria-form-incomplete")


@pytest.mark.parametrize("current", [STANDARD, StandardForm()], ids=["current form", "no form loaded yet"])
def test_a_custody_report_with_its_criteria_form_is_screened_in_at_level_3(current: StandardForm) -> None:
    """R-INT-011, R-INT-012."""
    decided = custody_with(FORM).when(screen(form=current)).decided()[-1]
    assert isinstance(decided, ReportScreened)
    assert (decided.level, decided.criteria_version) == ("3", "2")


def test_two_forms_may_cover_screening_and_priority_between_them() -> None:
    """R-INT-012."""
    forms = (replace(FORM, uses=("screening",)), replace(FORM, uses=("priority",)))
    assert custody_with(*forms).when(screen()).state().status == "screened-in"


def test_other_reports_need_no_criteria_form() -> None:
    """R-INT-012."""
    assert after(receive(), SEARCH, answer()).when(screen()).state().status == "screened-in"


def screened_out_custody() -> Scenario:
    scenario = custody_with(FORM).when(screen("screened-out", reason=WHY))
    return scenario.given(*scenario.decided())


def review(agreed: bool = True, by: str = RITA, **changes: object) -> ReviewScreenedOut:
    usual = ReviewScreenedOut(agreed=agreed, reason=None, another_person=False, by=by, at=ENTRY)
    return replace(usual, **changes)  # type: ignore[arg-type]


def test_a_custody_report_screened_out_is_flagged_until_it_is_reviewed() -> None:
    """R-INT-013."""
    scenario = screened_out_custody()
    assert [(flag.code, flag.rule) for flag in scenario.state().flags] == [("screened-out-not-reviewed", "R-INT-013")]
    scenario.when(review()).then(
        ScreenedOutReviewed(report_id=REPORT, county="Alder", agreed=True, reason=None, by=RITA),
        ReportFlagged(report_id=REPORT, flags=()),
    )


def test_a_custody_report_is_not_screened_out_without_a_reason() -> None:
    """R-INT-011, R-INT-013."""
    custody_with(FORM).when(screen("screened-out")).rejected("reason-missing")


def test_a_review_that_disagrees_gives_its_reason_and_opens_the_screening_again() -> None:
    """R-INT-013."""
    scenario = screened_out_custody()
    scenario.when(review(agreed=False)).rejected("reason-missing", rule="R-INT-013")
    disagreed = scenario.when(review(agreed=False, reason=WHY))
    assert ScreeningReopened(report_id=REPORT, cause="review-disagreed") in disagreed.decided()
    assert (disagreed.state().status, disagreed.state().level) == ("received", "3")


def test_the_supervisor_who_screened_may_review_unless_the_agency_wants_another_person() -> None:
    """R-INT-013, D-09."""
    scenario = screened_out_custody()
    assert scenario.when(review(by=SAM)).state().flags == ()
    scenario.when(review(by=SAM, another_person=True)).rejected("own-screening")


def test_a_screened_out_report_is_reviewed_once_and_no_other_is() -> None:
    """R-INT-013."""
    scenario = screened_out_custody()
    scenario.given(*scenario.when(review()).decided()).when(review()).rejected("already-reviewed")
    screened().when(review()).rejected("report-not-screened-out")


def test_a_screened_out_report_of_another_child_needs_no_review() -> None:
    """R-INT-013."""
    assert proposed(given=NONE_MET).when(screen("screened-out")).state().flags == ()


def test_written_reasons_belong_to_the_first_victim() -> None:
    events = proposed().when(screen("screened-out", reason=text("why", person=REPORT))).decided()
    assert {private.person for event in events for private in privates(event)} == {CHILD}


def test_an_empty_report_can_be_screened_once_its_gates_are_passed() -> None:
    """D-34: what is missing is flagged, not refused."""
    report = after(receive(Content()), SEARCH, answer(), amend(county="Alder")).when(screen()).state()
    assert report.status == "screened-in"
