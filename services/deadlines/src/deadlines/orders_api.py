"""What staff order about a clock over HTTP: acknowledge, snooze, suspend, resume, extend, waive."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import RowMapping

from deadlines.api import clock_of
from deadlines.facts import ACKNOWLEDGE, EXTEND, RESUME, SNOOZE, SUSPEND, WAIVE, Order
from deadlines.look import Watch
from deadlines.ordering import ORDERS_OF_CLOCK, GiveOrder
from events.authority import Subject
from events.bodies import Body, Instant, Line
from events.call import Answer, Call, Caller
from events.runtime import Runtime


class Reason(Body):
    """Why: one of the coded reasons of the agency."""

    reason: Line


class Snooze(Reason):
    """Until when nobody is told again."""

    until: Instant


class Extension(Reason):
    """The new due time; a whole local day is meant when it is 23:59:59 there."""

    new_due_at: Instant


def routes(runtime: Runtime, watch: Watch) -> APIRouter:
    """One route for each order."""
    router = APIRouter(tags=["clocks"])

    @router.post("/clocks/{clock_id}/acknowledge")
    async def acknowledge_clock(clock_id: UUID, body: Reason, call: Call) -> Answer:
        """Say that somebody takes care of it: the next rungs are held for a while, then they go on."""
        return await _give(clock_id, call, ACKNOWLEDGE, "clock.acknowledge", body)

    @router.post("/clocks/{clock_id}/snooze")
    async def snooze_clock(clock_id: UUID, body: Snooze, call: Call) -> Answer:
        """Hold the rungs until a time, a few times at most."""
        return await _give(clock_id, call, SNOOZE, "clock.snooze", body, until=body.until)

    @router.post("/clocks/{clock_id}/suspend")
    async def suspend_clock(clock_id: UUID, body: Reason, call: Call) -> Answer:
        """Let the clock stand still; the time that is left is kept."""
        return await _give(clock_id, call, SUSPEND, "clock.suspend", body)

    @router.post("/clocks/{clock_id}/resume")
    async def resume_clock(clock_id: UUID, body: Reason, call: Call) -> Answer:
        """Let the clock go on with the time that was left."""
        return await _give(clock_id, call, RESUME, "clock.suspend", body)

    @router.post("/clocks/{clock_id}/extend")
    async def extend_clock(clock_id: UUID, body: Extension, call: Call) -> Answer:
        """Move the due time, as far as the role of the caller allows."""
        return await _give(clock_id, call, EXTEND, "clock.extend", body, new_due_at=body.new_due_at)

    @router.post("/clocks/{clock_id}/waive")
    async def waive_clock(clock_id: UUID, body: Reason, call: Call) -> Answer:
        """Give up the duty. A miss before that stays in the history."""
        return await _give(clock_id, call, WAIVE, "clock.waive", body)

    async def _give(clock_id: UUID, call: Caller, order: Order, action: str, body: Reason, **more: datetime) -> Answer:
        row = await clock_of(runtime, call, clock_id)
        command = GiveOrder(
            clock_id=clock_id,
            scope=row["scope"],
            order=order,
            at=call.now,
            by=call.actor.id,
            roles=call.actor.roles,
            state=row["state"],
            due_at=row["due_at"],
            reason=body.reason,
            calendar=watch.policy.calendar(row["county"]),
            escalation=watch.policy.escalation,
            **more,
        )
        answer = await call.handle(ORDERS_OF_CLOCK, clock_id, command, action=action, subject=lambda _: _subject(row))
        await watch.obey(runtime)
        return answer

    return router


def _subject(row: RowMapping | dict[str, Any]) -> Subject:
    return Subject(row["county"], frozenset({row["worker_id"]} if row["worker_id"] else ()))
