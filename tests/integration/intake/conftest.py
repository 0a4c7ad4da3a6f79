"""Intake alive on a database of its own, with the people who call it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.alive import HOTLINE, SUPERVISOR, Sent, alive, bearer, issuer, virtual

from events.authority import Actor
from events.clock import VirtualClock
from events.http import process_app
from events.ids import derived
from events.issuer import Issuer
from events.message import Message
from events.relay import NEXT, messages
from events.runtime import Runtime
from intake.wiring import SERVICE

CHILD, CALLER, UNCLE = (derived("person", name) for name in ("child", "caller", "uncle"))
DIRECTOR = Actor("rita-director", frozenset({"ROLE-12"}), frozenset({"Alder"}))
BIRCH = Actor("bea-supervisor", frozenset({"ROLE-03"}), frozenset({"Birch"}))


def report(**changes: Any) -> dict[str, Any]:
    """A report as hotline software enters it."""
    usual: dict[str, Any] = {
        "receivedAt": "2026-03-02T08:50:00-06:00",
        "channel": "phone",
        "county": "Alder",
        "people": [
            {"personId": str(CHILD), "roles": ["victim"], "name": "Kim Example", "birthDate": "2019-05-06"},
            {"personId": str(UNCLE), "roles": ["alleged-perpetrator"], "name": "Uli Example"},
            {"personId": str(CALLER), "roles": ["complainant"], "name": "Cora Caller", "contact": "555 0100"},
        ],
        "allegationSummary": "what the caller said",
        "setting": "own-home",
        "childInCustody": "no",
        "felonyGround": "none",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


@dataclass
class Desk:
    """One running service as its callers see it."""

    runtime: Runtime
    clock: VirtualClock
    http: httpx.AsyncClient
    tokens: Issuer

    async def ask(self, actor: Actor, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request; the path is relative to the reports."""
        sent = bearer(self.tokens, actor) | {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.request(method, f"/intake/reports{path}", json=body, headers=sent)

    async def done(self, actor: Actor, path: str, body: Any = None, **headers: str) -> list[str]:
        """The facts that a POST recorded; it must succeed."""
        answer = await self.ask(actor, "POST", path, body, **headers)
        assert answer.status_code == 200, answer.text
        facts: list[str] = answer.json()["events"]
        return facts

    async def received(self, name: str = "one", **changes: Any) -> UUID:
        """A report taken by the hotline."""
        id = derived("test-report", name)
        answer = await self.ask(HOTLINE, "PUT", f"/{id}", report(**changes))
        assert answer.status_code == 201, answer.text
        return id

    async def answered(self, name: str = "one", **changes: Any) -> UUID:
        """A report received, searched, and its questions answered: level 2."""
        id = await self.received(name, **changes)
        await self.done(HOTLINE, f"/{id}/prior-search", {"family": True, "children": [str(CHILD)]})
        yes = dict.fromkeys(("familyCanBeFound", "perpetratorIsParent", "meetsDefinition"), True)
        await self.done(SUPERVISOR, f"/{id}/screening-answers", yes | {"imminentDanger": "no"})
        return id

    async def announced(self) -> list[Message]:
        """Everything this service has announced so far."""
        rows = await self.runtime.pool.fetch(NEXT, 0, 1000)
        return messages("intake", rows)


SCREENED_IN = {
    "decision": "screened-in",
    "agrees": True,
    "immediateResponseNeeded": False,
    "lawEnforcementReferralNeeded": False,
}


@pytest.fixture
async def desk(database: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """The service and its HTTP side; the agency calls an entry late after an hour."""
    clock = virtual()
    tokens = issuer(clock, tmp_path)
    async with alive(SERVICE, database, clock=clock, bus=Sent(), tokens=tokens, intake_tolerance_minutes=60) as runtime:
        transport = httpx.ASGITransport(process_app([runtime]))
        async with httpx.AsyncClient(transport=transport, base_url="http://hearthline.test") as http:
            yield Desk(runtime, clock, http, tokens)
