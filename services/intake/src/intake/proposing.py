"""The answers to the four questions, the level they propose, and the supervisor's override of it."""

from events.decider import Rejected
from events.private import Private
from intake.commands import AnswerScreeningQuestions, OverrideLevel
from intake.content import narrative_owner, owned
from intake.events import IntakeEvent, ResponseLevelOverridden, ResponseLevelProposed
from intake.guards import reasoned
from intake.level import immediate_response, propose_level
from intake.state import Report
from intake.vocabulary import Level


def answer(command: AnswerScreeningQuestions, report: Report) -> list[IntakeEvent]:
    custody = report.content.in_custody
    proposed = ResponseLevelProposed(
        report_id=report.report_id,
        county=report.content.county,
        level=propose_level(command.answers, custody),
        answers=command.answers,
        special_handling=custody,
        immediate_response=immediate_response(report.content, report.search.recently_substantiated),
    )
    before = (report.proposed, report.answers, report.conditions)
    return [proposed] if before != (proposed.level, proposed.answers, proposed.immediate_response) else []


def override(command: OverrideLevel, report: Report) -> list[IntakeEvent]:
    if command.to_level == report.level:
        return []
    return [overridden_level(report, command.to_level, command.reason, command.by)]


def overridden_level(report: Report, to_level: Level, reason: Private[str] | None, by: str) -> ResponseLevelOverridden:
    if report.content.in_custody and to_level == "2":
        raise Rejected(
            "custody-report-is-level-3", "a custody report is level 3", rule="R-INT-011", source="003:1873 003:2254"
        )
    rule = "R-INT-016" if report.level else "R-INT-010"
    given = reasoned(reason, rule, "003:2065 003:1884")
    owner = narrative_owner(report.report_id, report.content)
    return ResponseLevelOverridden(
        report_id=report.report_id,
        county=report.content.county,
        from_level=report.level,
        to_level=to_level,
        reason=owned(given, owner),
        by=by,
    )
