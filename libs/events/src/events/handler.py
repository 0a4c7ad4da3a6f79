"""Command handling: load, authorise, decide, append; again on conflict; once per idempotency key."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from events.decider import Decider, Rejected
from events.log import Conflict
from events.recorded import Context
from events.writer import AlreadyAnswered, Idempotency, Intent, remembered

if TYPE_CHECKING:
    from events.runtime import Runtime

ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: the stream's version afterwards and the events by class name; `repeated` = answered before."""

    id: UUID
    version: int
    events: tuple[str, ...]
    repeated: bool = False


class StaleVersion(Rejected):
    """If-Match named another version than the stream has."""

    def __init__(self, expected: int, actual: int) -> None:
        detail = f"the record has version {actual}, not {expected}: read it again"
        super().__init__("version-mismatch", detail, field="If-Match", source="If-Match", status=412)


async def handle(
    runtime: "Runtime",
    decider: Decider[Any, Any, Any],
    key: UUID,
    command: Any,
    context: Context,
    *,
    permit: Callable[[Any], None] = lambda state: None,
    expected: int | None = None,
    idempotency: Idempotency | None = None,
) -> Outcome:
    """Run one command. Raises Rejected when the rules, the version or the caller's rights say no; Conflict never lasts.

    `permit(state)` raises Rejected when the caller may not do this to this state; it is asked before the rules are.
    """
    stream = decider.stream(key)
    for _ in range(ATTEMPTS):
        try:
            async with runtime.turn(stream):
                return await _attempt(runtime, decider, stream, key, command, context, permit, expected, idempotency)
        except Conflict:
            continue
        except (Rejected, AlreadyAnswered) as error:
            if idempotency and (answer := await _answered(runtime, idempotency)):
                return answer
            if isinstance(error, AlreadyAnswered):
                continue
            raise
    raise Rejected("too-busy", "this record changes too fast: try again", status=503)


async def _attempt(
    runtime: "Runtime",
    decider: Decider[Any, Any, Any],
    stream: str,
    key: UUID,
    command: Any,
    context: Context,
    permit: Callable[[Any], None],
    expected: int | None,
    idempotency: Idempotency | None,
) -> Outcome:
    history = await runtime.loader.load(stream)
    state = decider.fold(fact.event for fact in history)
    permit(state)
    if expected is not None and expected != len(history):
        raise StaleVersion(expected, len(history))
    events = decider.decide(command, state)
    names = tuple(type(event).__name__ for event in events)
    outcome = Outcome(key, len(history) + len(events), names)
    if not events and idempotency is None:
        return outcome
    sealed = await runtime.seal(events)
    drafts = runtime.log.draft(stream, len(history), sealed, [runtime.ids() for _ in sealed], context)
    answer = {"id": str(key), "version": outcome.version, "events": names} if idempotency else None
    done = asyncio.get_running_loop().create_future()
    await runtime.writer.submit(Intent(stream, len(history), drafts, context.now, done, idempotency, answer))
    return outcome


async def _answered(runtime: "Runtime", idempotency: Idempotency) -> Outcome | None:
    async with runtime.pool.acquire() as connection:
        answer = await remembered(connection, idempotency)
    if answer is None:
        return None
    return Outcome(UUID(answer["id"]), answer["version"], tuple(answer["events"]), repeated=True)
