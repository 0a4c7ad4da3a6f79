"""Receiving a report and completing it: never refused for a missing field."""

from datetime import datetime, timedelta

from events.decider import Rejected
from intake.commands import AmendReport, ReceiveReport, RecordSuspicion
from intake.consequences import consequences
from intake.content import Content, narrative_owner
from intake.events import IntakeEvent, MaltreatmentSuspected, ReportAmended, ReportEntered, ReportReceived
from intake.outline import outline
from intake.state import Report
from intake.vulnerable import young_or_handicapped

SKEW = timedelta(minutes=5)


def receive(command: ReceiveReport, report: Report | None) -> list[IntakeEvent]:
    if report is not None:
        raise Rejected("report-already-received", "a report with this id was received before")
    happened(command.content.received_at, command.at, "receivedAt")
    content = _entered(command.content, Report(command.report_id, None, command.at, Content()))
    fresh = Report(command.report_id, command.organisation, command.at, content)
    received = ReportReceived(
        report_id=command.report_id, content=content, organisation=command.organisation, entered_at=command.at
    )
    entry = ReportEntered(
        report_id=command.report_id,
        county=content.county,
        entered_at=command.at,
        entered_by=command.by,
        late=_late(content.received_at, command.at, command.tolerance),
    )
    return [received, entry, *consequences(fresh, content)]


def amend(command: AmendReport, report: Report) -> list[IntakeEvent]:
    if command.changes == Content() and not command.removed_people:
        return []
    happened(command.changes.received_at, command.at, "receivedAt")
    changes = _entered(command.changes, report)
    content = report.content.amended(changes, command.removed_people)
    amendment = ReportAmended(
        report_id=report.report_id,
        changes=changes,
        removed_people=command.removed_people,
        by=command.by,
        outline=outline(content, report.entered_at),
    )
    return [amendment, *consequences(report, content)]


def suspect(command: RecordSuspicion, report: Report | None) -> list[IntakeEvent]:
    if report is None:
        raise Rejected(
            "formal-report-required",
            "a suspicion is recorded with a formal report, never as a policy violation alone",
            rule="R-INT-014",
            source="003:1987",
        )
    happened(command.suspected_at, command.at, "suspectedAt")
    if (command.child_id, command.by, command.suspicion, command.suspected_at) in report.suspicions:
        return []
    suspicion = MaltreatmentSuspected(
        report_id=report.report_id,
        county=report.content.county,
        child_id=command.child_id,
        staff_id=command.by,
        suspicion=command.suspicion,
        suspected_at=command.suspected_at,
    )
    return [suspicion]


def happened(when: datetime | None, now: datetime, field: str) -> None:
    """Refuse a time that lies ahead by more than clocks may differ."""
    if when is not None and when > now + SKEW:
        raise Rejected("time-in-future", "this cannot have happened yet", field=field, source="two times", status=422)


def _entered(content: Content, report: Report) -> Content:
    """The fields as they are stored: narratives belong to the first victim, vulnerability is concluded once."""
    owner = narrative_owner(report.report_id, report.content.amended(content))
    vulnerable = young_or_handicapped(content, report.content.young_or_handicapped, report.entered_at.date())
    return content.model_copy(update={"young_or_handicapped": vulnerable}).owned_by(owner)


def _late(received_at: datetime | None, entered_at: datetime, tolerance: timedelta | None) -> bool:
    if received_at is None or tolerance is None:
        return False
    return entered_at - received_at > tolerance
