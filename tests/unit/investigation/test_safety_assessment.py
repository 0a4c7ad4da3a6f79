"""Form 442B, its signature, the escalation and the checklist."""

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.investigation.cases import (
    CHECKLIST,
    FIELD_WORK,
    SIGN_SAFETY,
    SUPERVISOR,
    WORKER,
    after,
    assess,
    at,
    by_another,
    codes,
    family,
    findings,
    household,
    names,
    safety_form,
    state,
    submit,
)

from events.private import Private
from investigation.commands import ReturnSafetyAssessment
from investigation.forms import FactorAnswer
from investigation.policy import Policy

SEND_BACK = ReturnSafetyAssessment(by=SUPERVISOR, at=at(40), reason=family("factor 7 is not described"))


@pytest.mark.parametrize("missing", [1, 20])
def test_all_twenty_factors_are_answered_yes_or_no(missing: int) -> None:
    """R-INV-014."""
    absent = tuple(answer for answer in safety_form().factors if answer.number != missing)
    blank = (*absent, FactorAnswer(number=missing, yes=None))
    for factors in (absent, blank):
        refusal = after().when(assess(factors=factors)).rejected("safety-factor-unanswered", rule="R-INV-014")
        assert refusal.detail.endswith(f": {missing}")


def test_there_are_no_other_factors_and_each_is_answered_once() -> None:
    """R-INV-014."""
    factors = safety_form().factors
    for extra in (FactorAnswer(number=21, yes=False), FactorAnswer(number=0, yes=False), factors[0]):
        after().when(assess(factors=(*factors, extra))).rejected("safety-factor-unknown", rule="R-INV-014")


@pytest.mark.parametrize("narrative", [None, family(""), family("  ")])
def test_every_yes_needs_its_narrative(narrative: Private[str] | None) -> None:
    """R-INV-015."""
    factors = tuple(
        answer.model_copy(update={"narrative": narrative}) if answer.yes else answer
        for answer in safety_form(3, 9).factors
    )
    refusal = after().when(assess(factors=factors)).rejected("safety-factor-without-narrative", rule="R-INV-015")
    assert refusal.detail.endswith(": 3, 9")


def test_native_heritage_is_answered() -> None:
    """R-INV-023."""
    after().when(assess(native_heritage=None)).rejected("native-heritage-unanswered", rule="R-INV-023")


def test_heritage_not_yet_known_stays_flagged() -> None:
    """R-INV-023."""
    assert "native-heritage-not-yet-known" in codes(after().when(assess(native_heritage="not-yet-known")))
    assert "native-heritage-not-yet-known" not in codes(after().when(assess(native_heritage="yes")))


def test_a_yes_on_level_two_opens_a_full_investigation_once() -> None:
    """R-INV-016, full-investigation-on-factor.policy-2009."""
    assert "InvestigationEscalated" in names(after(level="2").when(assess(3)))
    assert "InvestigationEscalated" not in names(after(assess(3), level="2").when(assess(3, 4, hours=33)))


def test_level_three_is_in_full_already_and_no_factor_raises_nothing() -> None:
    """R-INV-016."""
    assert "InvestigationEscalated" not in names(after(level="3").when(assess(3)))
    assert "InvestigationEscalated" not in names(after(level="2").when(assess()))


def test_a_child_without_a_safety_decision_is_flagged_and_refused_where_the_model_is_on() -> None:
    """R-INV-027: refused only with the practice model."""
    home = after(household(9, 6))
    assert "safety-decision-missing" in codes(home.when(assess()))
    on = replace(assess(), policy=Policy(practice_model=True))
    home.when(on).rejected("safety-decision-missing", rule="R-INV-027")
    assert "safety-decision-missing" not in codes(after(household()).when(on))


def test_missing_content_of_the_form_is_flagged_part_by_part() -> None:
    """R-INV-021, R-INV-022."""
    found = state(after(*FIELD_WORK).when(assess(extent=None, discipline=family(" "), caregivers=()))).flags
    assert {(flag.rule, flag.code, flag.about) for flag in found if flag.code.startswith("assessment")} == {
        ("R-INV-021", "assessment-content-missing", "extent"),
        ("R-INV-021", "assessment-content-missing", "discipline"),
    }
    assert "protective-capacities-not-described" in {flag.code for flag in found}
    undescribed = safety_form().children[0].model_copy(update={"vulnerability": None})
    assert "vulnerability-not-described" in codes(after().when(assess(children=(undescribed,))))


def test_a_flag_goes_when_what_it_misses_is_given() -> None:
    assert "assessment-content-missing" not in codes(after(*FIELD_WORK, assess(extent=None)).when(assess(hours=33)))


