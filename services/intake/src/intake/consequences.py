"""What follows by rule from what a report says: the proposed level, special handling, a policy-violation record."""

from intake.content import Content
from intake.events import IntakeEvent, PolicyViolationRecordOpened, ResponseLevelProposed, ScreeningReopened
from intake.level import immediate_response, propose_level
from intake.state import Report


def consequences(report: Report, content: Content) -> list[IntakeEvent]:
    """What follows when `report` comes to say `content`."""
    events: list[IntakeEvent] = []
    if violates_policy(content) and not report.policy_violation:
        events.append(
            PolicyViolationRecordOpened(report_id=report.report_id, resource_home_id=content.resource_home_id)
        )
    reopened = report.screening is not None and content.in_custody and not report.content.in_custody
    if reopened:
        events.append(ScreeningReopened(report_id=report.report_id, cause="child-in-custody"))
    if reopened or report.screening is None:
        events += proposal(report, content)
    return events


def violates_policy(content: Content) -> bool:
    """Corporal punishment of a custody child in a resource home: a record of its own beside the report (R-INT-019)."""
    return content.in_custody and content.in_resource_home and "corporal-punishment" in content.allegations


def proposal(report: Report, content: Content) -> list[IntakeEvent]:
    """The level that the report proposes now, when it is another one than before."""
    if report.answers is None and not content.in_custody and report.proposed is None:
        return []
    level = propose_level(report.answers, content.in_custody)
    conditions = immediate_response(content, report.search.recently_substantiated)
    if (level, conditions) == (report.proposed, report.conditions):
        return []
    return [
        ResponseLevelProposed(
            report_id=report.report_id,
            county=content.county,
            level=level,
            answers=report.answers,
            special_handling=content.in_custody,
            immediate_response=conditions,
        )
    ]
