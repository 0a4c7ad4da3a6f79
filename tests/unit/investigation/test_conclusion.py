"""Submission, approval, return and the case-opening decision."""

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.investigation.cases import (
    ANNA,
    FACTOR_FOUND,
    FIELD_WORK,
    NOTHING_FOUND,
    SIGN_RISK,
    SIGN_SAFETY,
    SIGNED,
    SUPERVISOR,
    WORKER,
    after,
    approve,
    assess,
    assess_risk,
    at,
    by_another,
    codes,
    family,
    findings,
    learn,
    moment,
    names,
    screening,
    state,
    submit,
)

from investigation.commands import ReturnInvestigation
from investigation.events import InvestigationApproved, InvestigationSubmitted
from investigation.forms import ChildSafety, Services
from investigation.policy import Policy

SEND_BACK = ReturnInvestigation(by=SUPERVISOR, at=at(110), reason=family("interview the teacher"))
MODEL = Policy(practice_model=True)
READY = (*NOTHING_FOUND, submit(), *SIGNED)
READY_WITH_FACTOR = (*FACTOR_FOUND, submit(), *SIGNED)


def with_risk(level: str) -> tuple[object, ...]:
    return (*FIELD_WORK, assess(), findings(), assess_risk(level), submit(), *SIGNED)


def test_a_finished_investigation_is_submitted_with_its_disposition() -> None:
    """R-INV-012, R-INV-014, R-INV-048."""
    submitted = after(*NOTHING_FOUND).when(submit()).decided()[0]
    assert isinstance(submitted, InvestigationSubmitted)
    assert (submitted.disposition, submitted.risk_level, submitted.safety_threat) == ("unsubstantiated", "low", False)


def test_submission_needs_the_safety_assessment() -> None:
    """R-INV-014."""
    after(*FIELD_WORK).when(submit()).rejected("safety-assessment-missing", rule="R-INV-014")


@pytest.mark.parametrize("disposition", [None, ""])
def test_submission_needs_a_disposition(disposition: str | None) -> None:
    """R-INV-048."""
    after(*NOTHING_FOUND).when(submit(disposition)).rejected("disposition-missing", rule="R-INV-048")


def test_a_disposition_is_a_value_of_the_agencys_list() -> None:
    """R-INV-048, D-03."""
    after(*NOTHING_FOUND).when(submit("closed")).rejected("disposition-unknown", rule="D-03")


def test_an_investigation_is_submitted_once_and_again_after_a_return() -> None:
    """R-INV-052."""
    after(*NOTHING_FOUND, submit()).when(submit()).rejected("investigation-already-submitted")
    returned = after(*NOTHING_FOUND, submit(), SEND_BACK)
    assert state(returned).status == "returned"
    assert "InvestigationSubmitted" in names(returned.when(submit()))


def test_a_bare_return_of_the_investigation_is_refused() -> None:
    """R-INV-052."""
    waiting = after(*NOTHING_FOUND, submit())
    waiting.when(replace(SEND_BACK, reason=family("  "))).rejected("return-without-reason", rule="R-INV-052")


def test_what_was_not_submitted_is_neither_approved_nor_returned() -> None:
    """R-INV-007: and submission alone leaves it open."""
    for command in (approve(), SEND_BACK):
        after(*NOTHING_FOUND, *SIGNED).when(command).rejected("investigation-not-submitted", rule="R-INV-007")
    assert state(after(*NOTHING_FOUND, submit())).status == "submitted"


def test_approval_concludes_the_investigation() -> None:
    """R-INV-007, R-INV-030, D-04."""
    approval = after(*READY, setting="facility", child_in_custody=True).when(approve()).decided()[0]
    assert isinstance(approval, InvestigationApproved)
    assert (approval.finding, approval.risk_level, approval.child_ids) == ("unsubstantiated", "low", (ANNA,))
    assert (approval.child_in_custody, approval.reported_setting) == (True, "facility")
    after(*READY, approve()).when(approve()).rejected("investigation-approved", rule="D-04")
    after(*READY, approve()).when(SEND_BACK).rejected("investigation-approved")


def test_nobody_approves_their_own_investigation() -> None:
    """R-INV-030."""
    after(*READY).when(by_another(approve(), WORKER)).rejected("self-approval", rule="R-INV-030")
    stood_in = (*NOTHING_FOUND, by_another(submit(), SUPERVISOR), *SIGNED)
    after(*stood_in).when(approve()).rejected("self-approval", rule="R-INV-030")


