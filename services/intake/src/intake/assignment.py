"""Assigning a screened-in report to the worker who investigates it."""

from events.decider import Rejected
from intake.commands import AssignReport, RecordPoliceCall, StaffAssignment
from intake.content import narrative_owner, owned
from intake.earlier import shared
from intake.events import (
    AssignmentStaffed,
    IntakeEvent,
    LawEnforcementNotified,
    ReportAssigned,
)
from intake.flag import Flag
from intake.receiving import happened
from intake.state import Assignment, Report, Screening
from intake.vocabulary import Assigner


def assigner(report: Report) -> Assigner:
    """Who assigns: a full investigation of a resource-home report is the Regional Director's (R-INV-004)."""
    return "regional-director" if report.content.in_resource_home and report.level == "3" else "supervisor"


def assign(command: AssignReport, report: Report, screening: Screening) -> list[IntakeEvent]:
    happened(command.assigned_at, command.at, "assignedAt")
    happened(command.staffed_at, command.at, "staffedAt")
    if report.assignment and report.assignment.worker_id == command.worker_id:
        raise Rejected("already-assigned", "the report is assigned to this worker already", source="003:2066")
    entitled = _entitled(command, report)
    exceptions = _qualified(command, report)
    found, chosen = report.search.found, command.prior_reports
    attached = tuple(each for each in found if chosen is None or each in chosen)
    no_home = False if not report.content.in_resource_home else None
    assigned = ReportAssigned(
        report_id=report.report_id,
        county=_county(report),
        worker_id=command.worker_id,
        level=screening.level,
        by=command.by,
        assigner=entitled,
        staffed_at=command.staffed_at,
        prior_reports=attached,
        custody_trained=command.custody_trained,
        case_tie=command.case_tie,
        licensed_the_home=no_home if command.licensed_the_home is None else command.licensed_the_home,
        accompanied_by=command.accompanied_by,
        exceptions=exceptions,
        assigned_at=command.assigned_at,
    )
    if not attached:
        return [assigned]
    return [assigned, shared(report, command.worker_id, attached, command.by, command.assigned_at)]


def staff(command: StaffAssignment, report: Report, assignment: Assignment) -> list[IntakeEvent]:
    happened(command.staffed_at, command.at, "staffedAt")
    if assignment.staffed:
        return []
    return [
        AssignmentStaffed(
            report_id=report.report_id,
            worker_id=assignment.worker_id,
            staffed_at=command.staffed_at,
            by=command.by,
        )
    ]


def call_police(command: RecordPoliceCall, report: Report) -> list[IntakeEvent]:
    happened(command.called_at, command.at, "calledAt")
    if (command.agency, command.called_at) in report.police_calls:
        return []
    owner = narrative_owner(report.report_id, report.content)
    return [
        LawEnforcementNotified(
            report_id=report.report_id,
            county=report.content.county,
            ground=report.content.felony_ground,
            agency=command.agency,
            jurisdiction=command.jurisdiction,
            place=command.place and owned(command.place, owner),
            told=command.told and owned(command.told, owner),
            supervisor_received_at=command.supervisor_received_at,
            called_at=command.called_at,
            by=command.by,
        )
    ]


def _county(report: Report) -> str:
    if report.content.county is None:
        raise Rejected(
            "county-missing",
            "say first in which county the report began",
            rule="F-INT-04",
            source="003:1987",
            field="county",
        )
    return report.content.county


def _entitled(command: AssignReport, report: Report) -> Assigner:
    needed = assigner(report)
    if needed in command.roles:
        return needed
    if needed == "regional-director":
        raise Rejected(
            "regional-director-assigns",
            "the Regional Director of the county where the report began assigns a resource-home report",
            rule="R-INV-004 R-INT-015",
            source="003:1987",
            status=403,
        )
    raise Rejected(
        "supervisor-assigns", "only a supervisor assigns a report", rule="R-INT-015", source="003:2056", status=403
    )


REFUSALS = {
    "custody-training-missing": ("R-INV-001", "the worker has not completed the out-of-home investigation training"),
    "case-tie": ("R-INV-002", "the worker is, or may be, connected to the child's foster care case"),
    "licensed-the-home": ("R-INV-003", "the worker licensed the home, or it is not recorded who did"),
}


def _qualified(command: AssignReport, report: Report) -> tuple[Flag, ...]:
    """The gate custody-investigator-qualified; an assignment already made before its entry is accepted with exceptions."""
    failed = _disqualifications(command, report)
    if command.assigned_at < command.at:
        return tuple(Flag(code=code, rule=REFUSALS[code][0], severity="exception") for code in failed)
    for code in failed:
        rule, detail = REFUSALS[code]
        raise Rejected(
            code, detail, rule=f"{rule} custody-investigator-qualified.policy-2009", source="003:2236 003:1987"
        )
    return ()


def _disqualifications(command: AssignReport, report: Report) -> list[str]:
    custody, home = report.content.in_custody, report.content.in_resource_home
    failed = []
    if custody and command.custody_trained is not True:
        failed.append("custody-training-missing")
    if custody and command.case_tie is not False:
        failed.append("case-tie")
    if home and command.licensed_the_home is not False:
        failed.append("licensed-the-home")
    return failed
