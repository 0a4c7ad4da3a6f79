"""Endpoints of other systems and their deliveries over HTTP."""

import base64
import secrets
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from sqlalchemy import RowMapping, Select, select, update

from events.authority import Subject
from events.call import Answer, Call, Caller
from events.decider import Rejected
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.reach_sql import condition
from events.runtime import Runtime
from notifications.bodies import DeliveryRow, WebhookAnswer, WebhookBody, WebhookRow
from notifications.commands import DisableWebhook, PutWebhook, RotateSecret
from notifications.content import Endpoint
from notifications.read_models import WEBHOOKS
from notifications.tables import DELIVERIES
from notifications.webhook import WEBHOOK, Webhook, known

ORDER = (WEBHOOKS.c.webhook_id,)
DELIVERY_ORDER = (DELIVERIES.c.created_at, DELIVERIES.c.delivery_id)
SECRETS = {"secret", "previous_secret", "previous_until"}
HIDDEN = {"body", "organisation"}
State = Annotated[Literal["waiting", "sent", "failed", "cancelled"] | None, Query()]
Since = Annotated[AwareDatetime | None, Query(description="queued at or after this instant")]


def routes(runtime: Runtime) -> APIRouter:
    """The routes of endpoints and deliveries."""
    router = APIRouter(tags=["webhooks"])
    _endpoints(router, runtime)
    _deliveries(router, runtime)
    return router


def _endpoints(router: APIRouter, runtime: Runtime) -> None:
    @router.put("/webhooks/{webhook_id}", responses={201: {"model": WebhookAnswer}})
    async def put(webhook_id: UUID, body: WebhookBody, call: Call) -> WebhookAnswer:
        """Register an endpoint, change it, or switch it on again. The secret is in the answer to the first one only."""
        endpoint = Endpoint(**body.model_dump())
        call.require("webhook.manage", Subject(organisation=endpoint.organisation))
        _counties_of_the_caller(call, endpoint)
        clear, sealed = _new_secret(runtime)
        private = runtime.settings.notifications_webhook_allow_private
        command = PutWebhook(webhook_id, endpoint, sealed, private, call.actor.id, call.now)
        answer = await call.handle(
            WEBHOOK,
            webhook_id,
            command,
            action="webhook.manage",
            subject=lambda webhook: _owner(webhook) if webhook else Subject(organisation=endpoint.organisation),
        )
        return await _with_secret(runtime, call, answer, clear, sealed)

    @router.get("/webhooks")
    async def webhooks(call: Call, cursor: Cursor = None, limit: Limit = 100) -> Page[WebhookRow]:
        """The endpoints that the caller may see."""
        rows = await runtime.rows(paged(_visible(call), ORDER, cursor, limit))
        return Page(items=[_row(row) for row in rows[:limit]], next=next_cursor(rows, ORDER, limit))

    @router.get("/webhooks/{webhook_id}")
    async def webhook(webhook_id: UUID, call: Call) -> WebhookRow:
        """One endpoint."""
        return _row(await _webhook(runtime, call, webhook_id))

    @router.delete("/webhooks/{webhook_id}")
    async def disable(webhook_id: UUID, call: Call) -> Answer:
        """Switch an endpoint off. What still waits for it is cancelled; PUT switches it on again."""
        command = DisableWebhook("asked", call.actor.id, call.now)
        return await call.handle(WEBHOOK, webhook_id, command, action="webhook.manage", subject=_owner)

    @router.post("/webhooks/{webhook_id}/rotate-secret")
    async def rotate(webhook_id: UUID, call: Call) -> WebhookAnswer:
        """A new secret. For 24 hours every delivery is signed with the old one too."""
        clear, sealed = _new_secret(runtime)
        command = RotateSecret(sealed, call.actor.id, call.now)
        answer = await call.handle(WEBHOOK, webhook_id, command, action="webhook.manage", subject=_owner)
        return await _with_secret(runtime, call, answer, clear, sealed)


