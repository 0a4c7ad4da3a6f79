"""Bodies of contacts, interviews, the household and the history check."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from events.bodies import Body, Ids, Narrative
from events.private import Private
from investigation import forms
from investigation.bodies.body import Happened
from investigation.forms import SUBJECT


class ContactBody(Happened):
    """One entry of the contact log (F-INV-01)."""

    person_id: UUID
    role: forms.Role
    means: forms.Means
    place: Narrative
    in_home: bool
    private_talk: bool | None = Field(None, alias="private")
    alone: bool | None = None
    present: Ids = ()
    observations: Narrative | None = None
    statements: Narrative | None = None

    def form(self) -> forms.Contact:
        return forms.Contact(
            **self.same("person_id", "role", "means", "in_home", "alone", "present"),
            **self.private(self.person_id, "observations", "statements"),
            place=Private(self.person_id, self.place),
            private=self.private_talk,
        )


class InterviewBody(Happened):
    """A child interviewed, or seen and observed with the reason (F-INV-01)."""

    child_id: UUID
    role: forms.ChildRole
    held: Literal["interviewed", "observed"] = "interviewed"
    observed_reason: Narrative | None = None
    means: forms.Means = "face-to-face"
    place: Narrative
    in_home: bool
    private_talk: bool = Field(alias="private")
    alone: bool
    away_from_home: bool
    present: Ids = ()
    observations: Narrative | None = None
    statements: Narrative | None = None

    def form(self) -> forms.Interview:
        return forms.Interview(
            **self.same("child_id", "role", "held", "means", "in_home", "alone", "away_from_home", "present"),
            **self.private(self.child_id, "observed_reason", "observations", "statements"),
            place=Private(self.child_id, self.place),
            private=self.private_talk,
        )


class ChildInHomeBody(Body):
    """A child of the home and the age in whole years."""

    child_id: UUID
    age: int = Field(ge=0, le=17)


class HouseholdBody(Happened):
    """All children in the home, and their caretakers."""

    children: tuple[ChildInHomeBody, ...] = Field(max_length=100)
    caretaker_ids: Ids = ()

    def form(self) -> tuple[forms.ChildInHome, ...]:
        return tuple(forms.ChildInHome(child_id=child.child_id, age=child.age) for child in self.children)


class HistoryBody(Happened):
    """Background and history check (F-INV-02)."""

    searched: tuple[forms.Search, ...] = Field(max_length=4)
    background_not_applicable: Narrative | None = None
    criminal_findings: Narrative | None = None
    earlier_maltreatment: Narrative | None = None
    prior_services: Narrative | None = None
    effect_of_services: Narrative | None = None
    view_of_services: Narrative | None = None
    view_of_change: Narrative | None = None

    def form(self) -> forms.HistoryCheck:
        texts = self.private(
            SUBJECT,
            "background_not_applicable",
            "criminal_findings",
            "earlier_maltreatment",
            "prior_services",
            "effect_of_services",
            "view_of_services",
            "view_of_change",
        )
        return forms.HistoryCheck(searched=self.searched, **texts)
