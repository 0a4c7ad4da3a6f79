"""What the service keeps beside its log: public facts and what they tie, when to look again, what was obeyed, what comes."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, MetaData, Table, Text
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

FEED_READS = Table(
    "feed_reads",
    METADATA,
    Column("feed_id", UUID(as_uuid=True), primary_key=True),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("reads", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
)

DRY_RUNS = Table(
    "dry_runs",
    METADATA,
    Column("dry_run_id", UUID(as_uuid=True), primary_key=True),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("asked", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("alive_at", DateTime(timezone=True)),
    Column("subjects", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("outcome", JSONB),
    Column("problem", Text),
)
Index("dry_runs_state", DRY_RUNS.c.state, DRY_RUNS.c.asked_at)

DRY_RUN_CLOCKS = Table(
    "dry_run_clocks",
    METADATA,
    Column("dry_run_id", UUID(as_uuid=True), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("change", Text, nullable=False),
    Column("clock", JSONB, nullable=False),
)
