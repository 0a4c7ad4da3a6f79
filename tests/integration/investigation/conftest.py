"""The investigation service alive on a database of its own, with people who call it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.alive import START, SUPERVISOR, WORKER, Sent, alive, bearer, issuer, virtual

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
from investigation.reactions import investigation_of
from investigation.wiring import SERVICE

ANNA, MOTHER = UUID("01890000-0000-7000-8000-0000000000b1"), UUID("01890000-0000-7000-8000-0000000000c1")


@dataclass
class Desk:
    """One running service as its callers see it, and as intake feeds it."""

    runtime: Runtime
    clock: VirtualClock
    http: httpx.AsyncClient
    tokens: Issuer
    fed: list[PublicEvent] = field(default_factory=list)

    async def ask(self, actor: Actor, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request; the path is relative to the investigations."""
        return await self.http.request(
            method,
            f"/investigation/investigations{path}",
            json=body,
            headers=bearer(self.tokens, actor) | {name.replace("_", "-"): value for name, value in headers.items()},
        )

    async def done(self, actor: Actor, path: str, body: Any = None, **headers: str) -> list[str]:
        """The facts that a POST recorded; it must succeed."""
        answer = await self.ask(actor, "POST", path, body, **headers)
        assert answer.status_code == 200, answer.text
        facts: list[str] = answer.json()["events"]
        return facts

    async def hear(self, *events: PublicEvent, at: datetime = START) -> None:
        """These public events of intake arrive."""
        first = len(self.fed)
        self.fed += events
        batch = [_message(number, event, at) for number, event in enumerate(events, first)]
        await self.runtime.consumer.handle(Batch("intake", 0, first, len(self.fed), batch))

    async def open(self, report: UUID, county: str = "Alder", worker: str = WORKER.id, level: str = "3") -> UUID:
        """A report becomes an investigation."""
        await self.hear(*of_report(report, county, worker, level))
        return investigation_of(report)

    async def announced(self) -> list[Message]:
        """Everything this service has announced so far."""
        rows = await self.runtime.pool.fetch(NEXT, 0, 1000)
        return messages("investigation", rows)


def _message(number: int, event: PublicEvent, at: datetime) -> Message:
    when = (at + timedelta(minutes=number)).isoformat()
    attributes = {
        "id": str(derived("intake", number)),
        "type": event.event_type,
        "time": when,
        "recordedat": when,
        "correlationid": str(derived("correlation", event.subject)),
    }
    return Message("intake", event.subject, number, event.to_json(), attributes)


def of_report(report: UUID, county: str, worker: str, level: str) -> Sequence[PublicEvent]:
    """What intake announces about a report until it is assigned."""
    decided = {"report_id": report, "county": county, "level": level, "by": SUPERVISOR.id, "at": START}
    return (
        ReportReceived(
            report_id=report,
            county=county,
            received_at=START,
            entered_at=START,
            victims=(ANNA,),
            allegations=("neglect",),
            child_in_custody=False,
            setting="own-home",
        ),
        ReportScreened.model_validate(
            decided
            | {
                "decision": "screened-in",
                "immediate_response_needed": False,
                "law_enforcement_referral_needed": False,
            }
        ),
        ReportAssigned.model_validate(decided | {"worker_id": worker, "staffed": True}),
    )


@pytest.fixture
async def desk(database: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """The service and its HTTP side."""
    clock = virtual()
    tokens = issuer(clock, tmp_path)
    async with alive(
        SERVICE, database, clock=clock, bus=Sent(), tokens=tokens, investigation_practice_model=False
    ) as runtime:
        transport = httpx.ASGITransport(process_app([runtime]))
        async with httpx.AsyncClient(transport=transport, base_url="http://hearthline.test") as http:
            yield Desk(runtime, clock, http, tokens)
