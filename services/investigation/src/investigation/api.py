"""The HTTP side of investigations: one POST for each act, and reads that admit exactly what lists show."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from events.authority import Subject
from events.bodies import Line
from events.call import Answer, Call, Caller
from events.decider import Rejected
from events.openapi import PURPOSE, VERSIONED
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.private import Private
from events.recorded import Recorded
from events.runtime import Runtime
from investigation import commands, queries
from investigation.bodies.assessments import ChecklistBody, FindingsBody, RiskBody, SafetyBody
from investigation.bodies.conclusion import ApprovalBody, ReturnBody, SubmissionBody
from investigation.bodies.field_work import ContactBody, HistoryBody, HouseholdBody, InterviewBody
from investigation.bodies.safety_plans import ActivationBody, CourtBody, PlanBody
from investigation.commands import Act
from investigation.forms import SUBJECT
from investigation.guards import under_way
from investigation.investigation import DECIDER
from investigation.queries import ORDER
from investigation.state import Investigation, Status
from investigation.views import FactView, HistoryView, InvestigationView


def whose(state: Investigation | None) -> Subject:
    """Where an investigation lies and who is assigned to it. Raises Rejected (404) when there is none."""
    investigation = under_way(state)
    assert investigation.opened is not None
    return Subject(county=investigation.opened.county, assigned=frozenset({investigation.worker_id}))


def happened(call: Caller, at: datetime) -> dict[str, Any]:
    """Who acts and when it happened: perhaps earlier than now, never later."""
    if at > call.now:
        raise Rejected("at-in-future", "this has not happened yet", field="at", status=422)
    return acts(call) | {"at": at}


def acts(call: Caller) -> dict[str, Any]:
    """Who acts, now."""
    return {"by": call.actor.id, "at": call.now, "policy": call.runtime.settings.policy}


async def do(call: Caller, investigation_id: UUID, command: Act, action: str) -> Answer:
    """Run one act on one investigation."""
    return await call.handle(DECIDER, investigation_id, command, action=action, subject=whose, occurred_at=command.at)


def routes(runtime: Runtime) -> APIRouter:
    """Reads, and the acts of workers and supervisors."""
    router = APIRouter(prefix="/investigations", tags=["investigations"])
    _reads(router)
    _field_work(router)
    _assessments(router)
    _safety_plans(router)
    _conclusion(router)
    return router


async def _history(call: Caller, investigation_id: UUID, action: str) -> list[Recorded[Any]]:
    """The facts of an investigation that the caller may read."""
    facts: list[Recorded[Any]] = await call.runtime.stream(DECIDER.stream(investigation_id))
    call.require(action, whose(DECIDER.fold(fact.event for fact in facts)))
    return facts


def _reads(router: APIRouter) -> None:
    @router.get("")
    async def list_investigations(
        call: Call,
        status: Status | None = None,
        county: Line | None = None,
        worker: Line | None = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[InvestigationView]:
        """Investigations that the caller may see, the latest opened first."""
        wanted = queries.visible(call.reach("investigation.list"), status=status, county=county, worker_id=worker)
        rows = await call.runtime.rows(paged(wanted, ORDER, cursor, limit, backward=True))
        items = [InvestigationView.of(row) for row in rows[:limit]]
        return Page(items=items, next=next_cursor(rows, ORDER, limit))

    @router.get("/{investigation_id}", responses={200: VERSIONED})
    async def get_investigation(investigation_id: UUID, call: Call, response: Response) -> InvestigationView:
        """One investigation without anything confidential."""
        rows = await call.runtime.rows(queries.one(investigation_id))
        if not rows:
            raise Rejected("investigation-not-found", "no investigation was opened under this id", status=404)
        view = InvestigationView.of(rows[0])
        call.require("investigation.read", Subject(county=view.county, assigned=frozenset({view.worker_id})))
        response.headers["ETag"] = f'"{view.version}"'
        return view

    @router.get("/{investigation_id}/history")
    async def get_investigation_history(investigation_id: UUID, call: Call) -> HistoryView:
        """Every fact of the investigation, without anything confidential."""
        facts = await _history(call, investigation_id, "investigation.read")
        return HistoryView(investigation_id=investigation_id, facts=tuple(FactView.of(fact) for fact in facts))

    @router.get("/{investigation_id}/confidential", openapi_extra=PURPOSE)
    async def get_confidential_investigation(investigation_id: UUID, call: Call) -> HistoryView:
        """Every fact in the clear. Who reads it, and the purpose stated in the header `Purpose`, is recorded."""
        action = "investigation.read-confidential"
        facts = await _history(call, investigation_id, action)
        opened = await call.reveal(
            [fact.event for fact in facts], action=action, subject=DECIDER.stream(investigation_id)
        )
        views = [FactView.of(fact, disclosed=event) for fact, event in zip(facts, opened, strict=True)]
        return HistoryView(investigation_id=investigation_id, facts=tuple(views))


def _field_work(router: APIRouter) -> None:
    @router.post("/{investigation_id}/contacts")
    async def record_contact(investigation_id: UUID, body: ContactBody, call: Call) -> Answer:
        """Record a contact; the first personal one begins the investigation."""
        command = commands.RecordContact(**happened(call, body.at), contact=body.form())
        return await do(call, investigation_id, command, "investigation.log-contact")

    @router.post("/{investigation_id}/interviews")
    async def record_interview(investigation_id: UUID, body: InterviewBody, call: Call) -> Answer:
        """Record the interview of a child, or why the child was only observed."""
        command = commands.RecordInterview(**happened(call, body.at), interview=body.form())
        return await do(call, investigation_id, command, "investigation.interview")

    @router.post("/{investigation_id}/household")
    async def record_household(investigation_id: UUID, body: HouseholdBody, call: Call) -> Answer:
        """Record the children of the home and their caretakers."""
        command = commands.RecordHousehold(
            **happened(call, body.at), children=body.form(), caretaker_ids=body.caretaker_ids
        )
        return await do(call, investigation_id, command, "investigation.log-contact")

    @router.post("/{investigation_id}/history-check")
    async def review_history(investigation_id: UUID, body: HistoryBody, call: Call) -> Answer:
        """Record the background and history check."""
        command = commands.ReviewHistory(**happened(call, body.at), check=body.form())
        return await do(call, investigation_id, command, "investigation.history")


def _assessments(router: APIRouter) -> None:
    @router.post("/{investigation_id}/safety-assessment")
    async def complete_safety_assessment(investigation_id: UUID, body: SafetyBody, call: Call) -> Answer:
        """Complete form 442B."""
        command = commands.CompleteSafetyAssessment(**happened(call, body.at), form=body.form())
        return await do(call, investigation_id, command, "investigation.assess-safety")

    @router.post("/{investigation_id}/safety-assessment/approval")
    async def approve_safety_assessment(investigation_id: UUID, call: Call) -> Answer:
        """The supervisor signs form 442B."""
        command = commands.ApproveSafetyAssessment(**acts(call))
        return await do(call, investigation_id, command, "investigation.sign-assessment")

    @router.post("/{investigation_id}/safety-assessment/return")
    async def return_safety_assessment(investigation_id: UUID, body: ReturnBody, call: Call) -> Answer:
        """The supervisor sends form 442B back, with the reason."""
        command = commands.ReturnSafetyAssessment(**acts(call), reason=body.text())
        return await do(call, investigation_id, command, "investigation.return")

    @router.post("/{investigation_id}/safety-checklist")
    async def complete_safety_checklist(investigation_id: UUID, body: ChecklistBody, call: Call) -> Answer:
        """Complete the safety checklist for children."""
        command = commands.CompleteSafetyChecklist(**happened(call, body.at), children=body.form())
        return await do(call, investigation_id, command, "investigation.checklist")

    @router.post("/{investigation_id}/risk-assessment")
    async def complete_risk_assessment(investigation_id: UUID, body: RiskBody, call: Call) -> Answer:
        """Complete the initial risk assessment."""
        command = commands.CompleteRiskAssessment(**happened(call, body.at), form=body.form())
        return await do(call, investigation_id, command, "investigation.assess-risk")

    @router.post("/{investigation_id}/risk-assessment/approval")
    async def approve_risk_assessment(investigation_id: UUID, call: Call) -> Answer:
        """The supervisor signs the risk assessment."""
        command = commands.ApproveRiskAssessment(**acts(call))
        return await do(call, investigation_id, command, "investigation.sign-assessment")

    @router.post("/{investigation_id}/risk-assessment/return")
    async def return_risk_assessment(investigation_id: UUID, body: ReturnBody, call: Call) -> Answer:
        """The supervisor sends the risk assessment back, with the reason."""
        command = commands.ReturnRiskAssessment(**acts(call), reason=body.text())
        return await do(call, investigation_id, command, "investigation.return")

    @router.post("/{investigation_id}/findings")
    async def make_findings(investigation_id: UUID, body: FindingsBody, call: Call) -> Answer:
        """Record what was determined about each allegation."""
        command = commands.MakeFindings(**happened(call, body.at), form=body.form())
        return await do(call, investigation_id, command, "investigation.find")


def _safety_plans(router: APIRouter) -> None:
    @router.post("/{investigation_id}/safety-plan")
    async def create_safety_plan(investigation_id: UUID, body: PlanBody, call: Call) -> Answer:
        """Create a safety plan, or change it before it goes into effect."""
        command = commands.CreateSafetyPlan(**happened(call, body.at), plan_id=body.plan_id, form=body.form())
        return await do(call, investigation_id, command, "investigation.safety-plan")

    @router.post("/{investigation_id}/safety-plan/court-decision")
    async def record_court_decision(investigation_id: UUID, body: CourtBody, call: Call) -> Answer:
        """Record what the youth court decided about the safety plan."""
        command = commands.RecordYouthCourtDecision(
            **happened(call, body.at),
            plan_id=body.plan_id,
            judge=Private(SUBJECT, body.judge),
            outcome=body.outcome,
            note=body.private(SUBJECT, "note").get("note"),
        )
        return await do(call, investigation_id, command, "investigation.safety-plan")

    @router.post("/{investigation_id}/safety-plan/activation")
    async def activate_safety_plan(investigation_id: UUID, body: ActivationBody, call: Call) -> Answer:
        """Put the safety plan into effect: who signed, who holds a copy."""
        command = commands.ActivateSafetyPlan(
            **happened(call, body.at),
            plan_id=body.plan_id,
            signatures=tuple(signature.form() for signature in body.signatures),
            copies=body.copies,
        )
        return await do(call, investigation_id, command, "investigation.safety-plan")


def _conclusion(router: APIRouter) -> None:
    @router.post("/{investigation_id}/submission")
    async def submit_investigation(investigation_id: UUID, body: SubmissionBody, call: Call) -> Answer:
        """Submit the report with its disposition to the supervisor."""
        command = commands.SubmitInvestigation(**acts(call), form=body.form())
        return await do(call, investigation_id, command, "investigation.submit")

    @router.post("/{investigation_id}/approval")
    async def approve_investigation(investigation_id: UUID, body: ApprovalBody, call: Call) -> Answer:
        """The supervisor approves, and decides whether a case is opened."""
        command = commands.ApproveInvestigation(**acts(call), case=body.form())
        return await do(call, investigation_id, command, "investigation.approve")

    @router.post("/{investigation_id}/return")
    async def return_investigation(investigation_id: UUID, body: ReturnBody, call: Call) -> Answer:
        """The supervisor sends the investigation back, with the reason."""
        command = commands.ReturnInvestigation(**acts(call), reason=body.text())
        return await do(call, investigation_id, command, "investigation.return")
