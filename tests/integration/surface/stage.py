"""Every service on stage: alive behind an ASGI lifespan, with records in it, and with people who call it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.alive import START, SUPERVISOR, WORKER, Sent, alive, bearer, issuer, virtual
from tests.integration.intake.conftest import SCREENED_IN
from tests.integration.intake.conftest import Desk as IntakeDesk
from tests.integration.investigation.conftest import Desk as InvestigationDesk
from tests.integration.investigation.conftest import of_report
from tests.integration.investigation.forms import PLAN
from tests.integration.investigation.test_api import field_work
from tests.integration.notifications.conftest import Office
from tests.unit.notifications.cases import HOOK, assigned, missed, warned

from events.authority import Actor
from events.bodies import CONTROLS
from events.http import process_app
from events.ids import derived
from events.issuer import Issuer
from events.permissions import ROLES
from events.runtime import Runtime
from events.service import Service, installed

ALMIGHTY = Actor("ada-almighty", frozenset(ROLES), frozenset({"Alder"}), "provider")
NOBODY = Actor("norman-nobody")
SERVICES = {service.name: service for service in installed()}
LOCAL: dict[str, Any] = {"notifications_webhook_allow_private": True}
WORDS = {
    "url": "http://127.0.0.1:9/endpoint",
    "types": "deadlines.*",
    "counties": "Alder",
    "event": "ReportScreened",
    "reason": "being-done",
}
Records = dict[str, list[str]]


async def intake(runtime: Runtime, http: httpx.AsyncClient, tokens: Issuer) -> Records:
    """Reports at each stage of their way."""
    desk = IntakeDesk(runtime, virtual(), http, tokens)
    received, answered = await desk.received("received"), await desk.answered("answered")
    custody = await desk.answered("custody", childInCustody="yes", setting="resource-home")
    screened, given = await desk.answered("screened"), await desk.answered("assigned")
    for each in (screened, given):
        await desk.done(SUPERVISOR, f"/{each}/screening", SCREENED_IN)
    await desk.done(SUPERVISOR, f"/{given}/assignment", {"workerId": WORKER.id})
    return {"report_id": [str(each) for each in (received, answered, custody, screened, given)]}


async def investigation(runtime: Runtime, http: httpx.AsyncClient, tokens: Issuer) -> Records:
    """An investigation just opened, and one that is ready to be submitted."""
    desk = InvestigationDesk(runtime, virtual(), http, tokens)
    fresh, ready = [await desk.open(derived("test-report", name)) for name in ("fresh", "ready")]
    await field_work(desk, f"/{ready}")
    return {"investigation_id": [str(fresh), str(ready)], "planId": [PLAN]}


async def deadlines(runtime: Runtime, http: httpx.AsyncClient, tokens: Issuer) -> Records:
    """The clocks of two assigned reports."""
    desk = InvestigationDesk(runtime, virtual(), http, tokens)
    for name in ("clocks", "more clocks"):
        facts = of_report(derived("test-report", name), "Alder", WORKER.id, "3")
        await desk.hear(*facts, at=START - timedelta(hours=1))
    rows = await runtime.pool.fetch("select clock_id from clocks order by clock_id")
    scopes = await runtime.pool.fetch("select scope from scopes order by scope")
    feeds = [
        (await http.post("/deadlines/clocks/feeds", headers=bearer(tokens, each))).json() for each in (ALMIGHTY, WORKER)
    ]
    run = (await http.post("/deadlines/rules/dry-runs", json={}, headers=bearer(tokens, ALMIGHTY))).json()
    return {
        "clock_id": [str(row["clock_id"]) for row in rows],
        "scope": [row["scope"] for row in scopes],
        "dry_run_id": [run["dryRunId"]],
        "feed_id": [feeds[0]["id"]],
        "secret": [feeds[1]["path"].rpartition("/")[2].removesuffix(".ics")],
    }


async def notifications(runtime: Runtime, http: httpx.AsyncClient, tokens: Issuer) -> Records:
    """Staff, notices, an endpoint and deliveries to it."""
    office = Office(runtime, virtual(), http, tokens)
    await office.enter(SUPERVISOR)
    await office.enter(WORKER, supervisorId=SUPERVISOR.id)
    await office.register("https://hooks.provider.example/hearthline")
    await office.hear(assigned())
    await office.hear(warned(), missed())
    notices = await runtime.pool.fetch("select notice_id from inbox order by place")
    deliveries = await office.deliveries(webhook_id=HOOK)
    return {
        "staff_id": [WORKER.id],
        "webhook_id": [str(HOOK)],
        "notice_id": [str(row["notice_id"]) for row in notices],
        "delivery_id": [str(row["delivery_id"]) for row in deliveries],
    }


RECORDS: dict[str, Callable[[Runtime, httpx.AsyncClient, Issuer], Awaitable[Records]]] = {
    "deadlines": deadlines,
    "intake": intake,
    "investigation": investigation,
    "notifications": notifications,
}


@dataclass
class Stage:
    """One service and its records. As an ASGI application it lives from the lifespan's startup to its shutdown."""

    service: Service
    url: str
    directory: Path
    records: Records = field(default_factory=dict)
    opened: AsyncExitStack = field(default_factory=AsyncExitStack)
    answering: ASGIApp = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.clock = virtual()
        self.tokens = issuer(self.clock, self.directory)

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[ASGIApp]:
        """The running service with its records."""
        async with alive(self.service, self.url, clock=self.clock, bus=Sent(), tokens=self.tokens, **LOCAL) as runtime:
            app = process_app([runtime])
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hearthline.test") as http:
                self.records = await RECORDS[self.service.name](runtime, http, self.tokens)
            runtime.stopping = True  # so that a stream ends as any other answer does
            yield app

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The service as an ASGI application that knows of lifespans."""
        if scope["type"] != "lifespan":
            await self.answering(scope, receive, send)
            return
        await receive()
        self.answering = await self.opened.enter_async_context(self.alive())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.opened.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    def as_(self, actor: Actor) -> dict[str, str]:
        """The Authorization header of an actor."""
        return bearer(self.tokens, actor)

    def path(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """These path parameters with the ids of records in place of most ids that are well formed."""
        return {name: self._known(name, value) for name, value in parameters.items()}

    def body(self, value: Any, name: str = "") -> Any:
        """This body in a form that rules will consider: legible, about the past, about what is there."""
        if isinstance(value, dict):
            return {key: self.body(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self.body(item, name) for item in value]
        if not isinstance(value, str):
            return value
        if name == "until":
            return (START + timedelta(hours=1)).isoformat()
        if name == "at" or name.endswith("At"):
            return START.isoformat()
        return WORDS.get(name) or self._known(name, CONTROLS.sub(" ", value).strip() or "text")

    def _known(self, name: str, value: Any) -> Any:
        records = self.records.get(name)
        if records and name == "secret":
            return records[0]
        try:
            number = UUID(str(value)).int
        except ValueError:
            number = sum(map(ord, str(value))) if name == "scope" else 0
        return records[number % len(records)] if records and number % 8 else value
