"""Safety plans: what a plan needs before it goes into effect, and what it is flagged for."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from tests.unit.investigation.cases import (
    ACTIVATE,
    ANNA,
    FACTOR_FOUND,
    MOTHER,
    NOTHING_FOUND,
    PLAN,
    SIGN_RISK,
    SIGN_SAFETY,
    SIGNATURES,
    SIGNED_ON,
    SUPERVISOR,
    UNCLE,
    WORKER,
    action,
    after,
    approve,
    assess,
    at,
    codes,
    family,
    names,
    of,
    plan,
    state,
    submit,
)

from investigation.commands import RecordYouthCourtDecision
from investigation.forms import CourtOutcome, Signature

DECISION = RecordYouthCourtDecision(
    by=WORKER, at=at(30), plan_id=PLAN, judge=family("Judge Alder"), outcome="approved", note=family()
)


def test_a_complete_plan_goes_into_effect_once() -> None:
    """R-INV-033 to R-INV-038, R-INV-040."""
    assert names(after(plan()).when(ACTIVATE)) == ["SafetyPlanActivated"]
    after(plan(), ACTIVATE).when(ACTIVATE).nothing()


def test_a_plan_is_rewritten_until_it_is_active() -> None:
    assert names(after(plan(in_effect_until=None)).when(plan())) == ["SafetyPlanCreated"]
    after(plan(), ACTIVATE).when(plan()).rejected("safety-plan-active")


def test_only_a_written_plan_goes_into_effect() -> None:
    after().when(ACTIVATE).rejected("safety-plan-not-found")


@pytest.mark.parametrize(
    "change",
    [
        {"factors": ()},
        {"actions": ()},
        {"actions": (action(), action(immediate=False))},
        {"actions": (action(description=family(" ")),)},
    ],
)
def test_a_plan_names_the_factor_and_actions_with_immediate_effect(change: dict[str, Any]) -> None:
    """R-INV-033."""
    after(plan(**change)).when(ACTIVATE).rejected("safety-plan-without-control", rule="R-INV-033")


def test_each_intervention_is_always_accessible() -> None:
    """R-INV-034."""
    after(plan(actions=(action(accessible=False),))).when(ACTIVATE).rejected(
        "safety-plan-not-accessible", rule="R-INV-034"
    )


@pytest.mark.parametrize("until", [None, date(2026, 3, 2)])
def test_a_plan_has_an_end_that_is_not_before_its_start(until: date | None) -> None:
    """R-INV-035."""
    after(plan(in_effect_until=until)).when(ACTIVATE).rejected("safety-plan-without-end", rule="R-INV-035")


def test_a_period_that_is_over_starts_nothing() -> None:
    """R-INV-035."""
    late = replace(ACTIVATE, at=datetime(2026, 6, 4, 12, tzinfo=UTC))
    after(plan()).when(late).rejected("safety-plan-without-end", rule="R-INV-035")


def test_the_last_day_ends_in_the_agencys_own_time_zone() -> None:
    """R-INV-035: 03:00 UTC of the fourth is still the third in Chicago."""
    evening = replace(ACTIVATE, at=datetime(2026, 6, 4, 3, tzinfo=UTC))
    assert names(after(plan()).when(evening)) == ["SafetyPlanActivated"]


@pytest.mark.parametrize("change", [{"responsible_id": None}, {"suitability": None}, {"suitability": of(UNCLE, "")}])
def test_each_action_has_a_responsible_party_who_was_assessed(change: dict[str, Any]) -> None:
    """R-INV-036."""
    after(plan(actions=(action(**change),))).when(ACTIVATE).rejected("safety-plan-party-unassessed", rule="R-INV-036")


def test_no_action_is_a_promise() -> None:
    """R-INV-037."""
    after(plan(actions=(action(), action(no_promise=False)))).when(ACTIVATE).rejected(
        "safety-plan-rests-on-promise", rule="R-INV-037"
    )


@pytest.mark.parametrize("change", [{"monitoring": None}, {"monitor_id": None}, {"monitor_capacity": None}])
def test_a_plan_is_monitored_by_somebody_able_to(change: dict[str, Any]) -> None:
    """R-INV-040."""
    after(plan(**change)).when(ACTIVATE).rejected("safety-plan-unmonitored", rule="R-INV-040")


@pytest.mark.parametrize("absent", [0, 1, 2])
def test_a_plan_without_one_of_the_signatures_stays_pending(absent: int) -> None:
    """R-INV-038."""
    signatures = tuple(each for number, each in enumerate(SIGNATURES) if number != absent)
    after(plan()).when(replace(ACTIVATE, signatures=signatures)).rejected("safety-plan-unsigned", rule="R-INV-038")


def test_a_signature_missing_with_a_reason_starts_the_plan_and_is_flagged() -> None:
    """R-INV-038, D-02: a child must not go without a plan."""
    refused = Signature(role="parent", person_id=MOTHER, missing_reason=family("refuses to sign"))
    started = after(plan()).when(replace(ACTIVATE, signatures=(refused, *SIGNATURES[1:])))
    assert names(started)[0] == "SafetyPlanActivated"
    assert "safety-plan-signature-missing" in codes(started)
    assert started.decided()[0].signatures[0].missing_reason.person == MOTHER
    assert "safety-plan-signature-missing" not in codes(after(plan()).when(ACTIVATE))


def test_neither_signature_nor_reason_and_a_worker_who_does_not_sign_are_refused() -> None:
    """R-INV-038, D-02."""
    silent = Signature(role="parent", person_id=MOTHER)
    excused = Signature(role="caseworker", missing_reason=family("away"))
    for signatures in ((silent, *SIGNATURES[1:]), (*SIGNATURES[:2], excused)):
        after(plan()).when(replace(ACTIVATE, signatures=signatures)).rejected("safety-plan-unsigned", rule="D-02")


def test_every_responsible_party_signs() -> None:
    """R-INV-038."""
    neighbour = UUID("01890000-0000-7000-8000-0000000000c3")
    two = plan(actions=(action(), action(responsible_id=neighbour)))
    after(two).when(ACTIVATE).rejected("safety-plan-unsigned")
    also = Signature(role="responsible-party", person_id=neighbour, signed_on=SIGNED_ON)
    assert names(after(two).when(replace(ACTIVATE, signatures=(*SIGNATURES, also)))) == ["SafetyPlanActivated"]


def test_a_plan_is_flagged_until_all_hold_a_copy() -> None:
    """R-INV-039."""
    assert "safety-plan-copies-missing" in codes(after(plan()).when(replace(ACTIVATE, copies=("family",))))
    assert "safety-plan-copies-missing" not in codes(after(plan()).when(ACTIVATE))


def test_a_separating_plan_is_flagged_without_the_reason() -> None:
    """R-INV-041."""
    assert "less-intrusive-plan-not-considered" in codes(after().when(plan(child_remains_home=False)))
    reasoned = plan(child_remains_home=False, less_intrusive_reason=family())
    assert "less-intrusive-plan-not-considered" not in codes(after().when(reasoned))


@pytest.mark.parametrize(("outcome", "flagged"), [("approved", False), ("refused", True), ("declined-contact", True)])
def test_a_plan_in_place_of_removal_is_flagged_until_the_judge_approves(outcome: CourtOutcome, flagged: bool) -> None:
    """R-INV-042, safety-plan-court-approval.policy-2009: flagged, never refused."""
    written = after(plan(avoids_placement=True))
    assert "youth-court-approval-missing" in codes(written)
    decided = written.when(replace(DECISION, outcome=outcome))
    assert ("youth-court-approval-missing" in codes(decided)) is flagged
    assert "SafetyPlanActivated" in names(written.when(ACTIVATE))


def test_a_court_decision_names_the_judge_and_a_written_plan() -> None:
    """R-INV-042, F-INV-08."""
    after().when(DECISION).rejected("safety-plan-not-found")
    after(plan()).when(replace(DECISION, judge=family(" "))).rejected("judge-missing", rule="R-INV-042")


def test_a_plan_made_without_a_family_meeting_is_flagged() -> None:
    """R-INV-043."""
    assert "family-meeting-missing" in codes(after().when(plan(family_meeting_id=None)))


def test_with_a_factor_found_submission_needs_an_active_plan() -> None:
    """R-INV-032."""
    without = [command for command in FACTOR_FOUND if command is not ACTIVATE]
    after(*without).when(submit()).rejected("safety-plan-missing", rule="R-INV-032")
    assert "InvestigationSubmitted" in names(after(*FACTOR_FOUND).when(submit()))


def test_a_plan_whose_period_is_over_is_not_active_any_more() -> None:
    """R-INV-032."""
    short = [plan(in_effect_until=date(2026, 3, 4)) if command == plan() else command for command in FACTOR_FOUND]
    after(*short).when(submit()).rejected("safety-plan-missing", rule="R-INV-032")


def test_approval_needs_the_active_plan_too() -> None:
    """R-INV-032: a factor found after the submission."""
    late = (*NOTHING_FOUND, submit(), assess(3, hours=101), SIGN_SAFETY, SIGN_RISK)
    after(*late).when(approve(opens=True)).rejected("safety-plan-missing", rule="R-INV-032")


def test_texts_of_the_plan_are_private_to_their_persons() -> None:
    (created,) = after().when(plan()).decided()
    assert created.form.actions[0].description.person == ANNA
    assert created.form.actions[0].suitability.person == UNCLE
    assert created.by != SUPERVISOR
    assert state(after().when(plan())).plans[PLAN].activation is None
