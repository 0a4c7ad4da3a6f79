"""The notifications service alive on a database of its own, with staff, a mail server and an endpoint."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.alive import ADMINISTRATOR, SUPERVISOR, WORKER, Sent, alive, bearer, issuer
from tests.integration.notifications.servers import HOST, Postbox, Receiver, mail_server, receiver
from tests.unit.notifications.cases import HOOK, REPORT

from events.authority import Actor
from events.clock import SystemClock, VirtualClock
from events.event import PublicEvent
from events.http import process_app
from events.ids import derived
from events.issuer import Issuer
from events.message import Batch, Message
from events.runtime import Runtime
from notifications.sending import run_once
from notifications.wiring import SERVICE


@dataclass
class Office:
    """One running service as its callers see it, and as its neighbours feed it."""

    runtime: Runtime
    clock: VirtualClock
    http: httpx.AsyncClient
    tokens: Issuer
    fed: dict[str, int] = field(default_factory=dict)

    async def ask(self, actor: Actor, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.request(
            method, f"/notifications{path}", json=body, headers=bearer(self.tokens, actor) | named
        )

    async def get(self, actor: Actor, path: str) -> Any:
        """The content of a GET that must succeed."""
        answer = await self.ask(actor, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def enter(self, actor: Actor, **more: Any) -> None:
        """Enter a member of staff in the directory, under an address of their own."""
        body = {
            "name": actor.id.replace("-", " ").title(),
            "email": f"{actor.id}@agency.example",
            "roles": sorted(actor.roles),
            "counties": sorted(actor.counties),
        }
        answer = await self.ask(ADMINISTRATOR, "PUT", f"/directory/{actor.id}", body | more)
        assert answer.status_code == 200, answer.text

    async def register(self, url: str, **more: Any) -> str:
        """Register an endpoint for the clocks of Alder. Returns its secret."""
        body = {"url": url, "types": ["deadlines.*"], "counties": ["Alder"], "organisation": "provider"} | more
        answer = await self.ask(ADMINISTRATOR, "PUT", f"/webhooks/{HOOK}", body)
        assert answer.status_code == 201, answer.text
        secret: str = answer.json()["secret"]
        return secret

    async def hear(self, *events: PublicEvent, again: bool = False) -> None:
        """These public events of one neighbour arrive, or arrive once more under their old ids."""
        (topic,) = {event.topic for event in events}
        start = self.fed.get(topic, 0)
        first = start - len(events) if again else start
        now = self.clock.now().isoformat()
        batch = [message_of(topic, start + step, first + step, event, now) for step, event in enumerate(events)]
        self.fed[topic] = start + len(events)
        await self.runtime.consumer.handle(Batch(topic, 0, start, self.fed[topic], batch))

    async def send(self) -> int:
        """Send what is due. Returns the number of attempts."""
        return await run_once(self.runtime)

    async def deliveries(self, **wanted: Any) -> list[Any]:
        """The deliveries with these values, oldest first."""
        rows = await self.runtime.pool.fetch("select * from deliveries order by created_at, delivery_id")
        return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def message_of(topic: str, sequence: int, number: int, event: PublicEvent, now: str) -> Message:
    """A public event as it travels; its id follows from its number."""
    attributes = {
        "id": str(derived(topic, number)),
        "type": event.event_type,
        "time": now,
        "recordedat": now,
        "correlationid": str(derived("correlation", REPORT)),
    }
    return Message(topic, event.subject, sequence, event.to_json(), attributes)


@asynccontextmanager
async def opened(database: str, directory: Path, **settings: Any) -> AsyncIterator[Office]:
    """An office whose virtual clock shows the present, because receivers refuse old signatures."""
    clock = VirtualClock(SystemClock().now())
    tokens = issuer(clock, directory)
    settings = {"notifications_webhook_allow_private": True} | settings
    async with alive(SERVICE, database, clock=clock, bus=Sent(), tokens=tokens, **settings) as runtime:
        transport = httpx.ASGITransport(process_app([runtime]))
        async with httpx.AsyncClient(transport=transport, base_url="http://hearthline.test") as http:
            yield Office(runtime, clock, http, tokens)


def smtp(box: Postbox) -> dict[str, Any]:
    """The settings that lead to this mail server."""
    return {
        "notifications_smtp_host": HOST,
        "notifications_smtp_port": box.port,
        "notifications_smtp_starttls": False,
        "notifications_smtp_sender": "hearthline@agency.example",
    }


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server."""
    with mail_server() as box:
        yield box


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    """A receiver of webhooks."""
    with receiver() as seen:
        yield seen


@pytest.fixture
async def office(database: str, tmp_path: Path, postbox: Postbox) -> AsyncIterator[Office]:
    """An office with a mail server, and with worker and supervisor of Alder in the directory."""
    async with opened(database, tmp_path, **smtp(postbox)) as running:
        await running.enter(SUPERVISOR)
        await running.enter(WORKER, supervisorId=SUPERVISOR.id)
        yield running
