"""The clocks over HTTP: lists by who may see them, explanations, history, and a live stream."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request
from sqlalchemy import RowMapping, Select, func, select
from sse_starlette import EventSourceResponse, ServerSentEvent

from deadlines.clocks import DECIDER
from deadlines.explain import explain
from deadlines.limit_words import limit_words
from deadlines.look import Watch
from deadlines.read_models import CLOCKS
from deadlines.sheet_filters import Filters
from deadlines.subjects import Scope
from deadlines.tables import SCOPES
from events.authority import Subject
from events.bodies import Instant, View
from events.call import Call, Caller
from events.decider import Rejected
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.reach_sql import condition
from events.runtime import Runtime

ORDER = (CLOCKS.c.listed_at, CLOCKS.c.clock_id)
BY_SCOPE = (SCOPES.c.scope,)


class ClockRow(View):
    """One clock as the sheet shows it. Instants are UTC."""

    kind: str
    clock_id: UUID
    scope: str
    report_id: UUID | None
    county: str
    region: str | None
    worker_id: str | None
    supervisor_id: str | None
    rule_id: str
    rule_version: str
    obligation: str
    pack: str
    title: str
    authority: str
    source: str
    subject_type: str
    subject_id: str
    per_thing: str | None
    state: str
    started_at: datetime
    due_at: datetime | None
    provisional: bool
    alerts: bool
    rung: int | None
    warned_at: datetime | None
    missed_at: datetime | None
    met_at: datetime | None


class UsedFact(View):
    """One fact of an explanation: when it happened and when it was learned."""

    id: UUID
    type: str
    happened_at: datetime
    learned_at: datetime


class SettingUsed(View):
    """A reading that decides about a clock: `set_by` is the agency, the pack, the rule, or the standard."""

    name: str
    value: str
    set_by: str


class Explanation(View):
    """Why a clock stands as it does: rule, authority, facts, arithmetic, settings, and what would meet it."""

    rule: str
    title: str
    authority: str
    source: str
    state: str
    facts: list[UsedFact]
    arithmetic: list[str]
    settings: list[SettingUsed]
    would_meet: str
    unknown: list[str]
    sentences: list[str]


class Conclusion(View):
    """One announced conclusion about a clock."""

    event: str
    at: datetime
    due_at: datetime | None
    reason: str
    facts: list[UUID]


class UnknownClock(View):
    """A clock that cannot say yet when it is due, and why: a missing tolerance, or a condition not known yet."""

    scope: str
    county: str
    clock_id: UUID
    rule_id: str
    title: str
    subject_type: str
    subject_id: str
    reasons: list[str]
    provisional_due_at: datetime | None


class RuleRow(View):
    """One rule in force here; `benchmark` is the figure of a national benchmark beside it, for reading only."""

    id: str
    version: str
    title: str
    pack: str
    authority: str
    source: str
    kind: str
    enforce: str
    limit: str
    benchmark: str | None
    effective_from: str


def routes(runtime: Runtime, watch: Watch) -> APIRouter:
    """The routes of the deadlines service."""
    router = APIRouter()

    @router.get("/clocks", tags=["clocks"])
    async def list_clocks(
        call: Call,
        filters: Filters,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[ClockRow]:
        """Clocks that the caller may see, the earliest due first."""
        wanted = filters.narrowed(_visible(call, "clock.list"))
        rows = await runtime.rows(paged(wanted, ORDER, cursor, limit))
        items = [ClockRow.model_validate(dict(row)) for row in rows[:limit]]
        return Page(items=items, next=next_cursor(rows, ORDER, limit))

    @router.get("/clocks/stream", tags=["clocks"], response_class=EventSourceResponse)
    async def stream_clocks(
        call: Call, request: Request, last_event_id: Annotated[str | None, Header(pattern=r"^[0-9]{1,18}$")] = None
    ) -> EventSourceResponse:
        """Every change of a clock that the caller may see, live; `Last-Event-ID` continues where a client left off."""
        wanted = _visible(call, "clock.stream")
        return EventSourceResponse(_changes(runtime, request, wanted, int(last_event_id or 0)))

    @router.get("/clocks/unknown", tags=["clocks"])
    async def list_unknown_clocks(call: Call, cursor: Cursor = None, limit: Limit = 100) -> Page[UnknownClock]:
        """Clocks without a due time: a tolerance not set, or a condition not known yet. `limit` counts subjects."""
        seen = condition(call.reach("clock.list"), SCOPES.c.county, SCOPES.c.worker_id)
        wanted = select(SCOPES).where(seen, func.jsonb_array_length(SCOPES.c.unknown) > 0)
        rows = await runtime.rows(paged(wanted, BY_SCOPE, cursor, limit))
        items = [
            UnknownClock.model_validate({"scope": row["scope"], "county": row["county"], **each})
            for row in rows[:limit]
            for each in row["unknown"]
        ]
        return Page(items=items, next=next_cursor(rows, BY_SCOPE, limit))

    @router.get("/clocks/{clock_id}", tags=["clocks"])
    async def get_clock(clock_id: UUID, call: Call) -> ClockRow:
        """One clock."""
        return ClockRow.model_validate(dict(await clock_of(runtime, call, clock_id)))

    @router.get("/clocks/{clock_id}/explanation", tags=["clocks"])
    async def explain_clock(
        clock_id: UUID,
        call: Call,
        as_of: Annotated[Instant | None, Query(alias="asOf", description="judged as of this instant")] = None,
        known_at: Annotated[Instant | None, Query(alias="knownAt", description="on what was known then")] = None,
    ) -> Explanation:
        """Why the clock stands as it does, now or at any past instant, on what is known now or was known then."""
        row = await clock_of(runtime, call, clock_id)
        scope, policy = Scope.of(row["scope"]), watch.policy
        facts = await watch.facts_of(runtime.pool, scope)
        views = watch.views(scope, facts, row["county"], as_of or call.now, known_at or as_of)
        view = next((view for view in views if view.clock_id == clock_id), None)
        rule = next((rule for rule in policy.rules if view and rule.version == view.rule_version), None)
        if view is None or rule is None:
            raise Rejected("clock-not-known-then", "this clock was not there at that instant", status=404)
        return Explanation.model_validate(explain(view, rule, facts, policy.calendar(row["county"])))

    @router.get("/clocks/{clock_id}/history", tags=["clocks"])
    async def get_clock_history(clock_id: UUID, call: Call) -> list[Conclusion]:
        """What was announced of the clock, in order. A verdict once announced stays."""
        row = await clock_of(runtime, call, clock_id)
        recorded = await runtime.stream(DECIDER.stream(row["scope"]))
        return [
            Conclusion.model_validate({"event": type(each.event).__name__} | each.event.model_dump())
            for each in recorded
            if getattr(each.event, "clock_id", None) == clock_id
        ]

    @router.get("/rules", tags=["rules"])
    async def list_rules(call: Call) -> list[RuleRow]:
        """The rules in force here, with authority and source."""
        call.require("rule.read", Subject())
        return [
            RuleRow(
                id=rule.id,
                version=rule.version,
                title=rule.title,
                pack=rule.pack,
                authority=rule.authority,
                source=rule.source,
                kind=rule.kind,
                enforce=rule.enforce,
                limit=limit_words(rule),
                benchmark=watch.policy.benchmarks.get(rule.obligation),
                effective_from=rule.effective_from.isoformat(),
            )
            for rule in watch.policy.rules
        ]

    return router


def _visible(call: Caller, action: str) -> Select[Any]:
    return select(CLOCKS).where(condition(call.reach(action), CLOCKS.c.county, CLOCKS.c.worker_id))


async def clock_of(runtime: Runtime, call: Caller, clock_id: UUID) -> RowMapping:
    """The row of a clock. A clock that the caller may not see is answered like one that is not there."""
    rows = await runtime.rows(_visible(call, "clock.read").where(CLOCKS.c.clock_id == clock_id))
    if not rows:
        raise Rejected("clock-not-found", "there is no such clock, or not for you", status=404)
    return rows[0]


async def _changes(
    runtime: Runtime, request: Request, wanted: Select[Any], position: int
) -> AsyncIterator[ServerSentEvent]:
    while not runtime.stopping and not await request.is_disconnected():
        newer = wanted.where(CLOCKS.c.position > position).order_by(CLOCKS.c.position).limit(500)
        rows = await runtime.rows(newer)
        for row in rows:
            position = row["position"]
            content = ClockRow.model_validate(dict(row)).model_dump(mode="json", by_alias=True)
            yield ServerSentEvent(orjson.dumps(content).decode(), event="clock", id=str(position))
        if not rows:
            await asyncio.sleep(0.5)
