"""What the service keeps beside its log: public facts, what they tie, when to look again, what was obeyed."""

from sqlalchemy import BigInteger, Column, DateTime, Index, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

METADATA = MetaData()

FACTS = Table(
    "facts",
    METADATA,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("type", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("data", JSONB, nullable=False),
    Column("named", ARRAY(Text), nullable=False),
)
Index("facts_named", FACTS.c.named, postgresql_using="gin")
Index("facts_type", FACTS.c.type)

TIES = Table(
    "ties",
    METADATA,
    Column("one", Text, primary_key=True),
    Column("other", Text, primary_key=True),
)

SCOPES = Table(
    "scopes",
    METADATA,
    Column("scope", Text, primary_key=True),
    Column("report_id", UUID(as_uuid=True)),
    Column("county", Text, nullable=False),
    Column("region", Text),
    Column("worker_id", Text),
    Column("next_at", DateTime(timezone=True)),
    Column("unknown", JSONB, nullable=False),
)
Index("scopes_next_at", SCOPES.c.next_at, postgresql_where=SCOPES.c.next_at.is_not(None))

OBEYED = Table(
    "obeyed",
    METADATA,
    Column("service", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