def test_the_supervisor_signs_a_completed_assessment_once() -> None:
    """R-INV-018, R-INV-017 and R-INV-019 satisfied."""
    ready = after(household(), assess(), findings())
    assert names(ready.when(SIGN_SAFETY)) == ["SafetyAssessmentApproved"]
    after(household(), assess(), findings(), SIGN_SAFETY).when(SIGN_SAFETY).nothing()
    after(household()).when(SIGN_SAFETY).rejected("safety-assessment-missing", rule="R-INV-014")


def test_nobody_signs_their_own_assessment() -> None:
    """R-INV-018."""
    ready = (household(), assess(), findings())
    after(*ready).when(by_another(SIGN_SAFETY, WORKER)).rejected("self-approval", rule="R-INV-018")
    stood_in = (household(), by_another(assess(), SUPERVISOR), findings())
    after(*stood_in).when(SIGN_SAFETY).rejected("self-approval", rule="R-INV-018")


def test_a_new_assessment_needs_a_new_signature() -> None:
    """R-INV-018."""
    signed = after(household(), assess(), findings(), SIGN_SAFETY)
    assert state(signed.when(assess(hours=50))).assessment_review == "completed"


def test_an_assessment_made_earlier_and_entered_later_does_not_replace_the_one_in_force() -> None:
    found = state(after(assess(3, hours=30)).when(assess(hours=20, stage="preliminary")))
    assert found.factors_found


def test_with_all_factors_no_the_findings_section_comes_before_signature_and_submission() -> None:
    """R-INV-017, maltreatment-findings.policy-2009."""
    rule = "maltreatment-findings.policy-2009"
    after(household(), assess()).when(SIGN_SAFETY).rejected("findings-section-incomplete", rule=rule)
    after(*FIELD_WORK, assess()).when(submit()).rejected("findings-section-incomplete", rule=rule)


@pytest.mark.parametrize("part", ["contacts", "observations", "statements", "collateral_contacts", "other_concerns"])
def test_the_findings_section_holds_every_part(part: str) -> None:
    """R-INV-017, F-INV-04."""
    after(household(), assess(), replace(findings(), form=findings().form.model_copy(update={part: None}))).when(
        SIGN_SAFETY
    ).rejected("findings-section-incomplete")


def test_with_a_factor_found_the_findings_section_is_not_asked_before_the_signature() -> None:
    """R-INV-017 is about all factors no."""
    assert names(after(household(), assess(3)).when(SIGN_SAFETY)) == ["SafetyAssessmentApproved"]


@pytest.mark.parametrize("age", [0, 5])
def test_a_young_child_needs_the_safety_checklist_before_the_signature(age: int) -> None:
    """R-INV-019, D-07 (five included), safety-checklist.policy-2009."""
    young = (household(age), assess(), findings())
    after(*young).when(SIGN_SAFETY).rejected("safety-checklist-missing", rule="safety-checklist.policy-2009")
    assert names(after(*young, CHECKLIST).when(SIGN_SAFETY)) == ["SafetyAssessmentApproved"]


def test_no_checklist_is_asked_for_an_older_child_and_the_age_is_a_setting() -> None:
    """R-INV-019, D-07."""
    older = after(household(6), assess(), findings())
    assert names(older.when(SIGN_SAFETY)) == ["SafetyAssessmentApproved"]
    older.when(replace(SIGN_SAFETY, policy=Policy(checklist_until_age=6))).rejected("safety-checklist-missing")


def test_the_ages_must_be_known_before_the_signature() -> None:
    """R-INV-019."""
    after(assess(), findings()).when(SIGN_SAFETY).rejected("household-not-recorded", rule="R-INV-019")


def test_a_checklist_is_about_a_child() -> None:
    after().when(replace(CHECKLIST, children=())).rejected("checklist-empty", rule="R-INV-019")


@pytest.mark.parametrize("reason", [None, family(""), family(" \n")])
def test_a_bare_return_is_refused(reason: Any) -> None:
    """R-INV-052."""
    after(assess()).when(replace(SEND_BACK, reason=reason)).rejected("return-without-reason", rule="R-INV-052")


def test_a_returned_assessment_is_redone_before_signature_and_submission() -> None:
    """R-INV-052, R-INV-014."""
    returned = (*FIELD_WORK, assess(), findings(), SEND_BACK)
    after(*returned).when(SIGN_SAFETY).rejected("safety-assessment-missing")
    after(*returned).when(submit()).rejected("safety-assessment-missing")
    assert names(after(*returned, assess(hours=50)).when(SIGN_SAFETY)) == ["SafetyAssessmentApproved"]


def test_a_signed_assessment_is_not_returned() -> None:
    """R-INV-018."""
    signed = after(household(), assess(), findings(), SIGN_SAFETY)
    signed.when(SEND_BACK).rejected("safety-assessment-signed", rule="R-INV-018")
