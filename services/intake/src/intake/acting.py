"""One POST for each act on a report."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from events.authority import Subject
from events.call import Answer, Call, Caller
from events.private import Private
from events.recorded import Recorded
from intake import commands, queries
from intake.assignment import assigner
from intake.bodies import decisions as bodies
from intake.commands import Command
from intake.guards import known
from intake.prior import PriorReport
from intake.reading import recalled
from intake.report import DECIDER
from intake.settings import IntakeSettings
from intake.state import Report
from intake.vocabulary import Assigner
from intake.whose import whose

ASSIGN: dict[Assigner, str] = {"supervisor": "report.assign", "regional-director": "report.assign-resource-home"}


async def do(call: Caller, report_id: UUID, command: Command, action: str) -> Answer:
    """Run one command on one report."""
    return await call.handle(DECIDER, report_id, command, action=action, subject=whose)


def acts(call: Caller) -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": call.actor.id, "at": call.now}


def policy(call: Caller) -> IntakeSettings:
    """What the agency decided."""
    settings: IntakeSettings = call.runtime.settings
    return settings


def text(report_id: UUID, value: str | None) -> Private[str] | None:
    """A narrative; the rules say later whose it is."""
    return Private(report_id, value) if value else None


def searching(router: APIRouter) -> None:
    """Add the search for earlier reports, their sharing, suspicions, and the call to the police."""

    @router.post("/{report_id}/prior-search")
    async def search_prior_reports(report_id: UUID, body: bodies.PriorSearchBody, call: Call) -> Answer:
        """Record a search for earlier reports; the index of names is searched with it."""
        _, report = await recalled(call, report_id, "report.search-prior")
        found = await _found(call, report, body)
        command = commands.SearchPriorReports(body.family, body.children, found, policy(call).window, **acts(call))
        return await do(call, report_id, command, "report.search-prior")

    @router.post("/{report_id}/prior-reports-sharing")
    async def share_prior_reports(report_id: UUID, call: Call) -> Answer:
        """Give the assigned investigator the earlier reports that were found meanwhile."""
        action, _ = await _assigning(call, report_id)
        return await do(call, report_id, commands.SharePriorReports(**acts(call)), action)

    @router.post("/{report_id}/suspicions")
    async def record_suspicion(report_id: UUID, body: bodies.SuspicionBody, call: Call) -> Answer:
        """Record the caller's suspicion with the formal report that it led to."""
        command = commands.RecordSuspicion(**dict(body), **acts(call))
        return await call.handle(
            DECIDER,
            report_id,
            command,
            action="report.receive",
            subject=lambda report: whose(report) if report else Subject(),
        )

    @router.post("/{report_id}/police-call")
    async def record_police_call(report_id: UUID, body: bodies.PoliceCallBody, call: Call) -> Answer:
        """Record the call to the law enforcement agency."""
        texts = {"place": text(report_id, body.place), "told": text(report_id, body.told)}
        command = commands.RecordPoliceCall(**dict(body) | texts, **acts(call))
        return await do(call, report_id, command, "police-call.log")


def screening(router: APIRouter) -> None:
    """Add the acts of screening."""

    @router.post("/{report_id}/criteria-form")
    async def complete_criteria_form(report_id: UUID, body: bodies.CriteriaFormBody, call: Call) -> Answer:
        """Complete the criteria form of a custody report."""
        command = commands.CompleteCriteriaForm(body.version, body.uses, body.criteria(report_id), **acts(call))
        return await do(call, report_id, command, "report.criteria")

    @router.post("/{report_id}/screening-answers")
    async def answer_screening_questions(report_id: UUID, body: bodies.AnswersBody, call: Call) -> Answer:
        """Answer the four questions; a level is proposed."""
        command = commands.AnswerScreeningQuestions(body.answers(), **acts(call))
        return await do(call, report_id, command, "report.screen")

    @router.post("/{report_id}/level-override")
    async def override_level(report_id: UUID, body: bodies.OverrideBody, call: Call) -> Answer:
        """Choose another level than the one in force."""
        command = commands.OverrideLevel(body.to_level, text(report_id, body.reason), **acts(call))
        return await do(call, report_id, command, "report.override")

    @router.post("/{report_id}/screening")
    async def screen_report(report_id: UUID, body: bodies.ScreeningBody, call: Call) -> Answer:
        """Decide the report."""
        given = dict(body) | {
            "reason": text(report_id, body.reason),
            "referred_to": text(report_id, body.referred_to),
            "screened_at": body.screened_at or call.now,
        }
        command = commands.ScreenReport(**given, form=policy(call).form, **acts(call))
        return await do(call, report_id, command, "report.screen")

    @router.post("/{report_id}/screened-out-review")
    async def review_screened_out(report_id: UUID, body: bodies.ReviewBody, call: Call) -> Answer:
        """Review a screened-out report as a new one."""
        another = policy(call).intake_second_person_reviews
        command = commands.ReviewScreenedOut(body.agreed, text(report_id, body.reason), another, **acts(call))
        return await do(call, report_id, command, "report.review-screened-out")


def assigning(router: APIRouter) -> None:
    """Add assignment and staffing."""

    @router.post("/{report_id}/assignment")
    async def assign_report(report_id: UUID, body: bodies.AssignmentBody, call: Call) -> Answer:
        """Assign the report to an investigator, with everything known of earlier reports."""
        action, roles = await _assigning(call, report_id)
        given = dict(body) | {"assigned_at": body.assigned_at or call.now}
        return await do(call, report_id, commands.AssignReport(**given, roles=roles, **acts(call)), action)

    @router.post("/{report_id}/staffing")
    async def staff_assignment(report_id: UUID, body: bodies.StaffingBody, call: Call) -> Answer:
        """Record the staffing of the assignment with the worker."""
        action, _ = await _assigning(call, report_id)
        return await do(call, report_id, commands.StaffAssignment(body.staffed_at, **acts(call)), action)


async def _found(call: Caller, report: Report, body: bodies.PriorSearchBody) -> tuple[PriorReport, ...]:
    rows = await call.runtime.rows(queries.earlier(report.report_id, report.content))
    by_id = {row["report_id"]: PriorReport(report_id=row["report_id"]) for row in rows}
    return tuple((by_id | {each.report_id: each.report() for each in body.also_found}).values())


async def _assigning(call: Caller, report_id: UUID) -> tuple[str, frozenset[Assigner]]:
    """The action to ask the caller's right for, and the roles in which the caller may assign this report."""
    facts: list[Recorded[Any]] = await call.runtime.stream(DECIDER.stream(report_id))
    report = known(DECIDER.fold(fact.event for fact in facts))
    roles = frozenset(role for role, action in ASSIGN.items() if call.reach(action).admits(whose(report)))
    needed = assigner(report)
    return ASSIGN[needed if needed in roles or not roles else next(iter(roles))], roles
