"""Clocks for calendar programs over HTTP: with a token, or under a personal address that can be revoked."""

import base64
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import RowMapping, Select, func, select

from deadlines.calendar_text import Entry, calendar_text
from deadlines.facts import ACKNOWLEDGE, SNOOZE, Fact, Facts
from deadlines.feed import FEED, OpenFeed, RevokeFeed, digest_of
from deadlines.ladder import steps
from deadlines.look import Watch
from deadlines.read_models import CLOCKS, FEEDS, ORDERS
from events.authority import Subject
from events.bodies import Line, View
from events.call import Answer, Call, Caller
from events.decider import Rejected
from events.problems import problem
from events.reach_sql import condition
from events.runtime import Runtime

MOST_ENTRIES, MOST_FEEDS = 2000, 10
READS_AN_HOUR, AN_HOUR = 60, timedelta(hours=1)
KEPT_SECONDS = 900
READ = """
insert into feed_reads (feed_id, since, reads, last_at) values ($1, $2, 1, $2)
on conflict (feed_id) do update set
    since = case when feed_reads.since <= $3 then $2 else feed_reads.since end,
    reads = case when feed_reads.since <= $3 then 1 else feed_reads.reads + 1 end,
    last_at = $2
returning since, reads
"""
AS_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"description": "An iCalendar", "content": {"text/calendar": {"schema": {"type": "string"}}}}
}
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
OF_A_FEED: dict[int | str, dict[str, Any]] = AS_CALENDAR | {
    304: {"description": "Nothing has changed since the ETag that was sent"},
    429: {
        "description": "The address was read too often: Retry-After says when it may be read again",
        "content": PROBLEM,
    },
}
Tag = Annotated[str, Path(max_length=200)]


class FeedAddress(Answer):
    """A new feed. The path is secret: who knows it sees when the clocks of its worker are due."""

    path: str


class FeedRow(View):
    """One feed of the caller; its address is told only once."""

    feed_id: UUID
    opened_at: datetime
    revoked_at: datetime | None


class Calendar(Response):
    """An answer that calendar programs understand."""

    media_type = "text/calendar"


def routes(runtime: Runtime, watch: Watch) -> APIRouter:
    """The routes of calendars."""
    router = APIRouter()

    @router.get("/clocks.ics", tags=["clocks"], response_class=Calendar, responses=AS_CALENDAR)
    async def get_calendar(
        call: Call,
        worker_id: Annotated[Line | None, Query(alias="workerId", description="the caller when left out")] = None,
    ) -> Response:
        """The open clocks of one worker that the caller may see, as a calendar."""
        reach = call.reach("clock.list")
        if reach.closed:
            call.require("clock.list", Subject())
        seen = condition(reach, CLOCKS.c.county, CLOCKS.c.worker_id)
        return Calendar(await _text(runtime, watch, _open(worker_id or call.actor.id).where(seen)))

    @router.post("/clocks/feeds", tags=["feeds"], status_code=201)
    async def open_feed(call: Call) -> FeedAddress:
        """Open a feed of the caller's own clocks: an address that needs no token, for calendar programs."""
        own = Subject(assigned=frozenset({call.actor.id}))
        call.require("clock.feed", own)
        await _refuse_too_many(runtime, call)
        feed_id = runtime.ids()
        command = OpenFeed(feed_id, call.actor.id, digest_of(_secret(runtime, feed_id)))
        answer = await call.handle(FEED, feed_id, command, action="clock.feed", subject=lambda _: own)
        path = f"{call.request.scope['root_path']}/calendars/{_secret(runtime, answer.id)}.ics"
        return FeedAddress(**answer.model_dump(), path=path)

    @router.get("/clocks/feeds", tags=["feeds"])
    async def list_feeds(call: Call) -> list[FeedRow]:
        """The feeds of the caller, the revoked ones too."""
        own = select(FEEDS).where(FEEDS.c.worker_id == call.actor.id).order_by(FEEDS.c.opened_at, FEEDS.c.feed_id)
        return [FeedRow.model_validate(dict(row)) for row in await runtime.rows(own)]

    @router.delete("/clocks/feeds/{feed_id}", tags=["feeds"])
    async def revoke_feed(feed_id: UUID, call: Call) -> Answer:
        """Revoke a feed: its address is unknown from now on."""
        command = RevokeFeed(call.actor.id)
        return await call.handle(
            FEED,
            feed_id,
            command,
            action="clock.feed",
            subject=lambda feed: Subject(assigned=frozenset({feed.worker_id or call.actor.id})),
        )

    @router.get(
        "/calendars/{secret}.ics",
        tags=["feeds"],
        response_class=Calendar,
        responses=OF_A_FEED,
        openapi_extra={"security": []},
    )
    async def read_feed(secret: Tag, request: Request) -> Response:
        """The open clocks of the worker who opened the feed. The address is the key: no token is asked for."""
        now = runtime.clock.now()
        feed = await _feed(runtime, secret)
        if feed is None:
            raise Rejected("feed-not-found", "there is no feed under this address", status=404)
        wait = await _seconds_to_wait(runtime, feed["feed_id"], now)
        if wait:
            answer: Response = problem(request, 429, "feed-read-too-often", f"at most {READS_AN_HOUR} times an hour")
            answer.headers["Retry-After"] = str(wait)
            return answer
        text = await _text(runtime, watch, _open(feed["worker_id"]))
        headers = {"ETag": f'"{sha256(text).hexdigest()}"', "Cache-Control": f"private, max-age={KEPT_SECONDS}"}
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Calendar(text, headers=headers)

    return router


