"""Reads of streams asked for at the same moment share one round trip."""

import asyncio
from itertools import islice
from typing import Any

from events.event import Event
from events.faults import transient
from events.log import Log
from events.recorded import Recorded


class Loader:
    """Collects the streams that commands want to read and reads them together, a few rounds at once."""

    def __init__(self, log: Log, pool: Any, rounds: int = 2, most: int = 32) -> None:
        self.log, self.pool, self.most = log, pool, most
        self.waiting: dict[str, list[asyncio.Future[list[Recorded[Event]]]]] = {}
        self.slots = asyncio.Semaphore(rounds)
        self.tasks: set[asyncio.Task[None]] = set()

    async def load(self, stream: str) -> list[Recorded[Event]]:
        """The events of one stream, as of after this call began."""
        if not self.waiting:
            self._begin_round()
        future: asyncio.Future[list[Recorded[Event]]] = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(stream, []).append(future)
        return await future

    def _begin_round(self) -> None:
        task = asyncio.create_task(self._round())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _round(self) -> None:
        """Not everything at once: while one part is being decided and committed, the next part is read."""
        async with self.slots:
            asked = dict(islice(self.waiting.items(), self.most))
            for stream in asked:
                del self.waiting[stream]
            if self.waiting:
                self._begin_round()
            await self._answer(asked)

    async def _answer(self, asked: dict[str, list[asyncio.Future[list[Recorded[Event]]]]]) -> None:
        try:
            async with self.pool.acquire() as connection:
                found = await self.log.read(connection, asked)
        except Exception as error:
            if len(asked) > 1 and not transient(error):  # one of them cannot be read: the others can
                for stream, futures in asked.items():
                    await self._answer({stream: futures})
                return
            for future in waiting(asked):
                future.set_exception(error)
            return
        for stream, futures in asked.items():
            for future in futures:
                if not future.done():
                    future.set_result(found[stream])


def waiting(
    asked: dict[str, list[asyncio.Future[list[Recorded[Event]]]]],
) -> list[asyncio.Future[list[Recorded[Event]]]]:
    """The futures whose callers still wait."""
    return [future for futures in asked.values() for future in futures if not future.done()]
