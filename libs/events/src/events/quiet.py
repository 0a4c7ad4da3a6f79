"""Whether a whole installation on the PostgreSQL log has nothing left to do at an instant: for the demo and simulations."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from events.clock import Clock
from events.service import Service

UNRELAYED = """
select exists (
  select from {0}.events where announced is not null and position > (select position from {0}.relayed))
"""
UNREAD = """
select exists (
  select from (select topic, partition, max(position) as last from bus.messages where topic = any($1) group by 1, 2) as sent
  left join {0}.positions using (topic, partition) where last >= coalesce(next_offset, 0))
"""


class NeverQuiet(TimeoutError):
    """Something went on being busy. The message says which service, and with what."""


async def busy(connection: Any, services: Sequence[Service], now: datetime) -> str:
    """What is still to be done at `now`, empty when nothing is. `connection` is the owner's."""
    # One snapshot for all questions: else work could move on behind the back of a service that was asked before.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await _busy(connection, services, now)


async def _busy(connection: Any, services: Sequence[Service], now: datetime) -> str:
    for service in services:
        if await connection.fetchval(UNRELAYED.format(service.schema)):
            return f"{service.name} relays"
        topics = [subscription.topic for subscription in service.subscriptions]
        if topics and await connection.fetchval(UNREAD.format(service.schema), topics):
            return f"{service.name} consumes"
        if service.pending and await connection.fetchval(service.pending.format(service.schema), now):
            return f"{service.name} has work that is due"
    return ""


async def settle(connection: Any, services: Sequence[Service], clock: Clock, within: float = 20.0) -> None:
    """Wait until nothing is left to do at the clock's instant. Raises NeverQuiet."""
    until = time.monotonic() + within
    while what := await busy(connection, services, clock.now()):
        if time.monotonic() > until:
            raise NeverQuiet(what)
        await asyncio.sleep(0.01)
