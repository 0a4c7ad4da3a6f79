"""What was sent outside, over HTTP: the log of deliveries, and sending one again."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import Select, select, update

from events.authority import Subject
from events.bodies import Instant
from events.call import Call, Caller
from events.decider import Rejected
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.reach_sql import condition
from events.runtime import Runtime
from notifications.bodies import DeliveryRow
from notifications.tables import DELIVERIES
from notifications.webhooks_api import webhook_row

ORDER = (DELIVERIES.c.created_at, DELIVERIES.c.delivery_id)
State = Annotated[Literal["waiting", "sent", "failed", "cancelled"] | None, Query()]
Since = Annotated[Instant | None, Query(description="queued at or after this instant")]


def routes(runtime: Runtime) -> APIRouter:
    """The routes of deliveries."""
    router = APIRouter(tags=["deliveries"])

    @router.get("/deliveries")
    async def list_deliveries(
        call: Call, state: State = None, since: Since = None, cursor: Cursor = None, limit: Limit = 100
    ) -> Page[DeliveryRow]:
        """E-mails and webhook deliveries that the caller may see, in the order in which they were queued."""
        return await _page(runtime, _sent_outside(call, state, since), cursor, limit)

    @router.get("/webhooks/{webhook_id}/deliveries")
    async def list_webhook_deliveries(
        webhook_id: UUID,
        call: Call,
        state: State = None,
        since: Since = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[DeliveryRow]:
        """The deliveries to one endpoint, in the order in which they were queued."""
        await webhook_row(runtime, call, webhook_id)
        wanted = _sent_outside(call, state, since).where(DELIVERIES.c.webhook_id == webhook_id)
        return await _page(runtime, wanted, cursor, limit)

    @router.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/resend", status_code=202)
    async def resend_delivery(webhook_id: UUID, delivery_id: UUID, call: Call) -> DeliveryRow:
        """Send a delivery again, under its old webhook-id, with a fresh schedule of attempts."""
        row = await webhook_row(runtime, call, webhook_id)
        call.require("webhook.manage", Subject(organisation=row["organisation"]))
        change = (
            update(DELIVERIES)
            .where(DELIVERIES.c.webhook_id == webhook_id, DELIVERIES.c.delivery_id == delivery_id)
            .values(state="waiting", attempts=0, next_at=call.now, settled_at=None, resent_by=call.actor.id)
            .returning(DELIVERIES)
        )
        async with runtime.engine.begin() as connection:
            rows = (await connection.execute(change)).mappings().all()
        if not rows:
            raise Rejected("delivery-not-found", "this endpoint has no such delivery", status=404)
        return _delivery(rows[0])

    return router


def _sent_outside(call: Caller, state: str | None, since: datetime | None) -> Select[Any]:
    reach = call.reach("delivery.read")
    seen = condition(reach, DELIVERIES.c.county, organisation_column=DELIVERIES.c.organisation)
    wanted = select(DELIVERIES).where(seen)
    wanted = wanted.where(DELIVERIES.c.state == state) if state else wanted
    return wanted.where(DELIVERIES.c.created_at >= since) if since else wanted


async def _page(runtime: Runtime, wanted: Select[Any], cursor: str | None, limit: int) -> Page[DeliveryRow]:
    rows = await runtime.rows(paged(wanted, ORDER, cursor, limit))
    return Page(items=[_delivery(row) for row in rows[:limit]], next=next_cursor(rows, ORDER, limit))


def _delivery(row: Any) -> DeliveryRow:
    return DeliveryRow.model_validate(dict(row))
