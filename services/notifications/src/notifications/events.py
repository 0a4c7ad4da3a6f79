"""The private facts of notifications and the registry under which they are stored."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from events.event import Event
from events.registry import Registry
from notifications.content import Endpoint, Kind, Matter, Recipient, StaffEntry

DisabledBecause = Literal["asked", "gone"]


class StaffRecorded(Event, name="notifications.staff-recorded", version=2):
    entry: StaffEntry
    by: str


class NoticeRaised(Event, name="notifications.notice-raised", version=2):
    notice_id: UUID
    source_event: UUID
    kind: Kind
    recipient: Recipient
    matter: Matter
    raised_at: datetime

    @property
    def happened_at(self) -> datetime:
        return self.raised_at


class NoticeAcknowledged(Event, name="notifications.notice-acknowledged"):
    notice_id: UUID
    by: str
    acknowledged_at: datetime

    @property
    def happened_at(self) -> datetime:
        return self.acknowledged_at


class WebhookRegistered(Event, name="notifications.webhook-registered"):
    """`secret` is encrypted under the key of the installation, here and below."""

    webhook_id: UUID
    endpoint: Endpoint
    secret: str
    by: str


class WebhookChanged(Event, name="notifications.webhook-changed"):
    webhook_id: UUID
    endpoint: Endpoint
    by: str


class WebhookSecretRotated(Event, name="notifications.webhook-secret-rotated"):
    webhook_id: UUID
    secret: str
    previous_until: datetime
    by: str


class WebhookEnabled(Event, name="notifications.webhook-enabled"):
    webhook_id: UUID
    by: str


class WebhookDisabled(Event, name="notifications.webhook-disabled"):
    webhook_id: UUID
    because: DisabledBecause
    by: str


NoticeEvent = NoticeRaised | NoticeAcknowledged
WebhookEvent = WebhookRegistered | WebhookChanged | WebhookSecretRotated | WebhookEnabled | WebhookDisabled
NotificationsEvent = StaffRecorded | NoticeEvent | WebhookEvent


def unchanged(data: dict[str, Any]) -> dict[str, Any]:
    """All that is new is optional: the older fact says nothing of it."""
    return data


REGISTRY = Registry.of(
    NotificationsEvent,
    upcasts={("notifications.staff-recorded", 1): unchanged, ("notifications.notice-raised", 1): unchanged},
)
