"""Invented reports for given-when-then: the facts that come before, and commands with everything in order."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from events.ids import derived
from events.private import Private
from events.testing import EPOCH, KEY, Scenario
from intake.answers import CriterionAnswer, ScreeningAnswers, StandardForm
from intake.commands import (
    AmendReport,
    AnswerScreeningQuestions,
    AssignReport,
    Command,
    CompleteCriteriaForm,
    ReceiveReport,
    ScreenReport,
    SearchPriorReports,
)
from intake.content import Content, Person
from intake.report import DECIDER
from intake.vocabulary import Danger, Decision, Level

REPORT = KEY
CALL, ENTRY = EPOCH, EPOCH + timedelta(minutes=10)
CHILD, MOTHER, CALLER, UNCLE = (derived("person", name) for name in ("child", "mother", "caller", "uncle"))
EARLIER = derived("report", "earlier")
HOME = derived("home", "maple")
DESK, SAM, WILMA, RITA = "hotline-desk", "sam-supervisor", "wilma-worker", "rita-director"


def text(value: str, person: UUID = CHILD) -> Private[str]:
    """A private text in the clear."""
    return Private(person, value)


def person(id: UUID, *roles: Any, **more: Any) -> Person:
    """A person of the report with a name."""
    return Person(person_id=id, roles=roles, name=text(f"name of {id}", id), **more)


PEOPLE = (
    person(CHILD, "victim", "household-member", age=text("7"), relationship=text("son"), allegations=("abuse",)),
    person(MOTHER, "household-member", relationship=text("mother", MOTHER)),
    person(UNCLE, "alleged-perpetrator", relationship=text("uncle", UNCLE)),
    person(CALLER, "complainant", contact=text("555 0100", CALLER)),
)
COMPLETE = Content(
    received_at=CALL,
    channel="phone",
    county="Alder",
    reporter_type="mandated",
    people=PEOPLE,
    allegation_summary=text("what the caller said"),
    locations=text("with the mother"),
    felony_ground="none",
    setting="own-home",
    extent=text("twice last week"),
    vulnerability=text("small for the age"),
    child_whereabouts=text("at school"),
    perpetrator_whereabouts=text("at work"),
    present_danger="no",
    child_under_two="no",
    child_in_custody="no",
    tribal_membership="not-yet-known",
)


def content(**changes: Any) -> Content:
    """A complete report, with these fields other than usual."""
    return COMPLETE.model_copy(update=changes)


def custody(**changes: Any) -> Content:
    """A complete report about a child in custody who lives in a resource home."""
    return content(**{"child_in_custody": "yes", "setting": "resource-home", "resource_home_id": HOME, **changes})


def receive(what: Content = COMPLETE, tolerance: timedelta | None = None, at: datetime = ENTRY) -> ReceiveReport:
    return ReceiveReport(REPORT, what, "hotline", tolerance, by=DESK, at=at)


def amend(*removed: UUID, **changes: Any) -> AmendReport:
    return AmendReport(Content(**changes), removed, by=DESK, at=ENTRY + timedelta(minutes=1))


SEARCH = SearchPriorReports(family=True, children=(CHILD,), found=(), window=None, by=DESK, at=ENTRY)
FORM = CompleteCriteriaForm(
    version="2",
    uses=("screening", "priority"),
    answers=(CriterionAnswer(item="1", answer=text("yes")),),
    by=SAM,
    at=ENTRY,
)
STANDARD = StandardForm("2", frozenset({"1"}))


def answers(
    family: bool = True, parent: bool = True, definition: bool = True, danger: Danger = "no"
) -> ScreeningAnswers:
    return ScreeningAnswers(
        family_can_be_found=family, perpetrator_is_parent=parent, meets_definition=definition, imminent_danger=danger
    )


def answer(given: ScreeningAnswers | None = None) -> AnswerScreeningQuestions:
    return AnswerScreeningQuestions(given or answers(), by=SAM, at=ENTRY)


def screen(decision: Decision = "screened-in", **changes: Any) -> ScreenReport:
    """A screening with everything recorded, in agreement with the proposal."""
    usual = ScreenReport(
        decision=decision,
        agrees=True,
        new_level=None,
        reason=None,
        referred_to=None,
        immediate_response_needed=False,
        law_enforcement_referral_needed=False,
        form=STANDARD,
        screened_at=ENTRY,
        by=SAM,
        at=ENTRY,
    )
    return replace(usual, **changes)


def assign(worker: str = WILMA, **changes: Any) -> AssignReport:
    """An assignment with everything recorded, by a supervisor."""
    usual = AssignReport(
        worker_id=worker,
        roles=frozenset({"supervisor"}),
        staffed_at=ENTRY,
        prior_reports=None,
        custody_trained=None,
        case_tie=None,
        licensed_the_home=None,
        accompanied_by=None,
        assigned_at=ENTRY,
        by=SAM,
        at=ENTRY,
    )
    return replace(usual, **changes)


def custody_assign(worker: str = WILMA, **changes: Any) -> AssignReport:
    """An assignment of a custody report by the Regional Director to a worker who may take it."""
    usual = {
        "roles": frozenset({"regional-director"}),
        "custody_trained": True,
        "case_tie": False,
        "licensed_the_home": False,
        "by": RITA,
    }
    return assign(worker, **(usual | changes))


def after(*commands: Command) -> Scenario:
    """The scenario in which these commands have been carried out, one after the other."""
    scenario = Scenario(DECIDER)
    for command in commands:
        scenario = scenario.given(*scenario.when(command).decided())
    return scenario


def proposed(what: Content = COMPLETE, given: ScreeningAnswers | None = None) -> Scenario:
    """A report received, searched, its criteria form completed and its questions answered."""
    return after(receive(what), SEARCH, FORM, answer(given))


def screened(what: Content = COMPLETE, level: Level = "2") -> Scenario:
    """A report screened in, in agreement with the proposal."""
    scenario = proposed(what, answers(danger="yes" if level == "3" else "no"))
    return scenario.given(*scenario.when(screen()).decided())
