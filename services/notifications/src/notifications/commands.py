"""What notifications can be asked to do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from notifications.content import Endpoint, Kind, Matter, Recipient, StaffEntry
from notifications.events import DisabledBecause


@dataclass(frozen=True)
class RecordStaff:
    """`stand_ins`: who stands in for the substitute that the entry names, for that one, and so on."""

    entry: StaffEntry
    by: str
    at: datetime
    stand_ins: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RaiseNotice:
    notice_id: UUID
    source_event: UUID
    kind: Kind
    recipient: Recipient
    matter: Matter
    at: datetime


@dataclass(frozen=True)
class AcknowledgeNotice:
    by: str
    at: datetime


@dataclass(frozen=True)
class PutWebhook:
    """`secret` is used when the endpoint is new. `allow_private` is the policy of the installation."""

    webhook_id: UUID
    endpoint: Endpoint
    secret: str
    allow_private: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class RotateSecret:
    secret: str
    by: str
    at: datetime


@dataclass(frozen=True)
class DisableWebhook:
    because: DisabledBecause
    by: str
    at: datetime


NoticeCommand = RaiseNotice | AcknowledgeNotice
WebhookCommand = PutWebhook | RotateSecret | DisableWebhook
