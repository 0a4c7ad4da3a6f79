"""Dry runs over HTTP: ask for one, see how far it is, read what it found."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import func, select

from deadlines.calendar import UnknownCalendar
from deadlines.dry_run_job import Change, changed_policy
from deadlines.look import Watch
from deadlines.packs import BrokenPack
from deadlines.settings import Switch
from deadlines.tables import DRY_RUN_CLOCKS, DRY_RUNS
from events.authority import Subject
from events.bodies import Body, Day, Line, View
from events.call import Call
from events.decider import Rejected
from events.ids import derived
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.runtime import Runtime

ACTION = "rule.dry-run"
MOST_WAITING = 20
ASK = """
insert into dry_runs (dry_run_id, asked_by, asked_at, asked, state, subjects, done)
values ($1, $2, $3, $4, 'waiting', 0, 0) on conflict do nothing
"""
Days = Annotated[tuple[Day, ...], Field(max_length=1000)]
BY_NUMBER = (DRY_RUN_CLOCKS.c.number,)


class DryRunBody(Body):
    """What would be different, and which clocks are asked about.

    `pack` is the text of a pack; it stands in the place of what it overlaps, and is on everywhere unless `switches` says
    where. `closures` and `countyClosures` come on top of the calendar; `switches` replace those of the installation.
    """

    pack: Annotated[str | None, Field(min_length=1, max_length=1_000_000)] = None
    closures: Days = ()
    county_closures: Annotated[dict[Line, Days], Field(max_length=500, default_factory=dict)]
    switches: Annotated[tuple[Switch, ...] | None, Field(max_length=1000)] = None
    county: Line | None = None
    since: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None


class NumbersRow(View):
    """One county and month: clocks by verdict as the rules are, as they would be, and what changes for them."""

    county: str
    month: str | None
    before: dict[str, int]
    after: dict[str, int]
    changes: dict[str, int]


class Outcome(View):
    """All clocks that were judged, how many differ, and the numbers by county and month."""

    clocks: int
    changed: int
    numbers: list[NumbersRow]


class DryRunRow(View):
    """One run: `waiting`, `running`, `done` or `failed` (see `problem`); `done` of `subjects` are judged."""

    dry_run_id: UUID
    state: str
    asked_by: str
    asked_at: datetime
    subjects: int
    done: int
    ended_at: datetime | None
    outcome: Outcome | None
    problem: str | None


class StandingRow(View):
    """How a clock stands under one policy."""

    rule_version: str
    verdict: str
    due_at: datetime | None
    missed_at: datetime | None


class ChangedClock(View):
    """A clock that would stand otherwise: `new`, `gone`, `moved`, or `now-` and its verdict. It names no subject."""

    clock_id: UUID
    change: str
    rule_id: str
    obligation: str
    title: str
    pack: str
    county: str
    region: str | None
    month: str | None
    day: date | None
    before: StandingRow | None
    after: StandingRow | None


def routes(runtime: Runtime, watch: Watch) -> APIRouter:
    """The routes of dry runs."""
    router = APIRouter(tags=["rules"])

    @router.post("/rules/dry-runs", status_code=202)
    async def ask_dry_run(body: DryRunBody, call: Call) -> DryRunRow:
        """Ask what a changed pack, calendar or switch would make of the history. It is worked out in the background."""
        call.require(ACTION, Subject())
        change = Change(**body.same("pack", "closures", "county_closures", "switches", "county", "since", "until"))
        try:
            await asyncio.to_thread(changed_policy, watch.policy, change)
        except (BrokenPack, UnknownCalendar) as error:
            raise Rejected("policy-broken", str(error)[:1000], field="pack", status=422) from error
        run = derived("dry-run", call.actor.id, call.key) if call.key else runtime.ids()
        await _refuse_too_many(runtime)
        asked = change.model_dump(mode="json", by_alias=True)
        await runtime.pool.execute(ASK, run, call.actor.id, call.now, asked)
        return await _run(runtime, run)

    @router.get("/rules/dry-runs/{dry_run_id}")
    async def get_dry_run(dry_run_id: UUID, call: Call) -> DryRunRow:
        """How far a run is, and what it found."""
        call.require(ACTION, Subject())
        return await _run(runtime, dry_run_id)

    @router.get("/rules/dry-runs/{dry_run_id}/clocks")
    async def list_changed_clocks(
        dry_run_id: UUID,
        call: Call,
        change: Annotated[Line | None, Query(description="such as `now-missed`")] = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[ChangedClock]:
        """The clocks that would stand otherwise, as far as the run has come."""
        call.require(ACTION, Subject())
        wanted = select(DRY_RUN_CLOCKS).where(DRY_RUN_CLOCKS.c.dry_run_id == dry_run_id)
        wanted = wanted.where(DRY_RUN_CLOCKS.c.change == change) if change else wanted
        rows = await runtime.rows(paged(wanted, BY_NUMBER, cursor, limit))
        items = [ChangedClock.model_validate(row["clock"]) for row in rows[:limit]]
        return Page(items=items, next=next_cursor(rows, BY_NUMBER, limit))

    return router


async def _run(runtime: Runtime, run: UUID) -> DryRunRow:
    rows: Any = await runtime.rows(select(DRY_RUNS).where(DRY_RUNS.c.dry_run_id == run))
    if not rows:
        raise Rejected("dry-run-not-found", "there is no such dry run", status=404)
    return DryRunRow.model_validate(dict(rows[0]))


async def _refuse_too_many(runtime: Runtime) -> None:
    [row] = await runtime.rows(select(func.count().label("waiting")).where(DRY_RUNS.c.state == "waiting"))
    if row["waiting"] >= MOST_WAITING:
        raise Rejected("dry-runs-waiting", f"{MOST_WAITING} dry runs wait already: ask again when one is done")
