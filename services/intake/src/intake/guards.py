"""Guards return what they prove, or refuse."""

from events.decider import Rejected
from events.private import Private
from intake.state import Assignment, Report, Screening


def known(report: Report | None) -> Report:
    if report is None:
        raise Rejected("report-not-found", "there is no such report", status=404)
    return report


def awaiting_screening(report: Report | None) -> Report:
    report = known(report)
    if report.screening is not None:
        raise Rejected("report-already-screened", f"the report was {report.screening.decision}", source="003:2056")
    return report


def screened_in(report: Report | None) -> tuple[Report, Screening]:
    report = known(report)
    if report.screening is None or report.screening.decision != "screened-in":
        raise Rejected(
            "report-not-screened-in", "only a screened-in report is assigned", rule="R-INT-015", source="003:2066"
        )
    return report, report.screening


def screened_out(report: Report | None) -> tuple[Report, Screening]:
    report = known(report)
    if report.screening is None or report.screening.decision != "screened-out":
        raise Rejected("report-not-screened-out", "the report is not screened out", rule="R-INT-013", source="003:2017")
    return report, report.screening


def assigned(report: Report | None) -> tuple[Report, Assignment]:
    report = known(report)
    if report.assignment is None:
        raise Rejected(
            "report-not-assigned", "the report is not assigned to a worker", rule="R-INT-022", source="003:2066"
        )
    return report, report.assignment


def reasoned(reason: Private[str] | None, rule: str, source: str) -> Private[str]:
    if reason is None or not (reason.value or "").strip():
        raise Rejected("reason-missing", "a written reason is required", rule=rule, source=source, field="reason")
    return reason
