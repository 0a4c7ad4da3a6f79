"""What is read: the directory of staff, the inboxes, the endpoints."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from events.read_model import ReadModel, Row
from events.recorded import Recorded
from notifications.content import ClockReference, Endpoint
from notifications.events import (
    NoticeAcknowledged,
    NoticeEvent,
    NoticeRaised,
    StaffRecorded,
    WebhookChanged,
    WebhookDisabled,
    WebhookEnabled,
    WebhookEvent,
    WebhookRegistered,
    WebhookSecretRotated,
)

DIRECTORY = Table(
    "directory",
    MetaData(),
    Column("staff_key", UUID(as_uuid=True), primary_key=True),
    Column("staff_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("roles", ARRAY(Text), nullable=False),
    Column("counties", ARRAY(Text), nullable=False),
    Column("supervisor_id", Text),
    Column("active", Boolean, nullable=False),
    Column("absent_from", Date),
    Column("absent_until", Date),
    Column("substitute_id", Text),
)

INBOX = Table(
    "inbox",
    MetaData(),
    Column("notice_id", UUID(as_uuid=True), primary_key=True),
    Column("source_event", UUID(as_uuid=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("staff_id", Text),
    Column("role", Text),
    Column("on_behalf_of", ARRAY(Text), nullable=False),
    Column("county", Text, nullable=False),
    Column("region", Text),
    Column("report_id", UUID(as_uuid=True)),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("clock_id", UUID(as_uuid=True)),
    Column("rule_id", Text),
    Column("rule_version", Text),
    Column("obligation", Text),
    Column("authority", Text),
    Column("source", Text),
    Column("due_at", DateTime(timezone=True)),
    Column("rung", Integer),
    Column("decided_by", Text),
    Column("reason", Text),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("acknowledged_at", DateTime(timezone=True)),
    Column("acknowledged_by", Text),
    # The place in the list, the newest first: pages go upwards.
    Column("place", BigInteger, nullable=False, unique=True),
    Column("position", BigInteger, nullable=False),
)
Index("inbox_staff_id", INBOX.c.staff_id, INBOX.c.place)
Index("inbox_role", INBOX.c.role, INBOX.c.county, INBOX.c.place)
Index("inbox_position", INBOX.c.position)
Index("inbox_source_event", INBOX.c.source_event)

WEBHOOKS = Table(
    "webhooks",
    MetaData(),
    Column("webhook_id", UUID(as_uuid=True), primary_key=True),
    Column("url", Text, nullable=False),
    Column("types", ARRAY(Text), nullable=False),
    Column("counties", ARRAY(Text), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("disabled_because", Text),
    Column("secret", Text, nullable=False),
    Column("previous_secret", Text),
    Column("previous_until", DateTime(timezone=True)),
)


NO_CLOCK: Row = dict.fromkeys(ClockReference.model_fields)


def _of(*kinds: type) -> Callable[[Recorded[Any]], Iterable[Any]]:
    return lambda recorded: (recorded.key,) if isinstance(recorded.event, kinds) else ()


def staff(row: Row | None, recorded: Recorded[StaffRecorded], key: Any) -> Row:
    entry = recorded.event.entry
    lists = {"roles": list(entry.roles), "counties": list(entry.counties)}
    return {"staff_key": key} | entry.model_dump() | lists


def inbox(row: Row | None, recorded: Recorded[NoticeEvent], key: Any) -> Row:
    match recorded.event:
        case NoticeRaised() as event:
            return _raised(event, recorded.position)
        case NoticeAcknowledged() as event:
            settled = {"acknowledged_at": event.acknowledged_at, "acknowledged_by": event.by}
            return (row or {}) | settled | {"position": recorded.position}


def _raised(event: NoticeRaised, position: int) -> Row:
    matter, clock = event.matter, event.matter.clock
    return {
        "notice_id": event.notice_id,
        "source_event": event.source_event,
        "kind": event.kind,
        **event.recipient.model_dump(),
        "on_behalf_of": list(event.recipient.on_behalf_of),
        **matter.model_dump(exclude={"clock"}),
        **(clock.model_dump() if clock else NO_CLOCK),
        "raised_at": event.raised_at,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "place": -position,
        "position": position,
    }


def webhook(row: Row | None, recorded: Recorded[WebhookEvent], key: Any) -> Row:
    before = row or {}
    match recorded.event:
        case WebhookRegistered() as event:
            secrets = {"secret": event.secret, "previous_secret": None, "previous_until": None}
            return {"webhook_id": key, **_endpoint(event.endpoint), "active": True, "disabled_because": None, **secrets}
        case WebhookChanged() as event:
            return before | _endpoint(event.endpoint)
        case WebhookSecretRotated() as event:
            rotated = {"previous_secret": before.get("secret"), "previous_until": event.previous_until}
            return before | rotated | {"secret": event.secret}
        case WebhookEnabled():
            return before | {"active": True, "disabled_because": None}
        case WebhookDisabled() as event:
            return before | {"active": False, "disabled_because": event.because}


def _endpoint(endpoint: Endpoint) -> Row:
    return endpoint.model_dump() | {"types": list(endpoint.types), "counties": list(endpoint.counties)}


READ_MODELS = (
    ReadModel(DIRECTORY, version=2, fold=staff, keys=_of(StaffRecorded)),
    ReadModel(INBOX, version=2, fold=inbox, keys=_of(NoticeRaised, NoticeAcknowledged)),
    ReadModel(
        WEBHOOKS,
        version=1,
        fold=webhook,
        keys=_of(WebhookRegistered, WebhookChanged, WebhookSecretRotated, WebhookEnabled, WebhookDisabled),
    ),
)
