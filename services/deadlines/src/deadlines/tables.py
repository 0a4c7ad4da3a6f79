"""What the service keeps beside its log: the public facts it has learned, and when each family is looked at next."""

from sqlalchemy import Column, DateTime, Index, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

METADATA = MetaData()

FACTS = Table(
    "facts",
    METADATA,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("report_id", UUID(as_uuid=True), nullable=False),
    Column("type", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("data", JSONB, nullable=False),
)
Index("facts_report_id", FACTS.c.report_id)

FAMILIES = Table(
    "families",
    METADATA,
    Column("report_id", UUID(as_uuid=True), primary_key=True),
    Column("county", Text, nullable=False),
    Column("worker_id", Text),
    Column("next_at", DateTime(timezone=True)),
    Column("unknown", JSONB, nullable=False),
)
Index("families_next_at", FAMILIES.c.next_at, postgresql_where=FAMILIES.c.next_at.is_not(None))
