"""Earlier reports: the search before screening, and giving what was found to the investigator."""

from datetime import datetime
from uuid import UUID

from events.decider import Rejected
from intake.commands import SearchPriorReports, SharePriorReports
from intake.consequences import proposal
from intake.content import narrative_owner
from intake.events import IntakeEvent, PriorReportsSearched, PriorReportsShared
from intake.flag import Flag
from intake.prior import recently_substantiated
from intake.state import Assignment, Report, evolve


def search(command: SearchPriorReports, report: Report) -> list[IntakeEvent]:
    owner = narrative_owner(report.report_id, report.content)
    searched = PriorReportsSearched(
        report_id=report.report_id,
        county=report.content.county,
        family=command.family,
        children=command.children,
        found=tuple(found.owned_by(owner) for found in command.found),
        recently_substantiated=recently_substantiated(command.found, command.at.date(), command.window),
        searched_by=command.by,
        searched_at=command.at,
    )
    after = evolve(report, searched)
    follows = proposal(after, after.content) if report.screening is None else []
    return [searched, *follows]


def share(command: SharePriorReports, report: Report, assignment: Assignment) -> list[IntakeEvent]:
    missing = tuple(found for found in report.search.found if found not in report.shared)
    return [shared(report, assignment.worker_id, missing, command.by, command.at)] if missing else []


def shared(report: Report, worker_id: str, reports: tuple[UUID, ...], by: str, at: datetime) -> PriorReportsShared:
    return PriorReportsShared(
        report_id=report.report_id,
        county=report.content.county,
        worker_id=worker_id,
        reports=reports,
        by=by,
        shared_at=at,
    )


def searched(report: Report, already_decided: bool) -> tuple[Flag, ...]:
    """The gate prior-reports-searched.settlement (R-INT-004): the family and every child named were searched.

    A decision that was already taken before it was entered is accepted, with an exception of the highest level.
    """
    if report.search.family and report.search.children >= set(report.content.victims):
        return ()
    if already_decided:
        return (Flag(code="screened-without-prior-search", rule="R-INT-004", severity="exception"),)
    raise Rejected(
        "prior-reports-not-searched",
        "search for earlier reports on the family and on each child named first",
        rule="R-INT-004 prior-reports-searched.settlement",
        source="003:2183",
    )
