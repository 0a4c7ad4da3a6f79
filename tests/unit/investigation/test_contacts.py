"""Contacts, interviews, household and history."""

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.investigation.cases import (
    ANNA,
    BEN,
    HISTORY,
    MOTHER,
    NOTHING_FOUND,
    SIGNED,
    UNCLE,
    acted,
    after,
    approve,
    at,
    codes,
    contact,
    household,
    interview,
    names,
    of,
    opened,
    state,
    submit,
)

from investigation.commands import RecordContact, RecordInterview
from investigation.events import HistoryReviewed
from investigation.forms import Role
from investigation.policy import Policy


@pytest.mark.parametrize(
    "role", ["child-victim", "other-child", "caretaker", "sibling", "household-member", "collateral"]
)
def test_one_personal_contact_with_any_of_these_begins_the_investigation(role: Role) -> None:
    """R-INV-010."""
    begun = after().when(contact(role=role))
    assert "InvestigationInitiated" in names(begun)
    assert state(begun).initiated_at == at(4)


def test_a_contact_with_the_alleged_perpetrator_alone_begins_nothing() -> None:
    """R-INV-010."""
    assert "InvestigationInitiated" not in names(after().when(contact(role="alleged-perpetrator")))


def test_an_interview_of_a_child_begins_the_investigation() -> None:
    """R-INV-010."""
    assert "InvestigationInitiated" in names(after().when(interview()))


@pytest.mark.parametrize("role", ["caretaker", "collateral", "child-victim"])
def test_a_telephone_call_begins_nothing(role: Role) -> None:
    """R-INV-010, D-05: in person."""
    assert "InvestigationInitiated" not in names(after().when(contact(role=role, means="telephone")))


def test_a_collateral_may_be_telephoned_where_the_agency_allows_it() -> None:
    """D-05: and nobody else."""
    allowed = Policy(telephone_reaches_collateral=True)
    for role, begins in (("collateral", True), ("caretaker", False)):
        call = replace(contact(role=role, means="telephone"), policy=allowed)
        assert ("InvestigationInitiated" in names(after().when(call))) is begins


def test_a_later_contact_or_one_of_the_same_moment_leaves_the_beginning_as_it_is() -> None:
    for hours in (4, 6):
        assert names(after(contact(4)).when(contact(hours))) == ["ContactMade"]


def test_an_earlier_contact_entered_late_moves_the_beginning_back() -> None:
    """R-INV-010, with two times on every fact."""
    assert state(after(contact(6)).when(contact(3))).initiated_at == at(3)


def test_what_happened_may_be_entered_after_the_approval() -> None:
    """D-04: approval is the end of the duties, not of the record."""
    approved = after(*NOTHING_FOUND, submit(), *SIGNED, approve())
    assert names(approved.when(contact(3)))[:2] == ["ContactMade", "InvestigationInitiated"]
    approved.when(household(3)).rejected("investigation-approved", rule="R-INV-007")


def test_a_child_seen_and_observed_needs_the_reason() -> None:
    """R-INV-012, D-06."""
    after().when(interview(held="observed")).rejected("observed-without-reason", rule="D-06")
    after().when(interview(held="observed", observed_reason=of(ANNA, " "))).rejected("observed-without-reason")
    seen = after().when(interview(held="observed", observed_reason=of(ANNA, "an infant")))
    assert names(seen)[0] == "ChildInterviewed"


def test_a_child_is_observed_face_to_face() -> None:
    """R-INV-012, D-06."""
    observed = interview(held="observed", observed_reason=of(ANNA, "an infant"), means="telephone")
    after().when(observed).rejected("observed-not-face-to-face", rule="D-06")


def test_a_household_names_each_child_once_with_the_age_of_a_child() -> None:
    twice = household()
    after().when(replace(twice, children=twice.children * 2)).rejected("child-twice")
    after().when(household(18)).rejected("age-not-of-a-child")


def test_submission_is_refused_until_the_household_is_recorded() -> None:
    """R-INV-012, all-children-interviewed.policy-2009."""
    rest = [command for command in NOTHING_FOUND if command != household()]
    after(*rest).when(submit()).rejected("household-not-recorded", rule="all-children-interviewed.policy-2009")


