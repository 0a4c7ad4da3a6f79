"""A loop that is told to stop stops, also when it is woken at that very moment."""

import asyncio

import pytest

from events.runtime import woken


@pytest.mark.parametrize("turns", range(4))
async def test_a_cancellation_is_not_lost_to_a_wake_up_of_the_same_moment(turns: int) -> None:
    """Shutdown: at whatever turn of the event loop the two meet, the loop ends or has already been woken."""
    heard = asyncio.Event()
    waiting = asyncio.create_task(woken(heard, 30))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    heard.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    ended = waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert ended or waiting.cancelled()
