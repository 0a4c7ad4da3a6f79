"""What a report's stream remembers: `evolve` only remembers, it never decides."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID

from intake.answers import CompletedForm, ScreeningAnswers
from intake.content import Content
from intake.events import (
    AssignmentStaffed,
    CriteriaFormCompleted,
    IntakeEvent,
    LawEnforcementNotified,
    MaltreatmentSuspected,
    PolicyViolationRecordOpened,
    PriorReportsSearched,
    PriorReportsShared,
    ReportAmended,
    ReportAssigned,
    ReportEntered,
    ReportFlagged,
    ReportReceived,
    ReportScreened,
    ResponseLevelOverridden,
    ResponseLevelProposed,
    ScreenedOutReviewed,
    ScreeningReopened,
)
from intake.flag import Flag
from intake.vocabulary import Condition, Decision, Level

Status = Literal["received", "screened-in", "screened-out", "assigned"]


@dataclass(frozen=True)
class Search:
    """What was searched for earlier reports so far, and what was found."""

    family: bool = False
    children: frozenset[UUID] = frozenset()
    found: tuple[UUID, ...] = ()
    recently_substantiated: bool = False


@dataclass(frozen=True)
class Screening:
    decision: Decision
    level: Level
    by: str
    reviewed: bool = False


@dataclass(frozen=True)
class Assignment:
    worker_id: str
    fact: ReportAssigned
    staffed: bool


@dataclass(frozen=True)
class Report:
    """`worker_id` is who was assigned last; `assignment` is empty while the report must be assigned (again)."""

    report_id: UUID
    organisation: str | None
    entered_at: datetime
    content: Content
    late: bool = False
    policy_violation: bool = False
    suspicions: frozenset[tuple[UUID, str, str, datetime]] = frozenset()
    search: Search = Search()
    shared: frozenset[UUID] = frozenset()
    forms: tuple[CompletedForm, ...] = ()
    answers: ScreeningAnswers | None = None
    proposed: Level | None = None
    conditions: tuple[Condition, ...] = ()
    override: Level | None = None
    screening: Screening | None = None
    assignment: Assignment | None = None
    worker_id: str | None = None
    police_calls: frozenset[tuple[str, datetime]] = frozenset()
    exceptions: tuple[Flag, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def level(self) -> Level | None:
        """The level in force: as overridden, else as proposed."""
        return self.override or self.proposed

    @property
    def status(self) -> Status:
        if self.screening is None:
            return "received"
        return "assigned" if self.assignment else self.screening.decision


def evolve(report: Report | None, event: IntakeEvent) -> Report:
    """The report after one more fact."""
    if isinstance(event, ReportReceived):
        return Report(event.report_id, event.organisation, event.entered_at, event.content)
    assert report is not None, "a report's stream begins with its receipt"
    return _remember(report, event)


def _remember(report: Report, event: IntakeEvent) -> Report:
    match event:
        case ReportReceived():
            return report
        case ReportEntered():
            return replace(report, late=event.late)
        case ReportAmended():
            return replace(report, content=report.content.amended(event.changes, event.removed_people))
        case PolicyViolationRecordOpened():
            return replace(report, policy_violation=True)
        case MaltreatmentSuspected():
            suspicion = (event.child_id, event.staff_id, event.suspicion, event.suspected_at)
            return replace(report, suspicions=report.suspicions | {suspicion})
        case PriorReportsSearched():
            return replace(report, search=_searched(report.search, event))
        case PriorReportsShared():
            return replace(report, shared=report.shared | set(event.reports))
        case CriteriaFormCompleted():
            return replace(report, forms=(*report.forms, _form(event)))
        case ResponseLevelProposed():
            return _proposed(report, event)
        case ResponseLevelOverridden():
            return replace(report, override=event.to_level)
        case ReportScreened():
            screening = Screening(event.decision, event.level, event.by)
            return replace(report, screening=screening, exceptions=report.exceptions + event.exceptions)
        case ScreenedOutReviewed():
            return replace(report, screening=report.screening and replace(report.screening, reviewed=True))
        case ScreeningReopened():
            return replace(report, screening=None, assignment=None, override=None)
        case ReportAssigned():
            return _assigned(report, event)
        case AssignmentStaffed():
            return replace(report, assignment=report.assignment and replace(report.assignment, staffed=True))
        case LawEnforcementNotified():
            return replace(report, police_calls=report.police_calls | {(event.agency, event.called_at)})
        case ReportFlagged():
            return replace(report, flags=event.flags)
        case _:
            assert_never(event)


def _searched(search: Search, event: PriorReportsSearched) -> Search:
    found = dict.fromkeys((*search.found, *(report.report_id for report in event.found)))
    return Search(
        family=search.family or event.family,
        children=search.children | set(event.children),
        found=tuple(found),
        recently_substantiated=search.recently_substantiated or event.recently_substantiated,
    )


def _form(event: CriteriaFormCompleted) -> CompletedForm:
    return CompletedForm(event.form_version, frozenset(event.uses), frozenset(each.item for each in event.answers))


def _proposed(report: Report, event: ResponseLevelProposed) -> Report:
    override = report.override if event.level == report.proposed else None
    return replace(
        report,
        proposed=event.level,
        answers=event.answers or report.answers,
        conditions=event.immediate_response,
        override=override,
    )


def _assigned(report: Report, event: ReportAssigned) -> Report:
    assignment = Assignment(event.worker_id, event, event.staffed_at is not None)
    return replace(
        report,
        assignment=assignment,
        worker_id=event.worker_id,
        shared=report.shared if event.worker_id == report.worker_id else frozenset(),
        exceptions=report.exceptions + event.exceptions,
    )
