"""The keys of persons, and the log that stands in for Kafka on one machine."""

from alembic import op

from events.bus_postgres import bus_schema

revision = "shared_0001"
down_revision = None

KEYS = """
create table privacy.person_keys (
  person uuid primary key,
  wrapped bytea,
  master text not null,
  created_at timestamptz not null default now(),
  forgotten_at timestamptz,
  forgotten_by text,
  check ((wrapped is null) = (forgotten_at is not null))
)
"""


def upgrade() -> None:
    op.execute(KEYS)
    for statement in bus_schema():
        op.execute(statement)
