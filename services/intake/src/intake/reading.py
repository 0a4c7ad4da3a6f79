"""Reads: lists and gets of what is not confidential, the history, and the confidential report with its purpose recorded."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from events.bodies import Line
from events.call import Call, Caller
from events.decider import Rejected
from events.openapi import PURPOSE, VERSIONED
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.recorded import Recorded
from intake import queries
from intake.guards import known
from intake.queries import ORDER, Filter
from intake.report import DECIDER
from intake.state import Report, Status
from intake.views import ConfidentialView, FactView, HistoryView, ReportView, plain
from intake.vocabulary import Known
from intake.whose import whose


def routes(router: APIRouter) -> None:
    """Add the reads."""

    @router.get("")
    async def list_reports(
        call: Call,
        status: Status | None = None,
        county: Line | None = None,
        worker_id: Annotated[Line | None, Query(alias="workerId")] = None,
        resource_home_id: Annotated[UUID | None, Query(alias="resourceHomeId")] = None,
        child_in_custody: Annotated[Known | None, Query(alias="childInCustody")] = None,
        flag: Line | None = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[ReportView]:
        """Reports that the caller may see, the earliest call first; with a resource home: its register of reports."""
        wanted = Filter(status, county, worker_id, resource_home_id, child_in_custody, flag)
        select = queries.reports(call.reach("report.list"), wanted)
        rows = await call.runtime.rows(paged(select, ORDER, cursor, limit))
        items = [ReportView.model_validate(dict(row)) for row in rows[:limit]]
        return Page(items=items, next=next_cursor(rows, ORDER, limit))

    @router.get("/{report_id}", responses={200: VERSIONED})
    async def get_report(report_id: UUID, call: Call, response: Response) -> ReportView:
        """One report without anything confidential."""
        rows = await call.runtime.rows(
            queries.reports(call.reach("report.read"), Filter()).where(queries.COLUMNS.report_id == report_id)
        )
        if not rows:
            raise Rejected("report-not-found", "there is no such report, or not for you", status=404)
        view = ReportView.model_validate(dict(rows[0]))
        response.headers["ETag"] = f'"{view.version}"'
        return view

    @router.get("/{report_id}/history")
    async def get_report_history(report_id: UUID, call: Call) -> HistoryView:
        """Every fact of the report, without anything confidential."""
        facts, _ = await recalled(call, report_id, "report.read")
        return HistoryView(report_id=report_id, facts=tuple(map(FactView.of, facts)))

    @router.get("/{report_id}/confidential", openapi_extra=PURPOSE)
    async def get_confidential_report(report_id: UUID, call: Call) -> ConfidentialView:
        """The report in the clear. Who reads it, and the purpose stated in the header `Purpose`, is recorded."""
        action = "report.read-confidential"
        facts, _ = await recalled(call, report_id, action)
        events = await call.reveal([fact.event for fact in facts], action=action, subject=DECIDER.stream(report_id))
        report = known(DECIDER.fold(events))
        return ConfidentialView(
            report_id=report_id,
            version=len(facts),
            content=plain(report.content),
            earlier_reports=report.search.found,
            facts=tuple(FactView.opened(fact, event) for fact, event in zip(facts, events, strict=True)),
        )


async def recalled(call: Caller, report_id: UUID, action: str) -> tuple[list[Recorded[Any]], Report]:
    """The facts of a report and what they add up to, for a caller who may do `action` to it."""
    facts: list[Recorded[Any]] = await call.runtime.stream(DECIDER.stream(report_id))
    report = known(DECIDER.fold(fact.event for fact in facts))
    call.require(action, whose(report))
    return facts, report
