"""Opening: what is learned of the report, in any order, opens the investigation once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from investigation.commands import LearnOfReport
from investigation.events import (
    InvestigationEvent,
    InvestigationOpened,
    InvestigatorChanged,
    ReportAssignmentLearned,
    ReportReceiptLearned,
    ReportScreeningLearned,
)
from investigation.forms import Moment
from investigation.guards import about
from investigation.state import Investigation, evolve, known

INVESTIGATED = ("2", "3")
F = TypeVar("F", ReportReceiptLearned, ReportScreeningLearned, ReportAssignmentLearned)


def learn(command: LearnOfReport, state: Investigation | None) -> list[InvestigationEvent]:
    """Remember what is new, then open, or change the worker, if that follows."""
    fact = command.fact
    if _stale(fact, known(state)):
        return []
    after = evolve(state, fact)
    return [fact, *(_reassigned(fact, after) if after.opened else _opening(command.investigation_id, after))]


def _stale(
    fact: ReportReceiptLearned | ReportScreeningLearned | ReportAssignmentLearned, before: Investigation
) -> bool:
    match fact:
        case ReportReceiptLearned():
            return _outdated(fact, before.receipt, _recorded_last)
        case ReportScreeningLearned():
            return _outdated(fact, before.screening, _happened_last)
        case ReportAssignmentLearned():
            return _outdated(fact, before.assignment, _happened_last)


def _outdated(fact: F, before: F | None, rank: Callable[[Moment], Any]) -> bool:
    """Of two facts of one rank the one that arrives last counts; intake keeps the order within a report."""
    return before is not None and (fact == before or rank(fact.moment) < rank(before.moment))


def _happened_last(moment: Moment) -> tuple[datetime, datetime]:
    return moment.at, moment.recorded_at


def _recorded_last(moment: Moment) -> datetime:
    """A correction replaces what was known, whenever the corrected thing happened."""
    return moment.recorded_at


def _opening(investigation_id: UUID, after: Investigation) -> list[InvestigationEvent]:
    receipt, screening, assignment = after.receipt, after.screening, after.assignment
    if receipt is None or screening is None or assignment is None:
        return []
    if not screening.screened_in or screening.level not in INVESTIGATED:
        return []
    return [
        InvestigationOpened(
            investigation_id=investigation_id,
            report_id=receipt.report_id,
            county=assignment.county,
            worker_id=assignment.worker_id,
            at=assignment.moment.at,
            level=screening.level,
            child_in_custody=receipt.child_in_custody,
            child_ids=receipt.child_ids,
        )
    ]


def _reassigned(fact: object, after: Investigation) -> list[InvestigationEvent]:
    if not isinstance(fact, ReportAssignmentLearned) or fact.worker_id == after.worker_id:
        return []
    return [InvestigatorChanged(**about(after) | {"worker_id": fact.worker_id}, at=fact.moment.at)]
