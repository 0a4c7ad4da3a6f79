"""Immutability is kept by PostgreSQL: the role of a service can add facts and read them, and nothing else."""

import asyncio

import asyncpg
import pytest
from tests.alive import by
from tests.integration.events.conftest import Owner
from tests.integration.events.echo import ECHO
from tests.sample import NOTE, SAMPLE, Write

from events import database as connections
from events.ids import uuid7
from events.migrate import migrate
from events.runtime import Runtime

FORBIDDEN = {
    "update": "update {table} set {column} = {column}",
    "delete": "delete from {table}",
    "truncate": "truncate {table}",
    "drop": "drop table {table}",
    "alter": "alter table {table} add column more text",
    "rule": "create rule nothing as on insert to {table} do instead nothing",
}


@pytest.mark.parametrize(
    ("table", "column"), [("events", "data"), ("idempotency", "answer"), ("confidential_reads", "at")]
)
async def test_a_service_can_add_and_read_what_is_recorded_and_nothing_else(
    sample: Runtime, owner: Owner, table: str, column: str
) -> None:
    """Architecture, immutability: PostgreSQL itself refuses to change an event, an answer or a record of a reading."""
    key = uuid7()
    await sample.handle(NOTE, key, Write(key, "Alder"), by())
    for statement in FORBIDDEN.values():
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sample.pool.execute(statement.format(table=table, column=column))
    granted = owner(
        "select privilege_type from information_schema.role_table_grants"
        " where grantee = 'hearthline_sample' and table_schema = 'sample' and table_name = %s order by 1",
        table,
    )
    assert granted == [("INSERT",), ("SELECT",)]
    assert [fact.version for fact in await sample.stream(NOTE.stream(key))] == [1]


async def test_a_service_cannot_see_into_the_schema_of_another(sample: Runtime, database: str) -> None:
    """Architecture, one database of many owners: what others own is reached over the bus or not at all."""
    await migrate(database, [ECHO])
    stranger = await connections.connect(connections.as_role(database, ECHO.role), ECHO.schema)
    try:
        for table in ("events", "notes", "idempotency", "parked", "positions", "confidential_reads"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await stranger.fetch(f"select * from {SAMPLE.schema}.{table}")  # noqa: S608
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await stranger.execute("create schema other")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await stranger.execute("update privacy.person_keys set wrapped = null")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await stranger.execute("delete from bus.messages")
        assert await stranger.fetchval("select count(*) from events") == 0
    finally:
        await stranger.close()


async def test_migrating_again_and_twice_at_once_changes_nothing(database: str, owner: Owner) -> None:
    """Architecture, operations: a migration can be repeated, also by two deployments at the same moment."""
    await asyncio.gather(migrate(database, [SAMPLE, ECHO]), migrate(database, [SAMPLE, ECHO]))
    await migrate(database, [SAMPLE, ECHO])
    assert owner("select count(*) from sample.relayed") == [(1,)]
    assert owner("select name, version from echo.read_models") == [("echoes", 1)]