def test_submission_is_refused_until_every_child_in_the_home_is_interviewed() -> None:
    """R-INV-012, all-children-interviewed.policy-2009: every child, not only the alleged victim."""
    two = (*NOTHING_FOUND, household(9, 6))
    refusal = after(*two).when(submit()).rejected("child-not-interviewed", rule="R-INV-012")
    assert str(BEN) in refusal.detail
    assert str(ANNA) not in refusal.detail
    assert "InvestigationSubmitted" in names(after(*two, interview(BEN, role="other-child")).when(submit()))


def test_an_alleged_victim_outside_the_household_is_interviewed_too() -> None:
    """R-INV-012."""
    elsewhere = replace(household(), children=(household(9, 6).children[1],))
    after(elsewhere, interview(BEN, role="other-child")).when(submit()).rejected("child-not-interviewed")


@pytest.mark.parametrize(
    ("visit", "seen"),
    [
        (contact(in_home=False), interview()),
        (contact(means="telephone"), interview()),
        (contact(role="collateral"), interview()),
        (contact(), interview(in_home=False)),
    ],
)
def test_submission_is_refused_without_a_visit_with_the_child_and_the_family(
    visit: RecordContact, seen: RecordInterview
) -> None:
    """R-INV-012, investigation-home-visit.policy-2009."""
    rest = NOTHING_FOUND[3:]
    after(household(), visit, seen, *rest).when(submit()).rejected(
        "home-visit-missing", rule="investigation-home-visit.policy-2009"
    )


def test_a_victim_in_a_resource_home_is_interviewed_alone_privately_and_away_from_it() -> None:
    """R-INV-006."""
    changes: tuple[dict[str, Any], ...] = ({"alone": False}, {"private": False}, {"away_from_home": False})
    for change in changes:
        apart: dict[str, Any] = {"alone": True, "private": True, "away_from_home": True} | change
        assert "victim-interview-not-apart" in codes(after(setting="resource-home").when(interview(**apart)))
        assert "victim-interview-not-apart" not in codes(after().when(interview(**apart)))
    good = after(setting="resource-home").when(interview(away_from_home=True))
    assert "victim-interview-not-apart" not in codes(good)


def test_an_interview_of_another_child_of_the_resource_home_is_not_flagged() -> None:
    """R-INV-006 is about alleged victims."""
    other = after(household(9, 6), setting="resource-home").when(interview(BEN, role="other-child"))
    assert "victim-interview-not-apart" not in codes(other)


def test_a_child_interview_that_was_not_private_is_flagged() -> None:
    """R-INV-013, F-INV-01."""
    assert "child-interview-not-private" in codes(after().when(interview(private=False)))


def test_submission_is_flagged_without_the_caretaker_and_the_alleged_perpetrator() -> None:
    """R-INV-013."""
    alone = after(*NOTHING_FOUND)
    assert "required-party-not-interviewed" not in codes(alone)
    assert "required-party-not-interviewed" in codes(alone.when(submit()))
    met = after(*NOTHING_FOUND, contact(person_id=UNCLE, role="alleged-perpetrator"))
    assert "required-party-not-interviewed" not in codes(met.when(submit()))


def test_submission_is_flagged_until_background_and_history_are_reviewed() -> None:
    """R-INV-031."""
    rest = [command for command in NOTHING_FOUND if command is not HISTORY]
    submitted = (*rest, submit())
    assert "history-not-reviewed" in codes(after(*submitted))
    assert "history-not-reviewed" not in codes(after(*submitted, HISTORY))


def test_a_search_left_out_is_flagged_unless_it_does_not_apply() -> None:
    """R-INV-031, F-INV-02."""
    part = HISTORY.check.model_copy(update={"searched": ("state-system", "central-registry", "case-files")})
    assert "history-not-reviewed" in codes(after().when(replace(HISTORY, check=part)))
    explained = part.model_copy(update={"background_not_applicable": of(MOTHER, "done last week")})
    assert "history-not-reviewed" not in codes(after().when(replace(HISTORY, check=explained)))


def test_a_history_without_services_and_views_is_flagged() -> None:
    """R-INV-057."""
    silent = HISTORY.check.model_copy(update={"view_of_change": None})
    flagged = state(after().when(replace(HISTORY, check=silent))).flags
    assert [(flag.code, flag.about) for flag in flagged] == [("history-content-missing", "view-of-change")]


def test_texts_about_the_family_become_private_to_the_first_victim() -> None:
    (reviewed,) = [event for event in acted(HISTORY, past=opened()) if isinstance(event, HistoryReviewed)]
    assert reviewed.check.view_of_change == of(ANNA, "as told")
