"""The whole service at work on the bus in PostgreSQL: consumer, relay and senders together."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.alive import ADMINISTRATOR, WORKER, alive, bearer, issuer, virtual
from tests.integration.notifications.conftest import message_of, smtp
from tests.integration.notifications.servers import Postbox
from tests.unit.notifications.cases import missed

from events.http import process_app
from events.testing import eventually
from notifications.wiring import SERVICE


async def test_from_the_bus_to_the_mailbox_and_back_to_the_bus(database: str, tmp_path: Path, postbox: Postbox) -> None:
    """003:1061: a missed clock ends in the worker's mailbox once, and is announced as sent."""
    clock = virtual()
    tokens = issuer(clock, tmp_path)
    async with alive(SERVICE, database, clock=clock, tokens=tokens, **smtp(postbox)) as runtime:
        transport = httpx.ASGITransport(process_app([runtime]))
        async with httpx.AsyncClient(transport=transport, base_url="http://hearthline.test") as http:
            body = {"name": "Wilma Worker", "email": "wilma.worker@agency.example", "roles": ["ROLE-05"]}
            path = f"/notifications/directory/{WORKER.id}"
            assert (await http.put(path, json=body, headers=bearer(tokens, ADMINISTRATOR))).status_code == 200
            operations = (await http.get("/notifications/openapi.json")).json()["paths"]
        work = asyncio.create_task(runtime.work())
        await runtime.bus.ensure_topics(["deadlines"])
        message = message_of("deadlines", 0, 0, missed(), clock.now().isoformat())
        await runtime.bus.publish([message, message])

        async def done() -> Any:
            relayed = await runtime.pool.fetchval("select position from relayed")
            return relayed and await runtime.pool.fetchval("select 1 from deliveries where state = 'sent'")

        await eventually(done)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert [address for address, _ in postbox.letters] == ["wilma.worker@agency.example"]
    assert {"/inbox/stream", "/webhooks/{webhook_id}/deliveries/{delivery_id}/resend"} <= operations.keys()
