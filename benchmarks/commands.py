"""Whole commands (load, decide, append, read model, idempotency) beside the bare append of `eventsourcing`."""

import asyncio
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from benchmarks.alive import alive
from benchmarks.figure import Figure, fresh_database, rate
from benchmarks.subject import ORDER, WORDS, Change, Place
from events.ids import uuid7
from events.process import settled
from events.recorded import Context
from events.runtime import Runtime
from events.writer import Idempotency

CALLERS = 64


async def measure(url: str, seconds: float) -> list[Figure]:
    """Commands from 64 callers: new records, and records loaded and changed."""
    with settled():  # both sides alike, as a service runs
        async with fresh_database(url) as fresh:
            peer = await asyncio.to_thread(_peer, fresh, seconds)
        async with fresh_database(url) as fresh:
            with tempfile.TemporaryDirectory() as directory:
                async with alive(fresh, Path(directory)) as (runtime, _):
                    new = await rate(CALLERS, seconds, lambda: _place(runtime))
                    changed = await rate(CALLERS, seconds, lambda: _change(runtime))
    name = "eventsourcing, bare append, 16 threads"
    return [
        Figure.beside("commands, new records, 64 callers", new, "commands/s", name, peer, least_ratio=10),
        Figure.beside("commands, load and change, 64 callers", changed, "commands/s", name, peer, least_ratio=10),
    ]


def _context(runtime: Runtime) -> Context:
    now = runtime.clock.now()
    return Context("hal-hotline", now, now, runtime.ids())


async def _place(runtime: Runtime) -> int:
    key = runtime.ids()
    asked = Idempotency("hal-hotline", str(key), b"fingerprint")
    await runtime.handle(ORDER, key, Place("Alder", 1), _context(runtime), idempotency=asked)
    return 1


async def _change(runtime: Runtime) -> int:
    """Two commands on one record: the second one loads what the first one stored."""
    key = runtime.ids()
    first = Idempotency("hal-hotline", f"{key}-1", b"fingerprint")
    second = Idempotency("hal-hotline", f"{key}-2", b"fingerprint")
    await runtime.handle(ORDER, key, Place("Alder", 1), _context(runtime), idempotency=first)
    await runtime.handle(ORDER, key, Change(2), _context(runtime), idempotency=second)
    return 2


def _peer(url: str, seconds: float) -> float:
    """The peer's own recorder, its defaults, from as many threads as it is fastest with here."""
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or "localhost"])[0]
    datastore = PostgresDatastore(
        dbname=parts.path.lstrip("/"),
        host=host,
        port=parts.port or 5432,
        user=parts.username or "postgres",
        password="",
        pool_size=16,
        max_overflow=0,
    )
    recorder = PostgresApplicationRecorder(datastore, events_table_name="peer_events")
    recorder.create_table()
    state = WORDS.encode() + os.urandom(40)

    def caller(until: float) -> int:
        done = 0
        while time.perf_counter() < until:
            recorder.insert_events([StoredEvent(uuid7(), 1, "bench.order-placed", state)])
            done += 1
        return done

    try:
        with ThreadPoolExecutor(16) as threads:
            started = time.perf_counter()
            done = sum(threads.map(caller, [started + seconds] * 16))
            return done / (time.perf_counter() - started)
    finally:
        datastore.close()
