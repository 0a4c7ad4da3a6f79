"""Contacts, interviews, the household and the family's past; the first personal contact begins the investigation."""

from datetime import datetime
from uuid import UUID

from events.decider import Rejected
from investigation.commands import RecordContact, RecordHousehold, RecordInterview, ReviewHistory
from investigation.events import (
    ChildInterviewed,
    ContactMade,
    HistoryReviewed,
    HouseholdRecorded,
    InvestigationEvent,
    InvestigationInitiated,
)
from investigation.forms import Contact, Interview, Means, Role
from investigation.guards import about, owned, said
from investigation.policy import Policy
from investigation.state import Investigation

PERSONAL: tuple[Role, ...] = ("child-victim", "other-child", "caretaker", "sibling", "household-member", "collateral")
CHILDREN: tuple[Role, ...] = ("child-victim", "other-child", "sibling")
FAMILY: tuple[Role, ...] = ("caretaker", "household-member", "alleged-perpetrator")


def record_contact(command: RecordContact, now: Investigation) -> list[InvestigationEvent]:
    contact = owned(now, command.contact)
    made = ContactMade(**about(now), at=command.at, contact=contact, by=command.by)
    return [made, *_begun(now, contact.person_id, contact.role, contact.means, command.at, command.policy)]


def record_interview(command: RecordInterview, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-012: an interview, or by D-06 a child seen and observed with the reason."""
    interview = owned(now, command.interview)
    if interview.held == "observed":
        _observed(interview)
    held = ChildInterviewed(**about(now), at=command.at, interview=interview, by=command.by)
    return [held, *_begun(now, interview.child_id, interview.role, interview.means, command.at, command.policy)]


def _observed(interview: Interview) -> None:
    if not said(interview.observed_reason):
        raise Rejected(
            "observed-without-reason",
            "a child seen and observed instead of interviewed needs the reason",
            rule="R-INV-012 D-06",
            source="003:1899",
            field="observedReason",
        )
    if interview.means != "face-to-face":
        raise Rejected(
            "observed-not-face-to-face",
            "a child is seen and observed face to face",
            rule="R-INV-012 D-06",
            source="003:1899",
            field="means",
        )


def _begun(
    now: Investigation, person_id: UUID, role: Role, means: Means, at: datetime, policy: Policy
) -> list[InvestigationEvent]:
    """R-INV-010: one personal contact begins it; an earlier one that is entered late moves the beginning back."""
    if not personal(role, means, policy) or (now.initiated_at is not None and now.initiated_at <= at):
        return []
    return [InvestigationInitiated(**about(now), at=at, person_id=person_id, role=role)]


def personal(role: Role, means: Means, policy: Policy) -> bool:
    """R-INV-010, D-05: in person, except a collateral by telephone where the agency allows it."""
    if means == "face-to-face":
        return role in PERSONAL
    return means == "telephone" and role == "collateral" and policy.telephone_reaches_collateral


def record_household(command: RecordHousehold, now: Investigation) -> list[InvestigationEvent]:
    ids = [child.child_id for child in command.children]
    if len(set(ids)) != len(ids):
        raise Rejected("child-twice", "a child is in the household once", field="children")
    if any(not 0 <= child.age < 18 for child in command.children):
        raise Rejected("age-not-of-a-child", "a child is 0 to 17 years old", field="children")
    return [
        HouseholdRecorded(
            **about(now), at=command.at, children=command.children, caretaker_ids=command.caretaker_ids, by=command.by
        )
    ]


def review_history(command: ReviewHistory, now: Investigation) -> list[InvestigationEvent]:
    return [HistoryReviewed(**about(now), at=command.at, check=owned(now, command.check), by=command.by)]


def all_children_interviewed(now: Investigation) -> None:
    """R-INV-012, all-children-interviewed.policy-2009: every child in the home, not only the alleged victim."""
    if now.household is None:
        raise Rejected(
            "household-not-recorded",
            "record the children in the home: every one of them must be interviewed",
            rule="R-INV-012 all-children-interviewed.policy-2009",
            source="003:1899",
        )
    interviewed = {interview.child_id for interview in now.interviews}
    missing = [child for child in now.in_home if child not in interviewed]
    if missing:
        raise Rejected(
            "child-not-interviewed",
            f"not interviewed: {', '.join(map(str, missing))}",
            rule="R-INV-012 all-children-interviewed.policy-2009",
            source="003:1899",
        )


def home_visited(now: Investigation) -> None:
    """R-INV-012, investigation-home-visit.policy-2009: a child and the family seen face to face in the home."""
    seen: set[Role] = {entry.role for entry in _entries(now) if entry.in_home and entry.means == "face-to-face"}
    if seen.isdisjoint(CHILDREN) or seen.isdisjoint(FAMILY):
        raise Rejected(
            "home-visit-missing",
            "at least one visit in the home with an at-risk child and with the family is not recorded",
            rule="R-INV-012 investigation-home-visit.policy-2009",
            source="003:1899",
        )


def _entries(now: Investigation) -> tuple[Contact | Interview, ...]:
    return (*now.contacts, *now.interviews)