def _secret(runtime: Runtime, feed_id: UUID) -> str:
    """The secret of an address: 256 bits that nobody can work out from the id without the key of the installation."""
    return base64.urlsafe_b64encode(runtime.vault.token(f"calendar feed {feed_id}")).decode().rstrip("=")


async def _refuse_too_many(runtime: Runtime, call: Caller) -> None:
    held = select(func.count()).where(FEEDS.c.worker_id == call.actor.id, FEEDS.c.revoked_at.is_(None))
    [row] = await runtime.rows(held)
    if next(iter(row.values())) >= MOST_FEEDS:
        raise Rejected("feeds-too-many", f"at most {MOST_FEEDS} feeds at a time: revoke one first")


async def _feed(runtime: Runtime, secret: str) -> RowMapping | None:
    found = select(FEEDS).where(FEEDS.c.digest == digest_of(secret), FEEDS.c.revoked_at.is_(None))
    return next(iter(await runtime.rows(found)), None)


async def _seconds_to_wait(runtime: Runtime, feed_id: UUID, now: datetime) -> int:
    """Note one more read; how long the reader has to wait when there were too many within the hour."""
    row = await runtime.pool.fetchrow(READ, feed_id, now, now - AN_HOUR)
    if row["reads"] <= READS_AN_HOUR:
        return 0
    return int((row["since"] + AN_HOUR - now).total_seconds()) + 1


def _open(worker_id: str) -> Select[Any]:
    open_now = select(CLOCKS).where(CLOCKS.c.worker_id == worker_id, CLOCKS.c.state.in_(("running", "missed")))
    return open_now.where(CLOCKS.c.due_at.is_not(None)).order_by(CLOCKS.c.listed_at, CLOCKS.c.clock_id)


async def _text(runtime: Runtime, watch: Watch, clocks: Select[Any]) -> bytes:
    rows = await runtime.rows(clocks.limit(MOST_ENTRIES))
    held = await _held(runtime, [row["clock_id"] for row in rows])
    return calendar_text(_entries(watch, rows, held))


def _entries(watch: Watch, rows: Iterable[RowMapping], held: dict[UUID, Facts]) -> Iterable[Entry]:
    """Each clock with the warnings that its ladder still gives after what was acknowledged and snoozed."""
    rules = {rule.version: rule for rule in watch.policy.rules}
    for row in rows:
        rule, orders = rules.get(row["rule_version"]), held.get(row["clock_id"], ())
        calendar = watch.policy.calendar(row["county"])
        told = steps(rule.rungs, row["started_at"], row["due_at"], orders, rule.escalation, calendar) if rule else ()
        yield Entry(dict(row), tuple(dict.fromkeys(step.at for step in told if step.at < row["due_at"])))


async def _held(runtime: Runtime, clocks: Sequence[UUID]) -> dict[UUID, Facts]:
    """The orders by which the warnings of these clocks are held."""
    holding = select(ORDERS).where(ORDERS.c.clock_id.in_(clocks), ORDERS.c.order.in_((ACKNOWLEDGE, SNOOZE)))
    found: dict[UUID, Facts] = {}
    for row in await runtime.rows(holding.order_by(ORDERS.c.position)) if clocks else ():
        until = {"until": row["until"].isoformat()} if row["until"] else {}
        order = Fact(row["event_id"], row["order"], row["at"], row["recorded_at"], until)
        found[row["clock_id"]] = (*found.get(row["clock_id"], ()), order)
    return found
