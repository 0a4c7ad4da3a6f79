"""Sending what is due: a row is claimed, sent and settled in one transaction, so that a crash leaves it due.

Nothing is lost by a crash; what the other side had accepted before it is sent once more, under the same id. The letters
about one clock reach a person in the order in which they were raised: a later one waits until the earlier is settled.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from events.faults import transient
from events.runtime import Runtime
from notifications import endpoint_call, mail
from notifications.outcome import Outcome, waiting_time

logger = structlog.get_logger()

CLAIM = """
select * from deliveries as due where channel = $1 and state = 'waiting' and next_at <= $2
and not exists (
  select from deliveries as earlier where earlier.state = 'waiting' and earlier.clock_id = due.clock_id
  and earlier.staff_id = due.staff_id and earlier.sequence < due.sequence
)
order by next_at, sequence limit 1 for update skip locked
"""
SETTLE = """
update deliveries set state = $2, attempts = $3, next_at = $4, settled_at = $5, last_status = $6, last_error = $7
where delivery_id = $1
"""
CHANNELS: dict[str, Callable[[Runtime, Any, Any], Awaitable[Outcome]]] = {
    "email": mail.send,
    "webhook": endpoint_call.send,
}
CALLS_AT_ONCE = 3
PAUSE = 0.5


async def run_once(runtime: Runtime) -> int:
    """Send everything that is due now, one after the other. Returns the number of attempts."""
    attempts = 0
    for channel in channels(runtime):
        while await send_next(runtime, channel):
            attempts += 1
    return attempts


def channels(runtime: Runtime) -> list[str]:
    """The channels that are switched on."""
    return [each for each in CHANNELS if each != "email" or runtime.settings.notifications_smtp_host]


async def send_next(runtime: Runtime, channel: str) -> bool:
    """Make one attempt at the delivery that is due first. False when none is due."""
    async with runtime.pool.acquire() as connection, connection.transaction():
        delivery = await connection.fetchrow(CLAIM, channel, runtime.clock.now())
        if delivery is None:
            return False
        outcome = await _attempt(runtime, channel, connection, delivery)
        await _settle(runtime, connection, delivery, outcome)
    return True


async def _attempt(runtime: Runtime, channel: str, connection: Any, delivery: Any) -> Outcome:
    """A fault of our own is kept with its delivery, like a refusal of the other side, and stops no other delivery."""
    try:
        return await CHANNELS[channel](runtime, connection, delivery)
    except Exception as error:
        if transient(error):
            raise
        logger.exception("delivery-fault", delivery_id=str(delivery["delivery_id"]))
        return Outcome("again", error=type(error).__name__)


async def _settle(runtime: Runtime, connection: Any, delivery: Any, outcome: Outcome) -> None:
    now, attempts = runtime.clock.now(), delivery["attempts"] + 1
    wait = waiting_time(delivery["channel"], attempts) if outcome.verdict == "again" else None
    state = "waiting" if wait else "failed" if outcome.verdict == "again" else outcome.verdict
    if state == "failed":
        logger.warning("delivery-failed", delivery_id=str(delivery["delivery_id"]), reason=outcome.error)
    await connection.execute(
        SETTLE,
        delivery["delivery_id"],
        state,
        attempts,
        now + wait if wait else delivery["next_at"],
        None if wait else now,
        outcome.status,
        outcome.error,
    )


async def send_mail(runtime: Runtime) -> None:
    """Send e-mail until cancelled; without a mail server there is nothing to do."""
    if "email" in channels(runtime):
        await _send_for_ever(runtime, "email")


async def call_endpoints(runtime: Runtime) -> None:
    """Call endpoints until cancelled, a few at once, so that a slow one does not hold up the others."""
    async with asyncio.TaskGroup() as group:
        for _ in range(CALLS_AT_ONCE):
            group.create_task(_send_for_ever(runtime, "webhook"))


async def _send_for_ever(runtime: Runtime, channel: str) -> None:
    while True:
        try:
            busy = await _finish(asyncio.create_task(send_next(runtime, channel)))
        except Exception as error:
            if not transient(error):
                raise
            # The database went away: the row is still due.
            logger.warning("sending-interrupted", channel=channel, reason=type(error).__name__)
            busy = False
        if not busy:
            await asyncio.sleep(PAUSE)


async def _finish(attempt: "asyncio.Task[bool]") -> bool:
    """The attempt's answer. When cancelled, the attempt at hand is finished first: it takes seconds at most."""
    try:
        return await asyncio.shield(attempt)
    except asyncio.CancelledError:
        await asyncio.gather(attempt, return_exceptions=True)
        raise
