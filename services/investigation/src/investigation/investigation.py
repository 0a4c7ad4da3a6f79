"""The rules of an investigation, as a table of contents."""

from typing import assert_never

from events.decider import Decider
from investigation import conclusion, contacts, findings, opening, risk_assessment, safety_assessment, safety_plan
from investigation.commands import (
    ActivateSafetyPlan,
    ApproveInvestigation,
    ApproveRiskAssessment,
    ApproveSafetyAssessment,
    CompleteRiskAssessment,
    CompleteSafetyAssessment,
    CompleteSafetyChecklist,
    CreateSafetyPlan,
    InvestigationCommand,
    LearnOfReport,
    MakeFindings,
    RecordContact,
    RecordHousehold,
    RecordInterview,
    RecordYouthCourtDecision,
    ReturnInvestigation,
    ReturnRiskAssessment,
    ReturnSafetyAssessment,
    ReviewHistory,
    SubmitInvestigation,
)
from investigation.events import FlagsChanged, InvestigationEvent
from investigation.flags import flags
from investigation.guards import unapproved, under_way
from investigation.state import Investigation, evolve

HAPPENED = (RecordContact, RecordInterview, ReviewHistory)


def decide(command: InvestigationCommand, state: Investigation | None) -> list[InvestigationEvent]:
    """What happens, and the flags when they change by it."""
    if isinstance(command, LearnOfReport):
        return opening.learn(command, state)
    now = under_way(state) if isinstance(command, HAPPENED) else unapproved(state)
    events = act(command, now)
    after = DECIDER.fold(events, now)
    assert after is not None
    raised = flags(after)
    return [*events, FlagsChanged(flags=raised)] if raised != now.flags else events


def act(command: InvestigationCommand, now: Investigation) -> list[InvestigationEvent]:
    match command:
        case LearnOfReport():
            return opening.learn(command, now)
        case RecordContact():
            return contacts.record_contact(command, now)
        case RecordInterview():
            return contacts.record_interview(command, now)
        case RecordHousehold():
            return contacts.record_household(command, now)
        case ReviewHistory():
            return contacts.review_history(command, now)
        case CompleteSafetyAssessment():
            return safety_assessment.complete(command, now)
        case ApproveSafetyAssessment():
            return safety_assessment.approve(command, now)
        case ReturnSafetyAssessment():
            return safety_assessment.return_for_work(command, now)
        case CompleteSafetyChecklist():
            return safety_assessment.complete_checklist(command, now)
        case CompleteRiskAssessment():
            return risk_assessment.complete(command, now)
        case ApproveRiskAssessment():
            return risk_assessment.approve(command, now)
        case ReturnRiskAssessment():
            return risk_assessment.return_for_work(command, now)
        case MakeFindings():
            return findings.make(command, now)
        case CreateSafetyPlan():
            return safety_plan.create(command, now)
        case RecordYouthCourtDecision():
            return safety_plan.record_court_decision(command, now)
        case ActivateSafetyPlan():
            return safety_plan.activate(command, now)
        case SubmitInvestigation():
            return conclusion.submit(command, now)
        case ReturnInvestigation():
            return conclusion.send_back(command, now)
        case ApproveInvestigation():
            return conclusion.approve(command, now)
        case _:
            assert_never(command)


DECIDER: Decider[InvestigationCommand, Investigation | None, InvestigationEvent] = Decider(
    "investigation", decide, evolve, initial=None
)
