"""Bodies of form 442B, the checklist, the risk assessment and the findings."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from events.bodies import Body, Ids, Line, Narrative
from events.private import Private
from investigation import forms
from investigation.bodies.body import Code, Happened
from investigation.forms import SUBJECT


class FactorBody(Body):
    """The answer to one safety factor."""

    number: Annotated[int, Field(ge=1, le=99)]
    yes: bool | None = None
    narrative: Narrative | None = None
    child_ids: Ids = ()


class ChildSafetyBody(Body):
    """The safety of one child."""

    child_id: UUID
    decision: Literal["safe", "unsafe"] | None = None
    threat: Literal["present", "imminent", "neither"] | None = None
    capacities_sufficient: bool | None = None
    vulnerability: Narrative | None = None

    def form(self) -> forms.ChildSafety:
        return forms.ChildSafety(
            **self.same("child_id", "decision", "threat", "capacities_sufficient"),
            **self.private(self.child_id, "vulnerability"),
        )


class CaregiverBody(Body):
    """The protective capacities of one caregiver."""

    person_id: UUID
    described: Narrative


class SafetyBody(Happened):
    """Form 442B (F-INV-03)."""

    stage: forms.Stage
    form_version: Annotated[Line, Field(max_length=40)]
    factors: tuple[FactorBody, ...] = Field(max_length=40)
    native_heritage: forms.Heritage | None = None
    children: tuple[ChildSafetyBody, ...] = Field((), max_length=100)
    caregivers: tuple[CaregiverBody, ...] = Field((), max_length=100)
    extent: Narrative | None = None
    circumstances: Narrative | None = None
    adult_functioning: Narrative | None = None
    child_functioning: Narrative | None = None
    parenting: Narrative | None = None
    discipline: Narrative | None = None
    protection_capacity: Narrative | None = None

    def form(self) -> forms.SafetyForm:
        texts = self.private(
            SUBJECT,
            "extent",
            "circumstances",
            "adult_functioning",
            "child_functioning",
            "parenting",
            "discipline",
            "protection_capacity",
        )
        return forms.SafetyForm(
            **self.same("stage", "form_version", "native_heritage"),
            factors=tuple(
                forms.FactorAnswer(**each.same("number", "yes", "child_ids"), **each.private(SUBJECT, "narrative"))
                for each in self.factors
            ),
            children=tuple(child.form() for child in self.children),
            caregivers=tuple(
                forms.CaregiverCapacity(person_id=each.person_id, described=Private(each.person_id, each.described))
                for each in self.caregivers
            ),
            **texts,
        )


class HazardsBody(Body):
    """Each of the six kinds of hazard, looked at: yes when it was found."""

    fire: bool
    drowning: bool
    firearms: bool
    poisons: bool
    car_safety: bool
    cleanliness: bool

    def found(self) -> tuple[forms.Hazard, ...]:
        looked_at: tuple[tuple[forms.Hazard, bool], ...] = (
            ("fire", self.fire),
            ("drowning", self.drowning),
            ("firearms", self.firearms),
            ("poisons", self.poisons),
            ("car-safety", self.car_safety),
            ("cleanliness", self.cleanliness),
        )
        return tuple(hazard for hazard, yes in looked_at if yes)


class ChildChecklistBody(Body):
    """The safety checklist of one child."""

    child_id: UUID
    age: int = Field(ge=0, le=17)
    hazards: HazardsBody
    note: Narrative | None = None


class ChecklistBody(Happened):
    """Safety checklist for children (F-INV-05)."""

    children: tuple[ChildChecklistBody, ...] = Field(min_length=1, max_length=100)

    def form(self) -> tuple[forms.ChildChecklist, ...]:
        return tuple(
            forms.ChildChecklist(
                child_id=child.child_id,
                age=child.age,
                hazards=child.hazards.found(),
                **child.private(child.child_id, "note"),
            )
            for child in self.children
        )


class RiskBody(Happened):
    """Initial risk assessment (F-INV-06). By D-35 `moderate` is read as medium."""

    tool: Annotated[Line, Field(max_length=40)]
    level: Literal["low", "medium", "moderate", "high"]
    strengths_and_needs: Narrative | None = None
    history: Narrative | None = None
    family_connections: Narrative | None = None
    stressors: Narrative | None = None
    caretaker_functioning: Narrative | None = None
    health_concerns: Narrative | None = None
    school_functioning: Narrative | None = None

    def form(self) -> forms.RiskForm:
        texts = self.private(
            SUBJECT,
            "strengths_and_needs",
            "history",
            "family_connections",
            "stressors",
            "caretaker_functioning",
            "health_concerns",
            "school_functioning",
        )
        level: forms.RiskLevel = "medium" if self.level == "moderate" else self.level
        return forms.RiskForm(tool=self.tool, level=level, **texts)


class DeterminationBody(Body):
    """What was determined about one allegation."""

    allegation: Code
    finding: Code
    evidence: Narrative | None = None


class FindingsBody(Happened):
    """Maltreatment findings section (F-INV-04)."""

    determinations: tuple[DeterminationBody, ...] = Field(max_length=40)
    contacts: Narrative | None = None
    observations: Narrative | None = None
    statements: Narrative | None = None
    collateral_contacts: Narrative | None = None
    other_concerns: Narrative | None = None

    def form(self) -> forms.FindingsForm:
        return forms.FindingsForm(
            determinations=tuple(
                forms.Determination(**each.same("allegation", "finding"), **each.private(SUBJECT, "evidence"))
                for each in self.determinations
            ),
            **self.private(SUBJECT, "contacts", "observations", "statements", "collateral_contacts", "other_concerns"),
        )
