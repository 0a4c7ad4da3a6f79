"""The forms of an investigation as values, with every confidential text private to a person.

A text about the family as a whole belongs to the subject of the investigation, whom only the stream knows: it is entered
for `SUBJECT`, and the decider puts the person in.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.private import Private

SUBJECT = UUID(int=0)

Setting = Literal["own-home", "resource-home", "facility", "other"]
Role = Literal[
    "child-victim", "other-child", "caretaker", "sibling", "household-member", "collateral", "alleged-perpetrator"
]
ChildRole = Literal["child-victim", "other-child", "sibling"]
Means = Literal["face-to-face", "telephone", "other"]
Stage = Literal["preliminary", "initial", "comprehensive"]
Heritage = Literal["yes", "no", "not-yet-known"]
Hazard = Literal["fire", "drowning", "firearms", "poisons", "car-safety", "cleanliness"]
RiskLevel = Literal["low", "medium", "high"]
Search = Literal["background-check", "state-system", "central-registry", "case-files"]
CopyHolder = Literal["family", "responsible-parties", "case-record"]
Basis = Literal["risk-and-family-needs", "safety-factors", "substantiation"]
Services = Literal["concrete", "educational", "therapeutic", "none"]
CourtOutcome = Literal["approved", "refused", "declined-contact"]
Text = Private[str] | None


class Form(BaseModel):
    """A part of a fact: frozen and strict like the fact itself."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Flag(Form):
    """Something accepted but not as the rule wants it. `about` names the child, person, plan or field concerned."""

    code: str
    rule: str
    about: str = ""


class Contact(Form):
    """One entry of the contact log (F-INV-01)."""

    person_id: UUID
    role: Role
    means: Means
    place: Private[str]
    in_home: bool
    private: bool | None = None
    alone: bool | None = None
    present: tuple[UUID, ...] = ()
    observations: Text = None
    statements: Text = None


class Interview(Form):
    """A child interviewed, or seen and observed with the reason why an interview was not possible (F-INV-01)."""

    child_id: UUID
    role: ChildRole
    held: Literal["interviewed", "observed"]
    observed_reason: Text = None
    means: Means
    place: Private[str]
    in_home: bool
    private: bool
    alone: bool
    away_from_home: bool
    present: tuple[UUID, ...] = ()
    observations: Text = None
    statements: Text = None


class ChildInHome(Form):
    """A child who lives in the home; the age is in whole years."""

    child_id: UUID
    age: int


class HistoryCheck(Form):
    """What was searched about the family's past, and what was found (F-INV-02)."""

    searched: tuple[Search, ...]
    background_not_applicable: Text = None
    criminal_findings: Text = None
    earlier_maltreatment: Text = None
    prior_services: Text = None
    effect_of_services: Text = None
    view_of_services: Text = None
    view_of_change: Text = None


class FactorAnswer(Form):
    """The answer to one of the twenty numbered safety factors of form 442B."""

    number: int
    yes: bool | None
    narrative: Text = None
    child_ids: tuple[UUID, ...] = ()


class ChildSafety(Form):
    """What form 442B says about one child of the home."""

    child_id: UUID
    decision: Literal["safe", "unsafe"] | None = None
    threat: Literal["present", "imminent", "neither"] | None = None
    capacities_sufficient: bool | None = None
    vulnerability: Text = None


class CaregiverCapacity(Form):
    """The protective capacities of one caregiver."""

    person_id: UUID
    described: Private[str]


class SafetyForm(Form):
    """Form 442B (F-INV-03)."""

    stage: Stage
    form_version: str
    factors: tuple[FactorAnswer, ...]
    native_heritage: Heritage | None = None
    children: tuple[ChildSafety, ...] = ()
    caregivers: tuple[CaregiverCapacity, ...] = ()
    extent: Text = None
    circumstances: Text = None
    adult_functioning: Text = None
    child_functioning: Text = None
    parenting: Text = None
    discipline: Text = None
    protection_capacity: Text = None

    @property
    def found(self) -> tuple[FactorAnswer, ...]:
        """The factors answered yes."""
        return tuple(answer for answer in self.factors if answer.yes)


class ChildChecklist(Form):
    """The safety checklist of one child: the hazards that were found, each of the six looked at (F-INV-05)."""

    child_id: UUID
    age: int
    hazards: tuple[Hazard, ...]
    note: Text = None


class RiskForm(Form):
    """The initial risk assessment (F-INV-06)."""

    tool: str
    level: RiskLevel
    strengths_and_needs: Text = None
    history: Text = None
    family_connections: Text = None
    stressors: Text = None
    caretaker_functioning: Text = None
    health_concerns: Text = None
    school_functioning: Text = None


class Determination(Form):
    """What was determined about one allegation; `finding` is a value of the agency's list."""

    allegation: str
    finding: str
    evidence: Text = None


class FindingsForm(Form):
    """The maltreatment findings section of form 442B (F-INV-04)."""

    determinations: tuple[Determination, ...]
    contacts: Text = None
    observations: Text = None
    statements: Text = None
    collateral_contacts: Text = None
    other_concerns: Text = None


class PlanAction(Form):
    """One action of a safety plan and the party responsible for it."""

    description: Private[str]
    immediate: bool
    accessible: bool
    no_promise: bool
    responsible_id: UUID | None = None
    suitability: Text = None


class PlanForm(Form):
    """A safety plan (F-INV-07). It may be incomplete until it is activated."""

    factors: tuple[int, ...]
    actions: tuple[PlanAction, ...]
    in_effect_from: date
    in_effect_until: date | None = None
    monitoring: Text = None
    monitor_id: UUID | None = None
    monitor_capacity: Text = None
    child_remains_home: bool
    avoids_placement: bool
    less_intrusive_reason: Text = None
    family_meeting_id: UUID | None = None
    case_id: UUID | None = None


class Signature(Form):
    """A signature under a safety plan, or the reason why it is missing. The caseworker's has no person."""

    role: Literal["parent", "responsible-party", "caseworker"]
    person_id: UUID | None = None
    signed_on: date | None = None
    missing_reason: Text = None


class ReportForm(Form):
    """The investigation report with its disposition (F-INV-09); a value of the agency's list."""

    disposition: str | None = None
    evidence: Text = None
    future_maltreatment: Text = None
    protective_factors: Text = None
    recommendations: Text = None
    corrective_actions: Text = None


class CaseDecision(Form):
    """Whether a case is opened for services, and on what basis (F-INV-10)."""

    opens: bool
    basis: Basis | None = None
    medium_considered: Text = None
    services: tuple[Services, ...] = ()
    no_services_reason: Text = None


class Moment(Form):
    """When a fact of another service happened, and when it was recorded there: the later one counts."""

    at: datetime
    recorded_at: datetime
