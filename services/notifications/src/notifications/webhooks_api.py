"""Endpoints of other systems over HTTP."""

import base64
import secrets
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import RowMapping, Select, select

from events.authority import Subject
from events.call import Answer, Call, Caller
from events.decider import Rejected
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.reach_sql import condition
from events.runtime import Runtime
from notifications.bodies import WebhookAnswer, WebhookBody, WebhookRow
from notifications.commands import DisableWebhook, PutWebhook, RotateSecret
from notifications.content import Endpoint
from notifications.read_models import WEBHOOKS
from notifications.webhook import WEBHOOK, Webhook, known

ORDER = (WEBHOOKS.c.webhook_id,)


def routes(runtime: Runtime) -> APIRouter:
    """The routes of endpoints."""
    router = APIRouter(tags=["webhooks"])

    @router.put("/webhooks/{webhook_id}", responses={201: {"model": WebhookAnswer}})
    async def put_webhook(webhook_id: UUID, body: WebhookBody, call: Call) -> WebhookAnswer:
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
    async def list_webhooks(call: Call, cursor: Cursor = None, limit: Limit = 100) -> Page[WebhookRow]:
        """The endpoints that the caller may see."""
        rows = await runtime.rows(paged(_visible(call), ORDER, cursor, limit))
        return Page(items=[_row(row) for row in rows[:limit]], next=next_cursor(rows, ORDER, limit))

    @router.get("/webhooks/{webhook_id}")
    async def get_webhook(webhook_id: UUID, call: Call) -> WebhookRow:
        """One endpoint."""
        return _row(await webhook_row(runtime, call, webhook_id))

    @router.delete("/webhooks/{webhook_id}")
    async def disable_webhook(webhook_id: UUID, call: Call) -> Answer:
        """Switch an endpoint off. What still waits for it is cancelled; PUT switches it on again."""
        command = DisableWebhook("asked", call.actor.id, call.now)
        return await call.handle(WEBHOOK, webhook_id, command, action="webhook.manage", subject=_owner)

    @router.post("/webhooks/{webhook_id}/rotate-secret")
    async def rotate_webhook_secret(webhook_id: UUID, call: Call) -> WebhookAnswer:
        """A new secret. For 24 hours every delivery is signed with the old one too."""
        clear, sealed = _new_secret(runtime)
        command = RotateSecret(sealed, call.actor.id, call.now)
        answer = await call.handle(WEBHOOK, webhook_id, command, action="webhook.manage", subject=_owner)
        return await _with_secret(runtime, call, answer, clear, sealed)

    return router


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


async def webhook_row(runtime: Runtime, call: Caller, webhook_id: UUID) -> RowMapping:
    """The row of an endpoint. One that the caller may not see is answered like one that is not there."""
    rows = await runtime.rows(_visible(call).where(WEBHOOKS.c.webhook_id == webhook_id))
    if not rows:
        raise Rejected("webhook-not-found", "there is no such webhook, or not for you", status=404)
    return rows[0]


def _row(row: Any) -> WebhookRow:
    return WebhookRow.model_validate(dict(row))