def _deliveries(router: APIRouter, runtime: Runtime) -> None:
    @router.get("/deliveries")
    async def deliveries(
        call: Call, state: State = None, since: Since = None, cursor: Cursor = None, limit: Limit = 100
    ) -> Page[DeliveryRow]:
        """E-mails and webhook deliveries that the caller may see, in the order in which they were queued."""
        return await _page(runtime, _sent_outside(call, state, since), cursor, limit)

    @router.get("/webhooks/{webhook_id}/deliveries")
    async def log(
        webhook_id: UUID,
        call: Call,
        state: State = None,
        since: Since = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[DeliveryRow]:
        """The deliveries to one endpoint, in the order in which they were queued."""
        await _webhook(runtime, call, webhook_id)
        wanted = _sent_outside(call, state, since).where(DELIVERIES.c.webhook_id == webhook_id)
        return await _page(runtime, wanted, cursor, limit)

    @router.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/resend", status_code=202)
    async def resend(webhook_id: UUID, delivery_id: UUID, call: Call) -> DeliveryRow:
        """Send a delivery again, under its old webhook-id, with a fresh schedule of attempts."""
        row = await _webhook(runtime, call, webhook_id)
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


def _new_secret(runtime: Runtime) -> tuple[str, str]:
    """A secret as the subscriber gets it, and as it is stored."""
    secret = secrets.token_bytes(32)
    return f"whsec_{base64.b64encode(secret).decode()}", runtime.vault.wrap(secret)


async def _with_secret(runtime: Runtime, call: Caller, answer: Answer, clear: str, sealed: str) -> WebhookAnswer:
    """The answer with the secret, if it is the one that was stored: a repeated command has stored an earlier one."""
    history = await runtime.stream(WEBHOOK.stream(answer.id))
    stored = any(getattr(fact.event, "secret", None) == sealed for fact in history)
    if stored and "WebhookRegistered" in answer.events:
        call.response.status_code = 201
    return WebhookAnswer(**answer.model_dump(), secret=clear if stored else None)


def _counties_of_the_caller(call: Caller, endpoint: Endpoint) -> None:
    """Whoever is not in charge of all endpoints sends only events of the own counties outside."""
    if call.reach("webhook.manage").everything:
        return
    if beyond := set(endpoint.counties) - call.actor.counties:
        detail = f"{min(beyond)} is not one of your counties: ask the administrator"
        raise Rejected("webhook-county-not-permitted", detail, field="counties", status=403)


def _owner(webhook: Webhook | None) -> Subject:
    return Subject(organisation=known(webhook).endpoint.organisation)


def _visible(call: Caller) -> Select[Any]:
    return select(WEBHOOKS).where(condition(call.reach("webhook.read"), organisation_column=WEBHOOKS.c.organisation))


async def _webhook(runtime: Runtime, call: Caller, webhook_id: UUID) -> RowMapping:
    """The row of an endpoint. One that the caller may not see is answered like one that is not there."""
    rows = await runtime.rows(_visible(call).where(WEBHOOKS.c.webhook_id == webhook_id))
    if not rows:
        raise Rejected("webhook-not-found", "there is no such webhook, or not for you", status=404)
    return rows[0]


def _sent_outside(call: Caller, state: str | None, since: datetime | None) -> Select[Any]:
    reach = call.reach("delivery.read")
    seen = condition(reach, DELIVERIES.c.county, organisation_column=DELIVERIES.c.organisation)
    wanted = select(DELIVERIES).where(seen)
    wanted = wanted.where(DELIVERIES.c.state == state) if state else wanted
    return wanted.where(DELIVERIES.c.created_at >= since) if since else wanted


async def _page(runtime: Runtime, wanted: Select[Any], cursor: str | None, limit: int) -> Page[DeliveryRow]:
    rows = await runtime.rows(paged(wanted, DELIVERY_ORDER, cursor, limit))
    return Page(items=[_delivery(row) for row in rows[:limit]], next=next_cursor(rows, DELIVERY_ORDER, limit))


def _delivery(row: Any) -> DeliveryRow:
    return DeliveryRow.model_validate({name: value for name, value in row.items() if name not in HIDDEN})


def _row(row: Any) -> WebhookRow:
    return WebhookRow.model_validate({name: value for name, value in row.items() if name not in SECRETS})
