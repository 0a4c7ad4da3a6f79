"""Inboxes over HTTP: one's own notices and those to one's roles in one's counties; a list, a stream, acknowledgement."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from sqlalchemy import Select, func, select
from sse_starlette import EventSourceResponse, ServerSentEvent

from events import authority
from events.authority import Actor, Subject
from events.call import Answer, Call
from events.pages import Cursor, Limit, Page, next_cursor, paged
from events.reach_sql import condition
from events.runtime import Runtime
from notifications.bodies import NoticeRow
from notifications.commands import AcknowledgeNotice
from notifications.notice import NOTICE, Notice, known
from notifications.read_models import INBOX

ORDER = (INBOX.c.place,)
PAUSE = 0.5
LastSeen = Annotated[str | None, Header(pattern=r"^[0-9]{1,18}$", description="continue after this event")]


def routes(runtime: Runtime) -> APIRouter:
    """The routes of the inbox."""
    router = APIRouter(tags=["inbox"])

    @router.get("/inbox")
    async def list_notices(
        call: Call,
        unread: Annotated[bool, Query(description="only what nobody has acknowledged")] = False,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[NoticeRow]:
        """The caller's notices, the newest first."""
        wanted = visible(call.actor)
        wanted = wanted.where(INBOX.c.acknowledged_at.is_(None)) if unread else wanted
        rows = await runtime.rows(paged(wanted, ORDER, cursor, limit))
        return Page(items=[_row(row) for row in rows[:limit]], next=next_cursor(rows, ORDER, limit))

    @router.get("/inbox/stream", response_class=EventSourceResponse)
    async def stream_notices(call: Call, request: Request, last_event_id: LastSeen = None) -> EventSourceResponse:
        """What is unread, then every change as it happens (server-sent events); with Last-Event-ID, what is newer."""
        after = None if last_event_id is None else int(last_event_id)
        return EventSourceResponse(changes(runtime, request, visible(call.actor), after))

    @router.post("/inbox/{notice_id}/acknowledge")
    async def acknowledge_notice(notice_id: UUID, call: Call) -> Answer:
        """Confirm a notice. Once is enough; of a role's notices, one holder's word counts for all."""
        command = AcknowledgeNotice(call.actor.id, call.now)
        return await call.handle(NOTICE, notice_id, command, action="notice.acknowledge", subject=_addressee)

    return router


def visible(actor: Actor) -> Select[Any]:
    """The notices addressed to this person, or to one of their roles in one of their counties."""
    reach = authority.reach(actor, "inbox.read")
    return select(INBOX).where(condition(reach, INBOX.c.county, INBOX.c.staff_id, role_column=INBOX.c.role))


def _addressee(notice: Notice | None) -> Subject:
    there = known(notice)
    to = there.recipient
    return Subject(there.county, frozenset({to.staff_id} if to.staff_id else ()), role=to.role)


def _row(row: Any) -> NoticeRow:
    return NoticeRow.model_validate(dict(row))


async def changes(
    runtime: Runtime, request: Request, wanted: Select[Any], after: int | None
) -> AsyncGenerator[ServerSentEvent, None]:
    """What is unread and then what changes, until the client leaves; with a position, what changed after it."""
    if after is None:
        (head,) = await runtime.rows(select(func.coalesce(func.max(INBOX.c.position), 0).label("position")))
        after = head["position"]
        for row in await runtime.rows(wanted.where(INBOX.c.acknowledged_at.is_(None)).order_by(INBOX.c.position)):
            yield _event(row)
    while not runtime.stopping and not await request.is_disconnected():
        newer = wanted.where(INBOX.c.position > after).order_by(INBOX.c.position).limit(500)
        rows = await runtime.rows(newer)
        for row in rows:
            after = row["position"]
            yield _event(row)
        if not rows:
            await asyncio.sleep(PAUSE)


def _event(row: Any) -> ServerSentEvent:
    return ServerSentEvent(_row(row).model_dump_json(by_alias=True), event="notice", id=str(row["position"]))
