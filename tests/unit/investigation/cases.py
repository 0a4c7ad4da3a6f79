"""An investigation to test with: its people, its forms filled in well, and the facts of each stage."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from events.private import Private
from events.testing import Scenario
from investigation.commands import (
    ActivateSafetyPlan,
    ApproveInvestigation,
    ApproveRiskAssessment,
    ApproveSafetyAssessment,
    CompleteRiskAssessment,
    CompleteSafetyAssessment,
    CompleteSafetyChecklist,
    CreateSafetyPlan,
    LearnOfReport,
    MakeFindings,
    RecordContact,
    RecordHousehold,
    RecordInterview,
    ReviewHistory,
    SubmitInvestigation,
)
from investigation.events import (
    InvestigationEvent,
    ReportAssignmentLearned,
    ReportReceiptLearned,
    ReportScreeningLearned,
)
from investigation.forms import (
    SUBJECT,
    CaregiverCapacity,
    CaseDecision,
    ChildChecklist,
    ChildInHome,
    ChildSafety,
    Contact,
    Determination,
    FactorAnswer,
    FindingsForm,
    HistoryCheck,
    Interview,
    Moment,
    PlanAction,
    PlanForm,
    ReportForm,
    RiskForm,
    SafetyForm,
    Signature,
)
from investigation.investigation import DECIDER
from investigation.state import Investigation

REPORT = UUID("01890000-0000-7000-8000-0000000000a1")
ID = UUID("01890000-0000-7000-8000-0000000000a2")
PLAN = UUID("01890000-0000-7000-8000-0000000000a3")
ANNA, BEN = UUID("01890000-0000-7000-8000-0000000000b1"), UUID("01890000-0000-7000-8000-0000000000b2")
MOTHER, UNCLE = UUID("01890000-0000-7000-8000-0000000000c1"), UUID("01890000-0000-7000-8000-0000000000c2")
WORKER, SUPERVISOR, COUNTY = "worker-nolan", "supervisor-may", "Harbor"
CALL = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    """So many hours after the call."""
    return CALL + timedelta(hours=hours)


def of(person: UUID, text: str = "as seen") -> Private[str]:
    return Private(person, text)


def family(text: str = "as told") -> Private[str]:
    return Private(SUBJECT, text)


def moment(hours: float) -> Moment:
    return Moment(at=at(hours), recorded_at=at(hours))


def receipt(**change: Any) -> ReportReceiptLearned:
    fact = ReportReceiptLearned(
        report_id=REPORT,
        moment=moment(0),
        child_ids=(ANNA,),
        child_in_custody=False,
        allegations=("neglect",),
        setting="own-home",
    )
    return fact.model_copy(update=change)


def screening(level: str = "3", **change: Any) -> ReportScreeningLearned:
    fact = ReportScreeningLearned(report_id=REPORT, moment=moment(1), screened_in=True, level=level)
    return fact.model_copy(update=change)


def assignment(**change: Any) -> ReportAssignmentLearned:
    fact = ReportAssignmentLearned(report_id=REPORT, moment=moment(2), worker_id=WORKER, county=COUNTY)
    return fact.model_copy(update=change)


def learn(fact: ReportReceiptLearned | ReportScreeningLearned | ReportAssignmentLearned) -> LearnOfReport:
    return LearnOfReport(ID, fact)


def contact(hours: float = 4, **change: Any) -> RecordContact:
    form = Contact(
        person_id=MOTHER,
        role="caretaker",
        means="face-to-face",
        place=of(MOTHER, "12 Alder Lane"),
        in_home=True,
        observations=of(MOTHER),
    )
    return RecordContact(by=WORKER, at=at(hours), contact=form.model_copy(update=change))


def interview(child: UUID = ANNA, hours: float = 4, **change: Any) -> RecordInterview:
    form = Interview(
        child_id=child,
        role="child-victim",
        held="interviewed",
        means="face-to-face",
        place=of(child, "12 Alder Lane"),
        in_home=True,
        private=True,
        alone=True,
        away_from_home=False,
        statements=of(child),
    )
    return RecordInterview(by=WORKER, at=at(hours), interview=form.model_copy(update=change))


def household(*ages: int) -> RecordHousehold:
    children = tuple(
        ChildInHome(child_id=child, age=age) for child, age in zip((ANNA, BEN), ages or (9,), strict=False)
    )
    return RecordHousehold(by=WORKER, at=at(4), children=children, caretaker_ids=(MOTHER,))


HISTORY = ReviewHistory(
    by=WORKER,
    at=at(5),
    check=HistoryCheck(
        searched=("background-check", "state-system", "central-registry", "case-files"),
        earlier_maltreatment=family(),
        prior_services=family(),
        effect_of_services=family(),
        view_of_services=family(),
        view_of_change=family(),
    ),
)


def safety_form(*yes: int, **change: Any) -> SafetyForm:
    """Form 442B, complete in every part, with these factors answered yes."""
    factors = tuple(
        FactorAnswer(number=n, yes=True, narrative=family(f"factor {n}"), child_ids=(ANNA,))
        if n in yes
        else FactorAnswer(number=n, yes=False)
        for n in range(1, 21)
    )
    form = SafetyForm(
        stage="initial",
        form_version="2009",
        factors=factors,
        native_heritage="no",
        children=(ChildSafety(child_id=ANNA, decision="safe", vulnerability=of(ANNA)),),
        caregivers=(CaregiverCapacity(person_id=MOTHER, described=of(MOTHER)),),
        extent=family(),
        circumstances=family(),
        adult_functioning=family(),
        child_functioning=family(),
        parenting=family(),
        discipline=family(),
        protection_capacity=family(),
    )
    return form.model_copy(update=change)


def assess(*yes: int, hours: float = 30, **change: Any) -> CompleteSafetyAssessment:
    return CompleteSafetyAssessment(by=WORKER, at=at(hours), form=safety_form(*yes, **change))


SIGN_SAFETY = ApproveSafetyAssessment(by=SUPERVISOR, at=at(40))
CHECKLIST = CompleteSafetyChecklist(
    by=WORKER, at=at(6), children=(ChildChecklist(child_id=ANNA, age=4, hazards=("poisons",), note=of(ANNA)),)
)


def risk_form(level: str = "low") -> RiskForm:
    return RiskForm.model_validate(
        {
            "tool": "initial-risk",
            "level": level,
            "strengths_and_needs": family(),
            "history": family(),
            "family_connections": family(),
            "stressors": family(),
            "caretaker_functioning": family(),
            "health_concerns": family(),
            "school_functioning": family(),
        }
    )


def assess_risk(level: str = "low") -> CompleteRiskAssessment:
    return CompleteRiskAssessment(by=WORKER, at=at(31), form=risk_form(level))


SIGN_RISK = ApproveRiskAssessment(by=SUPERVISOR, at=at(41))


def findings(finding: str = "unsubstantiated", **change: Any) -> MakeFindings:
    form = FindingsForm(
        determinations=(Determination(allegation="neglect", finding=finding, evidence=family()),),
        contacts=family(),
        observations=family(),
        statements=family(),
        collateral_contacts=family(),
        other_concerns=family("none"),
    )
    return MakeFindings(by=WORKER, at=at(32), form=form.model_copy(update=change))


def action(**change: Any) -> PlanAction:
    form = PlanAction(
        description=family("the uncle stays in the home at night"),
        immediate=True,
        accessible=True,
        no_promise=True,
        responsible_id=UNCLE,
        suitability=of(UNCLE, "steady, near, able"),
    )
    return form.model_copy(update=change)


def plan(**change: Any) -> CreateSafetyPlan:
    form = PlanForm(
        factors=(3,),
        actions=(action(),),
        in_effect_from=date(2026, 3, 3),
        in_effect_until=date(2026, 6, 3),
        monitoring=family("daily call"),
        monitor_id=UNCLE,
        monitor_capacity=of(UNCLE),
        child_remains_home=True,
        avoids_placement=False,
        family_meeting_id=UUID("01890000-0000-7000-8000-0000000000d1"),
    )
    return CreateSafetyPlan(by=WORKER, at=at(30), plan_id=PLAN, form=form.model_copy(update=change))


SIGNED_ON = date(2026, 3, 3)
SIGNATURES = (
    Signature(role="parent", person_id=MOTHER, signed_on=SIGNED_ON),
    Signature(role="responsible-party", person_id=UNCLE, signed_on=SIGNED_ON),
    Signature(role="caseworker", signed_on=SIGNED_ON),
)
ACTIVATE = ActivateSafetyPlan(
    by=WORKER,
    at=at(31),
    plan_id=PLAN,
    signatures=SIGNATURES,
    copies=("family", "responsible-parties", "case-record"),
)


def submit(disposition: str | None = "unsubstantiated") -> SubmitInvestigation:
    return SubmitInvestigation(by=WORKER, at=at(100), form=ReportForm(disposition=disposition, evidence=family()))


def approve(opens: bool = False, **change: Any) -> ApproveInvestigation:
    case = CaseDecision(opens=opens, basis="safety-factors", services=("therapeutic",))
    return ApproveInvestigation(by=SUPERVISOR, at=at(120), case=case.model_copy(update=change))


def acted(*commands: Any, past: tuple[InvestigationEvent, ...] = ()) -> tuple[InvestigationEvent, ...]:
    """The facts that these commands leave behind, one after another."""
    facts = list(past)
    for command in commands:
        facts += DECIDER.decide(command, DECIDER.fold(facts))
    return tuple(facts)


def opened(level: str = "3", **change: Any) -> tuple[InvestigationEvent, ...]:
    """The facts of an opened investigation; `change` is about the receipt."""
    return acted(learn(receipt(**change)), learn(screening(level)), learn(assignment()))


def after(*commands: Any, level: str = "3", **change: Any) -> Scenario:
    """An opened investigation in which these commands were carried out."""
    return Scenario(DECIDER).given(*acted(*commands, past=opened(level, **change)))


FIELD_WORK = (household(), contact(), interview(), HISTORY)
NOTHING_FOUND = (*FIELD_WORK, assess(), findings(), assess_risk())
FACTOR_FOUND = (*FIELD_WORK, assess(3), plan(), ACTIVATE, assess_risk())
SIGNED = (SIGN_SAFETY, SIGN_RISK)


def state(scenario: Scenario) -> Investigation:
    """The investigation as the scenario leaves it."""
    found: Investigation = scenario.state()
    return found


def codes(scenario: Scenario) -> set[str]:
    """The codes of the flags that stand."""
    return {flag.code for flag in state(scenario).flags}


def names(scenario: Scenario) -> list[str]:
    """The decided facts by name."""
    return [type(event).__name__ for event in scenario.decided()]


def by_another(command: Any, by: str) -> Any:
    """The same act by another person."""
    return replace(command, by=by)
