"""A fictional county's week on a virtual clock: the same services, in one process, on a database of their own."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import typer

from events import database
from events.clock import VirtualClock
from events.migrate import migrate
from events.process import assembled
from events.quiet import settle
from events.service import Service
from hearthline.county import actors
from hearthline.story import Desk, person_id

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Chicago")
TOLD = ("clock-warned", "clock-missed", "clock-met", "clock-met-late", "clock-moved", "clock-cancelled")
QUIET = ("condition-known", "condition-false")
NEWS = """
select position, name, data from deadlines.events where position > $1 order by position
"""
NEXT = "select min(next_at) from deadlines.scopes where next_at > $1"
NOTICES = "select count(*) from notifications.events where name = 'notifications.notice-raised'"
SHEET = """
select title, state, due_at, missed_at, met_at from deadlines.clocks
where state <> 'cancelled' order by report_id, due_at, rule_id
"""


@dataclass
class Week:
    """The story under way."""

    desk: Desk
    clock: VirtualClock
    owner: Any
    services: Sequence[Service]
    pace: float
    told: int = 0
    lines: int = field(default=0)

    async def say(self, line: str) -> None:
        """One line of the story, with the agency's day and time."""
        local = self.clock.now().astimezone(ZONE)
        typer.echo(f"{local:%a %H:%M}  {line}")
        self.lines += 1
        await asyncio.sleep(self.pace)

    async def news(self) -> None:
        """Let everything happen that is due, and tell what became of the clocks."""
        await settle(self.owner, self.services, self.clock)
        for row in await self.owner.fetch(NEWS, self.told):
            self.told = row["position"]
            kind, clock = row["name"].removeprefix("deadlines."), row["data"]
            if kind in TOLD and not clock["provisional"] and clock["reason"] not in QUIET:
                word = kind.removeprefix("clock-").replace("-", " ")
                who = clock["worker_id"] or f"supervisors of {clock['county']}"
                await self.say(f"    {word:<9} {clock['title']}  [{clock['pack']}, {clock['source']}; {who}]")

    async def until(self, moment: datetime) -> None:
        """Let time pass, stopping wherever a clock warns or comes due."""
        while self.clock.now() < moment:
            due = await self.owner.fetchval(NEXT, self.clock.now())
            self.clock.instant = min(due, moment) if due else moment
            await self.news()


async def play(services: Sequence[Service], *, pace: float) -> None:
    """Play the week and tell what happens."""
    with tempfile.TemporaryDirectory(prefix="hearthline-demo-") as directory:
        clock = VirtualClock(MONDAY)
        url = database.embedded(Path(directory) / "postgres")
        await migrate(url, services)
        overrides = {
            "data_directory": Path(directory),
            "clock_file": None,
            "deadlines_sweep_seconds": 0.02,
            "deadlines_tolerance_minutes": 60,
            "trace_ratio": 0.0,
        }
        async with assembled(services, people=actors(), clock=clock, overrides=overrides) as process:
            assert process.issuer is not None
            work = asyncio.create_task(process.work())
            owner = await database.connect(url, "deadlines")
            transport = httpx.ASGITransport(process.app)
            try:
                async with httpx.AsyncClient(transport=transport, base_url="http://demo") as client:
                    await _tell(Week(Desk(client, process.issuer, clock), clock, owner, services, pace))
            finally:
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
                await owner.close()


async def _tell(week: Week) -> None:
    desk = week.desk
    await week.say("Alder County opens its week. Everybody here is invented.")
    await desk.directory()
    for hours, tell in _acts(week):
        await week.until(MONDAY + timedelta(hours=hours))
        await tell()
        await week.news()
    await week.until(MONDAY + timedelta(days=7))
    notices = await week.owner.fetchval(NOTICES)
    await week.say(f"The week ends. {notices} notices were raised, each once. The clocks:")
    for row in await week.owner.fetch(SHEET):
        due = row["due_at"].astimezone(ZONE)
        late = " after a miss" if row["missed_at"] and row["met_at"] else ""
        typer.echo(f"           {row['state']:<9} due {due:%a %d %b %H:%M}  {row['title']}{late}")


