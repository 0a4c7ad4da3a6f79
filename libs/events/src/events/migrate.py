"""Migrations, as the owner of the schemas: the log by Alembic, read models from their tables, rights for the services."""

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from events.database import sqlalchemy_url
from events.service import Service

# Beside a log that already has facts, a new read model is not up to date: it has to be rebuilt first.
UP_TO_DATE = """
insert into read_models (name, version) select :name, :version where not exists (select from events)
on conflict do nothing
"""


def _alembic(history: str, connection: Connection, schema: str, role: str) -> None:
    config = Config()
    root = files("events") / "migrations"
    config.set_main_option("script_location", str(root))
    config.set_main_option("version_locations", str(root / history))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, schema=schema, role=role)
    command.upgrade(config, "head")


def _role(connection: Connection, role: str) -> None:
    found = connection.execute(text("select 1 from pg_roles where rolname = :role"), {"role": role}).first()
    if not found:
        connection.execute(text(f"create role {role} login"))


def _shared(connection: Connection) -> None:
    connection.execute(text("select pg_advisory_xact_lock(4711)"))
    for schema in ("privacy", "bus"):
        connection.execute(text(f"create schema if not exists {schema}"))
    _alembic("shared", connection, "privacy", "")


def _service(connection: Connection, service: Service) -> None:
    schema, role = service.schema, service.role
    connection.execute(text("select pg_advisory_xact_lock(4711)"))
    _role(connection, role)
    connection.execute(text(f"create schema if not exists {schema}"))
    _alembic("service", connection, schema, role)
    for right in (
        f"grant usage on schema {schema}, privacy, bus to {role}",
        f"grant select, insert on privacy.person_keys to {role}",
        f"grant select, insert on all tables in schema bus to {role}",
    ):
        connection.execute(text(right))
    connection.execute(text(f"set local search_path = {schema}"))
    tables = [model.table for model in service.read_models]
    if service.tables is not None:
        tables += service.tables.sorted_tables
    for table in tables:
        create_table(connection, table, role)
    for model in service.read_models:
        connection.execute(text(UP_TO_DATE), {"name": model.table.name, "version": model.version})


def create_table(connection: Connection, table: Any, role: str) -> None:
    """Create a table and its indexes in the schema at hand unless it is there, and let the service work with it."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    if connection.execute(text("select to_regclass(:name)"), {"name": table.name}).scalar() is None:
        connection.execute(text(str(CreateTable(table).compile(dialect=dialect))))
        for index in table.indexes:
            connection.execute(text(str(CreateIndex(index).compile(dialect=dialect))))
    connection.execute(text(f"grant select, insert, update, delete on {table.name} to {role}"))


async def migrate(url: str, services: Sequence[Service], progress: Callable[[str], None] = lambda line: None) -> None:
    """Bring the database at `url` (as the owner) up to date for these services. Safe to repeat and to run twice at once."""
    engine = create_async_engine(sqlalchemy_url(url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_shared)
        for service in services:
            progress(f"migrating {service.name}")
            async with engine.begin() as connection:
                await connection.run_sync(_service, service)
    finally:
        await engine.dispose()
