"""Reads of streams asked for at the same moment share one round trip."""

import asyncio
from typing import Any

from events.event import Event
from events.log import Log
from events.recorded import Recorded


class Loader:
    """Collects the streams that commands want to read and reads them together, a few rounds at once."""

    def __init__(self, log: Log, pool: Any, rounds: int = 2) -> None:
        self.log, self.pool = log, pool
        self.waiting: dict[str, asyncio.Future[list[Recorded[Event]]]] = {}
        self.slots = asyncio.Semaphore(rounds)
        self.tasks: set[asyncio.Task[None]] = set()
        self.scheduled = False

    async def load(self, stream: str) -> list[Recorded[Event]]:
        """The events of one stream, as of after this call began."""
        future = self.waiting.get(stream)
        if future is None:
            future = self.waiting[stream] = asyncio.get_running_loop().create_future()
            if not self.scheduled:
                self.scheduled = True
                task = asyncio.create_task(self._round())
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
        return await asyncio.shield(future)

    async def _round(self) -> None:
        async with self.slots:
            asked, self.waiting, self.scheduled = self.waiting, {}, False
            try:
                async with self.pool.acquire() as connection:
                    found = await self.log.read(connection, asked)
            except Exception as error:
                for future in asked.values():
                    future.set_exception(error)
                    future.exception()  # seen, also when every caller has gone
                return
            for stream, future in asked.items():
                future.set_result(found[stream])
