"""The risk assessment and the maltreatment findings."""

from dataclasses import replace

import pytest
from pydantic import ValidationError
from tests.unit.investigation.cases import (
    ANNA,
    SIGN_RISK,
    SUPERVISOR,
    WORKER,
    after,
    assess_risk,
    at,
    by_another,
    codes,
    family,
    findings,
    names,
    risk_form,
)

from investigation.commands import ReturnRiskAssessment
from investigation.forms import Determination
from investigation.policy import Policy

SEND_BACK = ReturnRiskAssessment(by=SUPERVISOR, at=at(40), reason=family("school is missing"))


@pytest.mark.parametrize("level", ["low", "medium", "high"])
def test_risk_is_low_medium_or_high(level: str) -> None:
    """R-INV-028, D-35."""
    (assessed,) = after().when(assess_risk(level)).decided()
    assert assessed.form.level == level


def test_there_is_no_other_risk_level() -> None:
    """R-INV-028, D-35."""
    with pytest.raises(ValidationError):
        risk_form("severe")


def test_missing_content_of_the_risk_assessment_is_flagged() -> None:
    """R-INV-029."""
    silent = risk_form().model_copy(update={"stressors": None})
    assert "risk-content-missing" in codes(after().when(replace(assess_risk(), form=silent)))
    assert "risk-content-missing" not in codes(after().when(assess_risk()))


def test_the_supervisor_approves_a_completed_risk_assessment_once() -> None:
    """R-INV-030."""
    after().when(SIGN_RISK).rejected("risk-assessment-missing", rule="R-INV-030")
    assert names(after(assess_risk()).when(SIGN_RISK)) == ["RiskAssessmentApproved"]
    after(assess_risk(), SIGN_RISK).when(SIGN_RISK).nothing()


def test_nobody_approves_their_own_risk_assessment() -> None:
    """R-INV-030."""
    after(assess_risk()).when(by_another(SIGN_RISK, WORKER)).rejected("self-approval", rule="R-INV-030")
    stood_in = by_another(assess_risk(), SUPERVISOR)
    after(stood_in).when(SIGN_RISK).rejected("self-approval", rule="R-INV-030")


def test_a_risk_assessment_is_returned_with_a_reason_until_it_is_approved() -> None:
    """R-INV-052."""
    done = after(assess_risk())
    done.when(replace(SEND_BACK, reason=None)).rejected("return-without-reason", rule="R-INV-052")
    assert names(done.when(SEND_BACK)) == ["RiskAssessmentReturned"]
    after(assess_risk(), SEND_BACK).when(SIGN_RISK).rejected("risk-assessment-missing")
    after(assess_risk(), SIGN_RISK).when(SEND_BACK).rejected("risk-assessment-signed", rule="R-INV-030")


def test_the_reason_of_a_return_is_private_to_the_first_victim() -> None:
    (returned,) = after(assess_risk()).when(SEND_BACK).decided()
    assert returned.reason.person == ANNA


def test_every_reported_allegation_is_determined() -> None:
    """R-INV-017, F-INV-04."""
    reported = after(allegations=("neglect", "abuse"))
    refusal = reported.when(findings()).rejected("allegation-undetermined", rule="R-INV-017")
    assert refusal.detail.endswith(": abuse")
    both = (*findings().form.determinations, Determination(allegation="abuse", finding="substantiated"))
    assert names(reported.when(findings(determinations=both))) == ["FindingsMade"]


def test_an_allegation_is_determined_once() -> None:
    """R-INV-017."""
    one = findings().form.determinations
    for determinations in ((), one * 2):
        after().when(findings(determinations=determinations)).rejected("determinations-not-one-each")


def test_a_determination_is_a_value_of_the_agencys_list() -> None:
    """D-03."""
    after().when(findings("founded")).rejected("disposition-unknown", rule="D-03")
    listed = replace(findings("founded"), policy=Policy(dispositions=("founded", "unfounded")))
    assert names(after().when(listed)) == ["FindingsMade"]
