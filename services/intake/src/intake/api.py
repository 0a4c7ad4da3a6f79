"""The HTTP side of intake."""

from uuid import UUID

from fastapi import APIRouter

from events.authority import Subject
from events.call import Answer, Call
from events.runtime import Runtime
from intake import acting, cloud_events, reading
from intake.acting import acts, do, policy
from intake.bodies.reports import AmendmentBody, ReportBody
from intake.commands import AmendReport, ReceiveReport
from intake.report import DECIDER


def routes(runtime: Runtime) -> APIRouter:
    """Receipt, reads and acts of reports, and the entrance for hotline software."""
    router = APIRouter()
    reports = APIRouter(prefix="/reports", tags=["reports"])
    _receiving(reports)
    reading.routes(reports)
    acting.searching(reports)
    acting.screening(reports)
    acting.assigning(reports)
    router.include_router(reports)
    cloud_events.routes(router)
    return router


def _receiving(router: APIRouter) -> None:
    @router.put("/{report_id}", responses={201: {"model": Answer}})
    async def receive_report(report_id: UUID, body: ReportBody, call: Call) -> Answer:
        """Enter a report under an id of the caller's choice; the same request again gives the same answer."""
        content = body.content(report_id, call.runtime.vault.token)
        command = ReceiveReport(report_id, content, call.actor.organisation, policy(call).tolerance, **acts(call))
        subject = Subject(county=content.county, organisation=call.actor.organisation)
        return await call.handle(
            DECIDER, report_id, command, action="report.receive", subject=lambda _: subject, create=True
        )

    @router.patch("/{report_id}")
    async def amend_report(report_id: UUID, body: AmendmentBody, call: Call) -> Answer:
        """Add or correct fields."""
        changes = body.content(report_id, call.runtime.vault.token)
        return await do(call, report_id, AmendReport(changes, body.removed_people, **acts(call)), "report.amend")
