"""Deliveries: what is to be sent outside, to whom, and how far it came. A work table, so that no rebuild sends again."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import UUID

METADATA = MetaData()

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("delivery_id", UUID(as_uuid=True), primary_key=True),
    Column("sequence", BigInteger, Identity(always=True), nullable=False),
    Column("channel", Text, nullable=False),
    Column("source_id", UUID(as_uuid=True), nullable=False),
    Column("type", Text, nullable=False),
    Column("staff_id", Text),
    Column("webhook_id", UUID(as_uuid=True)),
    # The clock whose letters to the same person are sent one after the other.
    Column("clock_id", UUID(as_uuid=True)),
    Column("county", Text, nullable=False),
    Column("organisation", Text),
    Column("body", Text),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Column("last_status", Integer),
    Column("last_error", Text),
    Column("resent_by", Text),
)
Index(
    "deliveries_due",
    DELIVERIES.c.channel,
    DELIVERIES.c.next_at,
    DELIVERIES.c.sequence,
    postgresql_where=DELIVERIES.c.state == "waiting",
)
Index(
    "deliveries_clock_id",
    DELIVERIES.c.clock_id,
    DELIVERIES.c.staff_id,
    DELIVERIES.c.sequence,
    postgresql_where=DELIVERIES.c.state == "waiting",
)
Index("deliveries_webhook_id", DELIVERIES.c.webhook_id, DELIVERIES.c.created_at)
Index("deliveries_created_at", DELIVERIES.c.created_at)
