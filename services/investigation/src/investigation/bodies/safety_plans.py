"""Bodies of safety plans."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from events.bodies import Body, Day, Narrative
from events.private import Private
from investigation import forms
from investigation.bodies.body import Happened
from investigation.forms import SUBJECT


class ActionBody(Body):
    """One action of a safety plan."""

    description: Narrative
    immediate: bool = False
    accessible: bool = False
    no_promise: bool = False
    responsible_id: UUID | None = None
    suitability: Narrative | None = None

    def form(self) -> forms.PlanAction:
        return forms.PlanAction(
            **self.same("immediate", "accessible", "no_promise", "responsible_id"),
            description=Private(SUBJECT, self.description),
            **self.private(self.responsible_id or SUBJECT, "suitability"),
        )


class PlanBody(Happened):
    """A safety plan (F-INV-07)."""

    plan_id: UUID
    factors: tuple[Annotated[int, Field(ge=1, le=20)], ...] = Field(max_length=20)
    actions: tuple[ActionBody, ...] = Field((), max_length=100)
    in_effect_from: Day
    in_effect_until: Day | None = None
    monitoring: Narrative | None = None
    monitor_id: UUID | None = None
    monitor_capacity: Narrative | None = None
    child_remains_home: bool
    avoids_placement: bool
    less_intrusive_reason: Narrative | None = None
    family_meeting_id: UUID | None = None
    case_id: UUID | None = None

    def form(self) -> forms.PlanForm:
        return forms.PlanForm(
            **self.same(
                "factors",
                "in_effect_from",
                "in_effect_until",
                "monitor_id",
                "child_remains_home",
                "avoids_placement",
                "family_meeting_id",
                "case_id",
            ),
            actions=tuple(action.form() for action in self.actions),
            **self.private(SUBJECT, "monitoring", "less_intrusive_reason"),
            **self.private(self.monitor_id or SUBJECT, "monitor_capacity"),
        )


class CourtBody(Happened):
    """Youth court approval of a safety plan (F-INV-08)."""

    plan_id: UUID
    judge: Narrative
    outcome: forms.CourtOutcome
    note: Narrative | None = None


class SignatureBody(Body):
    """A signature, or the reason why it is missing."""

    role: Literal["parent", "responsible-party", "caseworker"]
    person_id: UUID | None = None
    signed_on: Day | None = None
    missing_reason: Narrative | None = None

    def form(self) -> forms.Signature:
        return forms.Signature(
            **self.same("role", "person_id", "signed_on"), **self.private(self.person_id or SUBJECT, "missing_reason")
        )


class ActivationBody(Happened):
    """The plan goes into effect: who signed, who holds a copy."""

    plan_id: UUID
    signatures: tuple[SignatureBody, ...] = Field((), max_length=100)
    copies: tuple[forms.CopyHolder, ...] = Field((), max_length=3)
