"""Screening: four questions, a proposed level, and the supervisor's decision."""

from events.decider import Rejected
from events.private import Private
from intake.answers import StandardForm
from intake.commands import (
    CompleteCriteriaForm,
    ReviewScreenedOut,
    ScreenReport,
)
from intake.content import narrative_owner, owned
from intake.earlier import searched
from intake.events import (
    CriteriaFormCompleted,
    IntakeEvent,
    ReportScreened,
    ScreenedOutReviewed,
    ScreeningReopened,
)
from intake.guards import reasoned
from intake.level import immediate_response
from intake.proposing import overridden_level
from intake.receiving import happened
from intake.state import Report, Screening
from intake.vocabulary import Level


def complete_form(command: CompleteCriteriaForm, report: Report) -> list[IntakeEvent]:
    owner = narrative_owner(report.report_id, report.content)
    return [
        CriteriaFormCompleted(
            report_id=report.report_id,
            form_version=command.version,
            uses=command.uses,
            answers=tuple(each.model_copy(update={"answer": owned(each.answer, owner)}) for each in command.answers),
            by=command.by,
        )
    ]


def screen(command: ScreenReport, report: Report) -> list[IntakeEvent]:
    happened(command.screened_at, command.at, "screenedAt")
    exceptions = searched(report, already_decided=command.screened_at < command.at)
    _answered(report)
    version = _form_completed(command.form, report)
    immediate = _recorded(command.immediate_response_needed, "immediateResponseNeeded", "003:2067")
    police = _recorded(command.law_enforcement_referral_needed, "lawEnforcementReferralNeeded", "003:2068")
    level, overridden = _level(command, report)
    _fits(command, level)
    danger = {"yes": True, "no": False}.get(report.content.present_danger or "")
    screened = ReportScreened(
        report_id=report.report_id,
        county=report.content.county,
        decision=command.decision,
        level=level,
        present_danger=danger,
        immediate_response=immediate_response(report.content, report.search.recently_substantiated),
        immediate_response_needed=immediate,
        law_enforcement_referral_needed=police,
        criteria_version=version,
        reason=_text(command.reason, report),
        referred_to=_text(command.referred_to, report),
        exceptions=exceptions,
        by=command.by,
        screened_at=command.screened_at,
    )
    return [*overridden, screened]


def review(command: ReviewScreenedOut, report: Report, screening: Screening) -> list[IntakeEvent]:
    if screening.reviewed:
        raise Rejected("already-reviewed", "the screened-out report was reviewed before", rule="R-INT-013")
    if command.another_person and command.by == screening.by:
        raise Rejected("own-screening", "another person reviews the screening", rule="R-INT-013", source="003:2017")
    reason = command.reason if command.agreed else reasoned(command.reason, "R-INT-013", "003:2017")
    reviewed = ScreenedOutReviewed(
        report_id=report.report_id,
        county=report.content.county,
        agreed=command.agreed,
        reason=_text(reason, report),
        by=command.by,
    )
    if command.agreed:
        return [reviewed]
    return [reviewed, ScreeningReopened(report_id=report.report_id, cause="review-disagreed")]


def _answered(report: Report) -> None:
    if report.answers is None:
        raise Rejected(
            "screening-questions-not-answered",
            "answer the four screening questions first",
            rule="R-INT-006",
            source="003:1877 003:1879 003:1880 003:1881 003:1882",
        )


def _form_completed(form: StandardForm, report: Report) -> str | None:
    """Which version of the criteria form was answered; only custody reports need it (R-INT-012)."""
    if not report.content.in_custody:
        return None
    screening, priority = (form.completed(report.forms, use) for use in ("screening", "priority"))
    if screening is None or priority is None:
        raise Rejected(
            "criteria-form-incomplete",
            "a custody report needs the current criteria form, every item answered, for screening and for priority",
            rule="R-INT-012",
            source="003:2174",
        )
    return screening.version


def _recorded(answer: bool | None, field: str, source: str) -> bool:
    if answer is None:
        raise Rejected(
            "yes-or-no-missing", "the supervisor records yes or no", rule="R-INT-017", source=source, field=field
        )
    return answer


def _level(command: ScreenReport, report: Report) -> tuple[Level, list[IntakeEvent]]:
    """The level that takes effect, with the override that the screening itself makes."""
    wanted = "1" if command.decision == "screened-out" else command.new_level
    if wanted is not None and wanted != report.level:
        return wanted, [overridden_level(report, wanted, command.reason, command.by)]
    if report.level is None:
        raise Rejected(
            "no-level-proposed",
            "the answers propose no level: choose one with a written reason",
            rule="R-INT-010",
            source="003:1884",
            field="newLevel",
        )
    if report.override is None and command.agrees is not True:
        raise Rejected(
            "level-not-agreed",
            "agree with the proposed level or override it with a reason",
            rule="R-INT-016",
            source="003:2065",
            field="agrees",
        )
    return report.level, []


def _fits(command: ScreenReport, level: Level) -> None:
    if command.decision == "screened-in" and level == "1":
        raise Rejected(
            "level-1-is-screened-out",
            "a level 1 report is screened out; override the level to screen it in",
            rule="R-INT-007",
            source="003:1884",
            field="newLevel",
        )
    if command.decision == "screened-out" and command.new_level in ("2", "3"):
        raise Rejected(
            "level-contradicts-decision",
            "a report of level 2 or 3 is screened in",
            rule="R-INT-016",
            source="003:2065",
            field="newLevel",
        )


def _text(text: Private[str] | None, report: Report) -> Private[str] | None:
    return owned(text, narrative_owner(report.report_id, report.content)) if text else None
