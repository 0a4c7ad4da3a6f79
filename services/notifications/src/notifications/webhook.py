"""An endpoint of another system: registered, changed, its secret rotated, disabled and enabled again."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never
from uuid import UUID

from events.decider import Decider, Rejected
from notifications.addresses import check_url
from notifications.commands import DisableWebhook, PutWebhook, RotateSecret, WebhookCommand
from notifications.content import Endpoint
from notifications.events import (
    WebhookChanged,
    WebhookDisabled,
    WebhookEnabled,
    WebhookEvent,
    WebhookRegistered,
    WebhookSecretRotated,
)
from notifications.patterns import leads_nowhere

OVERLAP = timedelta(hours=24)


@dataclass(frozen=True)
class Webhook:
    webhook_id: UUID
    endpoint: Endpoint
    active: bool = True


def decide(command: WebhookCommand, webhook: Webhook | None) -> list[WebhookEvent]:
    match command:
        case PutWebhook():
            return put(command, webhook)
        case RotateSecret():
            return rotate(command, known(webhook))
        case DisableWebhook():
            return disable(command, known(webhook))
        case _:
            assert_never(command)


def put(command: PutWebhook, webhook: Webhook | None) -> list[WebhookEvent]:
    id, endpoint, by = command.webhook_id, command.endpoint, command.by
    check_url(endpoint.url, allow_private=command.allow_private)
    if stray := leads_nowhere(endpoint.types):
        raise Rejected("webhook-type-unknown", f"no event is named by {stray}", field="types", status=422)
    if webhook is None:
        return [WebhookRegistered(webhook_id=id, endpoint=endpoint, secret=command.secret, by=by)]
    changed = [] if endpoint == webhook.endpoint else [WebhookChanged(webhook_id=id, endpoint=endpoint, by=by)]
    enabled = [] if webhook.active else [WebhookEnabled(webhook_id=id, by=by)]
    return [*changed, *enabled]


def rotate(command: RotateSecret, webhook: Webhook) -> list[WebhookEvent]:
    """For a day both secrets sign, so that the subscriber can change over without a gap."""
    until = command.at + OVERLAP
    id = webhook.webhook_id
    return [WebhookSecretRotated(webhook_id=id, secret=command.secret, previous_until=until, by=command.by)]


def disable(command: DisableWebhook, webhook: Webhook) -> list[WebhookEvent]:
    if not webhook.active:
        return []
    return [WebhookDisabled(webhook_id=webhook.webhook_id, because=command.because, by=command.by)]


def known(webhook: Webhook | None) -> Webhook:
    """The endpoint, where there is one."""
    if webhook is None:
        raise Rejected("webhook-not-found", "there is no such webhook", status=404)
    return webhook


def evolve(webhook: Webhook | None, event: WebhookEvent) -> Webhook:
    match event:
        case WebhookRegistered():
            return Webhook(event.webhook_id, event.endpoint)
        case WebhookChanged():
            return replace(known(webhook), endpoint=event.endpoint)
        case WebhookSecretRotated():
            return known(webhook)
        case WebhookEnabled():
            return replace(known(webhook), active=True)
        case WebhookDisabled():
            return replace(known(webhook), active=False)
        case _:
            assert_never(event)


WEBHOOK: Decider[WebhookCommand, Webhook | None, WebhookEvent] = Decider("webhook", decide, evolve, initial=None)
