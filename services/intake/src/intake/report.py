"""Every rule of a report by command: the table of contents of intake."""

from functools import reduce
from typing import assert_never

from events.decider import Decider
from intake.assignment import assign, call_police, staff
from intake.commands import (
    AmendReport,
    AnswerScreeningQuestions,
    AssignReport,
    Command,
    CompleteCriteriaForm,
    OverrideLevel,
    ReceiveReport,
    RecordPoliceCall,
    RecordSuspicion,
    ReviewScreenedOut,
    ScreenReport,
    SearchPriorReports,
    SharePriorReports,
    StaffAssignment,
)
from intake.earlier import search, share
from intake.events import IntakeEvent, ReportFlagged
from intake.flags import flags_of
from intake.guards import assigned, awaiting_screening, known, screened_in, screened_out
from intake.proposing import answer, override
from intake.receiving import amend, receive, suspect
from intake.screening import complete_form, review, screen
from intake.state import Report, evolve


def decide(command: Command, report: Report | None) -> list[IntakeEvent]:
    """What the command leads to, and the flags that stand afterwards when they are other ones than before."""
    events = _decide(command, report)
    after = reduce(evolve, events, report)
    if after is None or not events or flags_of(after) == after.flags:
        return events
    return [*events, ReportFlagged(report_id=after.report_id, flags=flags_of(after))]


def _decide(command: Command, report: Report | None) -> list[IntakeEvent]:
    match command:
        case ReceiveReport():
            return receive(command, report)
        case AmendReport():
            return amend(command, known(report))
        case RecordSuspicion():
            return suspect(command, report)
        case SearchPriorReports():
            return search(command, known(report))
        case SharePriorReports():
            return share(command, *assigned(report))
        case CompleteCriteriaForm():
            return complete_form(command, known(report))
        case AnswerScreeningQuestions():
            return answer(command, awaiting_screening(report))
        case OverrideLevel():
            return override(command, awaiting_screening(report))
        case ScreenReport():
            return screen(command, awaiting_screening(report))
        case ReviewScreenedOut():
            return review(command, *screened_out(report))
        case AssignReport():
            return assign(command, *screened_in(report))
        case StaffAssignment():
            return staff(command, *assigned(report))
        case RecordPoliceCall():
            return call_police(command, known(report))
        case _:
            assert_never(command)


DECIDER: Decider[Command, Report | None, IntakeEvent] = Decider("report", decide, evolve, initial=None)
