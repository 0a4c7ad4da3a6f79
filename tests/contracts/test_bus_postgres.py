"""What only the log in PostgreSQL has: rights, retention, a lock that dies with its session."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from tests.contracts.conftest import with_schema
from tests.contracts.ledger import Ledger, message, messages

from events.bus_postgres import PostgresBus, create_schema, lock_key, purge
from events.delivery import BeyondRepair
from events.testing import eventually

KEYS = [f"report-{number}" for number in range(10)]
ROLE = "bus_test_intake"
RIGHTS = f"""
do $$ begin create role {ROLE} login; exception when duplicate_object then null; end $$;
grant usage on schema bus to {ROLE};
grant select, insert on all tables in schema bus to {ROLE};
"""

WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
KILL_THE_ACTIVE = """
select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
"""


@pytest.fixture
async def owner(database: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(with_schema(database))
    yield connection
    await connection.close()


@pytest.fixture
async def bus(owner: Any, database: str) -> AsyncIterator[PostgresBus]:
    made = PostgresBus(database)
    yield made
    await made.close()


def as_role(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{ROLE}@{parts.netloc.rpartition('@')[2]}"))


async def test_the_schema_may_be_created_again(owner: Any, bus: PostgresBus) -> None:
    await bus.publish([message("reports", "report-1", 1)])
    await create_schema(owner)
    assert await owner.fetchval("select count(*) from bus.messages") == 1


async def test_a_service_needs_select_and_insert_and_can_change_nothing(owner: Any, database: str) -> None:
    """Architecture, decision 8: the application role may only INSERT and SELECT."""
    await owner.execute(RIGHTS)
    ledger, bus = Ledger(), PostgresBus(as_role(database))
    async with bus.consume("rights", ["reports"], ledger, ledger.handle):
        await bus.publish(messages("reports", KEYS, 20))
        await ledger.reached(20)
    await bus.close()
    service = await asyncpg.connect(as_role(database))
    for statement in ("delete from bus.messages", "update bus.messages set key = ''", "truncate bus.messages"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(statement)
    await service.close()


async def test_a_missing_right_ends_the_consumer_and_is_raised_on_leaving(owner: Any, database: str) -> None:
    await owner.execute(RIGHTS)
    await owner.execute("revoke select on bus.messages from bus_test_intake")
    ledger, bus = Ledger(), PostgresBus(as_role(database))
    with pytest.raises(BeyondRepair) as raised:
        async with asyncio.timeout(5), bus.consume("no-right", ["reports"], ledger, ledger.handle):
            await asyncio.Event().wait()
    assert isinstance(raised.value.__cause__, asyncpg.InsufficientPrivilegeError)
    await bus.close()


async def test_a_publish_is_all_or_nothing_and_raises_what_is_wrong(owner: Any, bus: PostgresBus) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await bus.publish([message("reports", "report-1", 1), message("reports", "nul\0", 2)])
    assert await owner.fetchval("select count(*) from bus.messages") == 0


async def test_commit_order_is_position_order_so_that_no_reader_skips(owner: Any, bus: PostgresBus) -> None:
    """A publisher that has not committed yet holds back the others of its topic, and only of its topic."""
    ledger = Ledger()
    parked = owner.transaction()
    await parked.start()
    await owner.execute("select pg_advisory_xact_lock($1)", lock_key("topic", "reports"))
    async with bus.consume("order", ["reports", "visits"], ledger, ledger.handle):
        waiting = asyncio.create_task(bus.publish([message("reports", "report-1", 1)]))
        await bus.publish([message("visits", "visit-1", 1)])
        await ledger.reached(1)
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await parked.rollback()
        await waiting
        await ledger.reached(2)


async def test_the_stand_by_takes_over_at_once_when_the_active_member_dies(
    owner: Any, bus: PostgresBus, database: str
) -> None:
    """Killing the session stands for killing the process: the lock goes with it."""
    ledger, handled = Ledger(), []
    other = PostgresBus(database)

    async def first(batch: Any) -> None:
        handled.append("first")
        await ledger.handle(batch)

    async def second(batch: Any) -> None:
        handled.append("second")
        await ledger.handle(batch)

    async with bus.consume("death", ["reports"], ledger, first):
        await bus.publish(messages("reports", KEYS, 10))
        await ledger.reached(10)
        async with other.consume("death", ["reports"], ledger, second):
            await eventually(lambda: owner.fetchval(WAITING), within=5)
            before = asyncio.get_running_loop().time()
            await owner.execute(KILL_THE_ACTIVE)
            await bus.publish(messages("reports", KEYS, 10, 11))
            await ledger.reached(20)
            assert asyncio.get_running_loop().time() - before < 1
    await other.close()
    assert set(handled[: handled.index("second")]) == {"first"}
    assert set(handled[handled.index("second") :]) == {"second"}


async def test_a_lone_member_whose_connection_breaks_comes_back(owner: Any, bus: PostgresBus) -> None:
    ledger = Ledger()
    async with bus.consume("alone", ["reports"], ledger, ledger.handle):
        for round in range(1, 4):
            await bus.publish(messages("reports", KEYS, 10, round * 10))
            await ledger.reached(round * 10)
            await owner.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'hearthline-bus-member'"
            )


async def test_purge_deletes_what_is_old_and_readers_continue_with_the_rest(owner: Any, bus: PostgresBus) -> None:
    ledger = Ledger()
    await bus.publish(messages("reports", KEYS, 10))
    boundary = await owner.fetchval("select now()")
    await bus.publish(messages("reports", KEYS, 10, 11))
    assert await purge(owner, boundary - timedelta(days=1)) == 0
    assert await purge(owner, boundary) == 10
    async with bus.consume("purged", ["reports"], ledger, ledger.handle):
        await ledger.reached(10)
    assert min(each.sequence for each in ledger.effects) == 11
