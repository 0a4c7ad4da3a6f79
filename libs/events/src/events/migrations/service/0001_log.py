"""The log of a service and what the plumbing keeps beside it."""

from alembic import context, op

revision = "service_0001"
down_revision = None

TABLES = """
create table {schema}.events (
  position bigint generated always as identity primary key,
  id uuid not null,
  stream text not null,
  version integer not null check (version > 0),
  name text not null,
  schema_version smallint not null,
  data jsonb not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  meta jsonb not null,
  announced text,
  unique (stream, version)
);
create table {schema}.idempotency (
  actor text not null,
  key text not null,
  fingerprint bytea not null,
  answer jsonb not null,
  recorded_at timestamptz not null,
  primary key (actor, key)
);
create table {schema}.relayed (
  single boolean primary key default true check (single),
  position bigint not null
);
insert into {schema}.relayed (position) values (0);
create table {schema}.positions (
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  sequence bigint not null,
  primary key (topic, partition)
);
create table {schema}.parked (
  id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  sequence bigint not null,
  attributes jsonb not null,
  data text not null,
  reason text not null,
  parked_at timestamptz not null,
  attempts integer not null default 1,
  state text not null default 'parked' check (state in ('parked', 'replayed', 'discarded')),
  settled_at timestamptz,
  settled_by text,
  original text,
  unique (topic, key, sequence)
);
create index on {schema}.parked (topic, key) where state = 'parked';
create table {schema}.confidential_reads (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  person uuid not null,
  field text not null,
  purpose text not null
);
create table {schema}.read_models (
  name text primary key,
  version integer not null,
  rebuilt_at timestamptz
);
grant select, insert on {schema}.events, {schema}.idempotency, {schema}.confidential_reads to {role};
grant select, insert, update on {schema}.relayed, {schema}.positions, {schema}.parked to {role};
grant select on {schema}.read_models to {role};
"""


def upgrade() -> None:
    attributes = context.config.attributes
    for statement in TABLES.format(schema=attributes["schema"], role=attributes["role"]).split(";\n"):
        if statement.strip():
            op.execute(statement)
