"""The deadlines service alive on a database of its own, with people who call it and neighbours that feed it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.alive import START, SUPERVISOR, WORKER, Sent, alive, bearer, issuer, virtual

from deadlines.wiring import SERVICE
from events.authority import Actor
from events.clock import VirtualClock
from events.contracts.intake import ReportAssigned, ReportReceived, ReportScreened
from events.event import PublicEvent
from events.http import process_app
from events.ids import derived
from events.issuer import Issuer
from events.message import Batch, Message
from events.relay import NEXT, messages
from events.runtime import Runtime
from events.service import Service

DIRECTOR = Actor("dora-director", frozenset({"ROLE-12"}), frozenset({"Alder"}))
DIVISION = Actor("dave-division", frozenset({"ROLE-13"}), frozenset({"Alder", "Birch"}))
STRANGER = Actor("sigrid-supervisor", frozenset({"ROLE-03"}), frozenset({"Birch"}))
PLACES = {"regions": {"north": ("Alder",), "south": ("Birch",)}}


@dataclass
class Desk:
    """One running service as its callers see it, and as its neighbours feed it."""

    runtime: Runtime
    time: VirtualClock
    http: httpx.AsyncClient
    tokens: Issuer
    fed: dict[str, int] = field(default_factory=dict)

    async def ask(self, actor: Actor, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.request(
            method, f"/deadlines{path}", json=body, headers=bearer(self.tokens, actor) | named
        )

    async def get(self, actor: Actor, path: str) -> Any:
        """The content of a GET that must succeed."""
        answer = await self.ask(actor, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def hear(self, *events: PublicEvent, at: datetime = START, learned: datetime | None = None) -> None:
        """These public events happen one minute apart and arrive; without `learned` they are known when they happen."""
        for step, event in enumerate(events):
            self.time.instant = max(self.time.instant, at + timedelta(minutes=step))
            number = self.fed.get(event.topic, 0)
            self.fed[event.topic] = number + 1
            message = message_of(event, number, at + timedelta(minutes=step), learned)
            await self.runtime.consumer.handle(Batch(event.topic, 0, number, number + 1, [message]))

    async def clocks(self, **wanted: str) -> list[Any]:
        """The rows of the sheet that the division director sees, with these values."""
        rows = (await self.get(DIVISION, "/clocks?limit=500"))["items"]
        return [row for row in rows if all(row[name] == value for name, value in wanted.items())]

    async def clock(self, **wanted: str) -> Any:
        """The one row with these values."""
        [row] = await self.clocks(**wanted)
        return row

    async def history(self, clock_id: str) -> list[Any]:
        """What was announced of a clock."""
        told: list[Any] = await self.get(DIVISION, f"/clocks/{clock_id}/history")
        return told

    async def pass_to(self, at: datetime) -> None:
        """Let the time come, and look at what has come due."""
        self.time.instant = at
        while await self.runtime.own.sweep_once(self.runtime):
            pass

    async def announced(self) -> list[Message]:
        """Everything this service has announced so far."""
        return messages("deadlines", await self.runtime.pool.fetch(NEXT, 0, 10_000))


def message_of(event: PublicEvent, number: int, at: datetime, learned: datetime | None = None) -> Message:
    """A public event as it travels; its id follows from its topic and number."""
    attributes = {
        "id": str(derived(event.topic, number)),
        "type": event.event_type,
        "time": at.isoformat(),
        "recordedat": (learned or at).isoformat(),
        "correlationid": str(derived("correlation", event.subject)),
    }
    return Message(event.topic, event.subject, number, event.to_json(), attributes)


def of_report(report: UUID, county: str = "Alder", worker: str = WORKER.id, **more: Any) -> tuple[PublicEvent, ...]:
    """What intake announces about a report until it is assigned."""
    decided = {"report_id": report, "county": county, "level": "3", "by": SUPERVISOR.id, "at": START}
    screened = {
        "decision": "screened-in",
        "immediate_response_needed": False,
        "law_enforcement_referral_needed": False,
    }
    received = {
        "report_id": report,
        "county": county,
        "received_at": START,
        "entered_at": START,
        "victims": (derived("victim", report),),
        "allegations": ("neglect",),
        "child_in_custody": False,
        "setting": "own-home",
    }
    return (
        ReportReceived.model_validate(received | more),
        ReportScreened.model_validate(decided | screened),
        ReportAssigned.model_validate(decided | {"worker_id": worker, "staffed": True}),
    )


@asynccontextmanager
async def opened(database: str, directory: Path, service: Service = SERVICE, **settings: Any) -> AsyncIterator[Desk]:
    """A desk with these settings."""
    clock = virtual()
    tokens = issuer(clock, directory)
    async with alive(service, database, clock=clock, bus=Sent(), tokens=tokens, **(PLACES | settings)) as runtime:
        transport = httpx.ASGITransport(process_app([runtime]))
        async with httpx.AsyncClient(transport=transport, base_url="http://hearthline.test") as http:
            yield Desk(runtime, clock, http, tokens)


@pytest.fixture
async def desk(database: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk of two regions with the packs as delivered."""
    async with opened(database, tmp_path) as running:
        yield running
