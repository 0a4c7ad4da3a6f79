"""Where a report lies, who is assigned to it, and whose hotline took it: what the caller's rights are held against."""

from events.authority import Subject
from intake.guards import known
from intake.state import Report


def whose(report: Report | None) -> Subject:
    """The subject of a report. Raises Rejected (404) when there is none."""
    report = known(report)
    assigned = frozenset({report.worker_id} if report.worker_id else ())
    return Subject(county=report.content.county, assigned=assigned, organisation=report.organisation)