def test_approval_needs_the_signed_safety_assessment() -> None:
    """R-INV-018, safety-assessment-signoff.policy-2009."""
    after(*NOTHING_FOUND, submit(), SIGN_RISK).when(approve()).rejected(
        "safety-assessment-unsigned", rule="safety-assessment-signoff.policy-2009"
    )


def test_approval_needs_the_approved_risk_assessment() -> None:
    """R-INV-030, risk-assessment-signoff.policy-2009."""
    after(*NOTHING_FOUND, submit(), SIGN_SAFETY).when(approve()).rejected(
        "risk-assessment-unapproved", rule="risk-assessment-signoff.policy-2009"
    )
    never_made = (*NOTHING_FOUND[:-1], submit(), SIGN_SAFETY)
    after(*never_made).when(approve()).rejected("risk-assessment-unapproved", rule="R-INV-030")


def test_a_level_two_with_a_factor_is_approved_as_a_full_investigation() -> None:
    """R-INV-016, full-investigation-on-factor.policy-2009."""
    full = after(*READY_WITH_FACTOR, level="2")
    assert state(full).escalated
    assert "InvestigationApproved" in names(full.when(approve(opens=True)))


def test_a_report_lowered_to_level_two_after_a_factor_is_not_approved_before_it_is_in_full() -> None:
    """R-INV-016, full-investigation-on-factor.policy-2009."""
    lowered = learn(screening("2", moment=moment(50)))
    after(*READY_WITH_FACTOR, lowered).when(approve(opens=True)).rejected(
        "not-investigated-in-full", rule="full-investigation-on-factor.policy-2009"
    )
    redone = (*READY_WITH_FACTOR, lowered, assess(3, hours=101), SIGN_SAFETY)
    assert "InvestigationApproved" in names(after(*redone).when(approve(opens=True)))


def test_with_safety_factors_present_a_case_is_opened() -> None:
    """R-INV-049, case-opened-on-safety.policy-2009."""
    after(*READY_WITH_FACTOR).when(approve(opens=False)).rejected(
        "case-must-open-on-safety", rule="R-INV-049 case-opened-on-safety.policy-2009"
    )
    assert "InvestigationApproved" in names(after(*READY_WITH_FACTOR).when(approve(opens=True)))


def test_an_unsafe_child_is_a_safety_threat_without_any_factor() -> None:
    """R-INV-049."""
    unsafe = assess(children=(ChildSafety(child_id=ANNA, decision="unsafe"),))
    ready = (*FIELD_WORK, unsafe, findings(), assess_risk(), submit(), *SIGNED)
    after(*ready).when(approve(opens=False)).rejected("case-must-open-on-safety", rule="R-INV-049")


def test_high_risk_opens_a_case_only_where_the_practice_model_is_on() -> None:
    """R-INV-051, case-opened-on-safety.practice-model, D-14."""
    high = after(*with_risk("high"))
    assert "InvestigationApproved" in names(high.when(approve()))
    high.when(replace(approve(), policy=MODEL)).rejected(
        "case-must-open-on-risk", rule="case-opened-on-safety.practice-model"
    )
    assert "InvestigationApproved" in names(high.when(replace(approve(opens=True), policy=MODEL)))


def test_medium_risk_without_a_recorded_consideration_is_flagged() -> None:
    """R-INV-051."""
    medium = after(*with_risk("medium"))
    assert "medium-risk-not-considered" in codes(medium.when(approve()))
    assert "medium-risk-not-considered" not in codes(medium.when(approve(medium_considered=family())))
    assert "medium-risk-not-considered" not in codes(medium.when(approve(opens=True)))


def test_a_decision_without_its_basis_is_flagged() -> None:
    """R-INV-050, D-14: it never decides."""
    assert "case-decision-without-basis" in codes(after(*READY).when(approve(basis=None)))
    assert "case-decision-without-basis" not in codes(after(*READY).when(approve()))


@pytest.mark.parametrize(
    ("services", "reason", "flagged"),
    [((), None, True), (("none",), None, True), (("none",), family(), False), (("concrete",), None, False)],
)
def test_a_case_opened_on_safety_names_the_services_or_why_none(
    services: tuple[Services, ...], reason: Any, flagged: bool
) -> None:
    """R-INV-060."""
    decided = approve(opens=True, services=services, no_services_reason=reason)
    assert ("safety-services-not-recorded" in codes(after(*READY_WITH_FACTOR).when(decided))) is flagged
