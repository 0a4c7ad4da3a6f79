"""What an operator sees: ready or not and why, how far behind, how long, what is parked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.alive import Sent, alive
from tests.integration.events.echo import ECHO
from tests.integration.events.http_client import Client, client
from tests.integration.events.test_consumer import ONE, batch, message
from tests.sample import SAMPLE

from events.runtime import Runtime


async def measured(caller: Client) -> dict[tuple[str, str], float]:
    """The metrics by name and service."""
    answer = await caller("GET", "/metrics", by=None)
    assert answer.status_code == 200
    return {
        (sample.name, sample.labels["service"]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@asynccontextmanager
async def at_work(runtime: Runtime) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(runtime.work())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_service_at_work_is_ready(caller: Client) -> None:
    """Architecture, operations: readiness is what the load balancer asks."""
    async with at_work(caller.runtime):
        assert (await caller("GET", "/health/ready", by=None)).json() == {"status": "ready", "reasons": {}}
        assert (await caller("GET", "/health/live", by=None)).json() == {"status": "live"}


async def test_a_loop_that_dies_makes_the_service_unready(database: str, tmp_path: Path) -> None:
    """Architecture, operations: half a service is no service; the reason is named, not told."""

    async def dies(runtime: Runtime) -> None:
        raise ArithmeticError("a private detail")

    async with (
        client(database, tmp_path, replace(SAMPLE, background=(dies,))) as caller,
        at_work(caller.runtime) as work,
    ):
        await asyncio.wait({work}, timeout=5)
        assert work.done()
        answer = await caller("GET", "/health/ready", by=None)
        assert answer.status_code == 503
        assert answer.json() == {"status": "not ready", "reasons": {"sample": ["ArithmeticError"]}}
        with pytest.raises(ExceptionGroup):
            await work


async def test_a_service_that_is_stopping_is_not_ready(caller: Client) -> None:
    """Architecture, stopping: no new requests while the last batches finish."""
    caller.runtime.stopping = True
    answer = await caller("GET", "/health/ready", by=None)
    assert (answer.status_code, answer.json()["reasons"]) == (503, {"sample": ["stopping"]})


async def test_the_lag_of_the_relay_is_measured(caller: Client) -> None:
    """Architecture, metrics: in events while it is behind, in seconds when it publishes."""
    await caller.write()
    assert (await measured(caller))["hearthline_unrelayed_positions", "sample"] == 1
    async with caller.runtime.pool.acquire() as connection:
        await caller.runtime.relay.run_once(connection)
    now = await measured(caller)
    assert now["hearthline_unrelayed_positions", "sample"] == 0
    assert now["hearthline_relay_delay_seconds", "sample"] == 0
    assert now["hearthline_relayed_events_total", "sample"] >= 1
    assert now["hearthline_oldest_transaction_seconds", "sample"] < 1
    assert now["hearthline_request_seconds_count", "sample"] >= 1


async def test_what_is_parked_and_the_lag_of_the_consumer_are_measured(caller: Client, database: str) -> None:
    """Architecture, metrics: an alarm rests on them."""
    async with alive(ECHO, database, bus=Sent()) as echo:
        await echo.consumer.handle(batch(0, [message(1, ONE, 0, "Nowhere"), message(2, ONE, 1)]))
        await echo.metrics.look(echo.pool)
        now = await measured(caller)
    assert now["hearthline_parked_messages", "echo"] == 2
    assert now["hearthline_consume_delay_seconds", "echo"] == 0
    assert now["hearthline_consumed_messages_total", "echo"] >= 2