def _acts(week: Week) -> list[tuple[float, Callable[[], Awaitable[None]]]]:
    """The acts of the week: hours after Monday morning, and what happens."""
    desk, say = week.desk, week.say

    async def first_call() -> None:
        await say("A neighbour calls the hotline: Remy (7) and Robin (3) are alone at night.")
        await desk.call_comes_in("river", week.clock.now(), {"Remy River": 7, "Robin River": 3}, presentDanger="yes")

    async def first_screening() -> None:
        await desk.screen("river")
        await desk.assign("river", "wilma-worker")
        await say("Sam Supervisor screens it in: all four questions are met, level 3. Wilma Worker gets it.")

    async def second_call() -> None:
        await say("A teacher calls about Hollis (5). The report waits on a desk.")
        await desk.call_comes_in("hill", week.clock.now(), {"Hollis Hill": 5}, reporterType="mandated")

    async def first_contact() -> None:
        for child in ("Remy River", "Robin River"):
            await desk.investigate("wilma-worker", "river", "interviews", **_interview(child))
        await say("Wilma sees and interviews both children at home: the investigation has begun.")

    async def second_screening() -> None:
        await desk.screen("hill", "cannot-be-determined")
        await desk.assign("hill", "walter-worker")
        await say("Sam finds the report about Hollis, two days old: level 2, Walter Worker gets it.")

    async def third_call() -> None:
        await desk.call_comes_in("brook", week.clock.now(), {"Bailey Brook": 11})
        await desk.screen("brook", "no", found=False)
        await say("A call that meets none of the four questions is screened out: level 1.")

    async def assessment() -> None:
        children = [
            {"childId": str(person_id("Remy River")), "age": 7},
            {"childId": str(person_id("Robin River")), "age": 3},
        ]
        await desk.investigate("wilma-worker", "river", "household", children=children)
        await desk.investigate("wilma-worker", "river", "safety-assessment", **_form_442b())
        await say(
            "Form 442B: one of the 20 safety factors is answered yes, with its narrative. A safety plan is due at once."
        )

    async def plan() -> None:
        body, activation = _plan(week.clock.now())
        await desk.investigate("wilma-worker", "river", "safety-plan", **body)
        await desk.investigate("wilma-worker", "river", "safety-plan/activation", **activation)
        await say("The safety plan is signed and in effect: an aunt stays in the home at night.")

    async def late_contact() -> None:
        await desk.investigate("walter-worker", "hill", "interviews", **_interview("Hollis Hill"))
        await say("Walter sees Hollis: later than 72 hours after the call.")

    return [
        (0, first_call),
        (1.5, first_screening),
        (2, second_call),
        (6, first_contact),
        (48, second_screening),
        (49, third_call),
        (50, assessment),
        (50.5, plan),
        (80, late_contact),
    ]


def _interview(child: str) -> dict[str, Any]:
    return {
        "childId": str(person_id(child)),
        "role": "child-victim",
        "place": "12 Invented Lane, Alder",
        "inHome": True,
        "private": True,
        "alone": True,
        "awayFromHome": False,
    }


def _form_442b() -> dict[str, Any]:
    factors: list[dict[str, Any]] = [{"number": number, "yes": False} for number in range(1, 21)]
    remy, robin = str(person_id("Remy River")), str(person_id("Robin River"))
    factors[3] = {
        "number": 4,
        "yes": True,
        "narrative": "Invented: no adult in the home from ten in the evening to six in the morning.",
        "childIds": [remy, robin],
    }
    return {
        "stage": "initial",
        "formVersion": "442B-2009",
        "factors": factors,
        "nativeHeritage": "no",
        "children": [{"childId": child, "decision": "unsafe", "threat": "present"} for child in (remy, robin)],
    }


def _plan(now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    plan, aunt, parent = str(person_id("plan")), str(person_id("Aunt Ada River")), str(person_id("river-parent"))
    body = {
        "planId": plan,
        "factors": [4],
        "actions": [
            {
                "description": "Invented: the aunt sleeps in the home every night.",
                "immediate": True,
                "accessible": True,
                "noPromise": True,
                "responsibleId": aunt,
                "suitability": "Known to the children, lives next door.",
            }
        ],
        "inEffectFrom": now.date().isoformat(),
        "inEffectUntil": (now + timedelta(days=30)).date().isoformat(),
        "monitoring": "Calls every evening, visits twice a week.",
        "monitorId": aunt,
        "monitorCapacity": "Present every night.",
        "childRemainsHome": True,
        "avoidsPlacement": False,
    }
    today = now.date().isoformat()
    signatures = [
        {"role": "parent", "personId": parent, "signedOn": today},
        {"role": "responsible-party", "personId": aunt, "signedOn": today},
        {"role": "caseworker", "signedOn": today},
    ]
    return body, {"planId": plan, "signatures": signatures, "copies": ["family", "responsible-parties", "case-record"]}
