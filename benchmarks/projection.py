"""Filling a read model from the log beside a bare loop that reads, folds and upserts the same rows without any library."""

import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

from benchmarks.alive import alive
from benchmarks.figure import Figure, fresh_database
from benchmarks.subject import MODEL
from events import database
from events.log import Log
from events.rebuild import catch_up
from events.runtime import Runtime

STREAMS, CHANGES, PAGE = 20_000, 9, 5000
FILL = """
insert into events (id, stream, version, name, schema_version, data, occurred_at, recorded_at, meta)
select gen_random_uuid(), 'order-' || id, version,
       case version when 1 then 'bench.order-placed' else 'bench.order-changed' end, 1,
       case version when 1 then jsonb_build_object('county', 'Alder', 'quantity', 1, 'words', repeat('word ', 30))
                    else jsonb_build_object('quantity', version) end,
       now(), now(), jsonb_build_object('actor', 'hal-hotline', 'correlation', id::text)
from (select gen_random_uuid() as id, hashtext(n::text) as place from generate_series(1, $1) as n) as ids
cross join generate_series(1, $2) as version
order by version, place
"""
COPY = "create table {} (like orders including all)"


async def measure(url: str, seconds: float) -> list[Figure]:
    """Events a second, from the log into rows that are committed."""
    async with fresh_database(url) as fresh:
        with tempfile.TemporaryDirectory() as directory:
            async with alive(fresh, Path(directory)) as (runtime, _):
                owner, reader = await database.connect(fresh, "bench"), await database.connect(fresh, "bench")
                try:
                    await owner.execute(FILL, STREAMS, CHANGES + 1)
                    await owner.execute(f"{COPY.format('ours')}; {COPY.format('peer')}; analyze")
                    ours = await _ours(owner, reader, runtime.log)
                    bare = await _bare(owner, runtime)
                    differing = await owner.fetchval(
                        "select count(*) from ((table ours except table peer) union all (table peer except table ours)) as d"
                    )
                    assert differing == 0, "the peer's rows are not the same"
                finally:
                    await owner.close()
                    await reader.close()
    name = "bare fold and unnest upsert, asyncpg"
    return [Figure.beside("read model from the log", ours, "events/s", name, bare, least_ratio=0.4, least=80_000)]


async def _ours(connection: Any, reader: Any, log: Log) -> float:
    started = time.perf_counter()
    await catch_up(connection, reader, log, MODEL, "ours", 0)
    return STREAMS * (CHANGES + 1) / (time.perf_counter() - started)


async def _bare(connection: Any, runtime: Runtime) -> float:
    started, after = time.perf_counter(), 0
    rows: dict[str, list[Any]] = {}
    while page := await connection.fetch(
        "select position, stream, name, data::text from events where position > $1 order by position limit $2",
        after,
        PAGE,
    ):
        touched: dict[str, list[Any]] = {}
        for _, stream, name, data in page:
            content = orjson.loads(data)
            if name == "bench.order-placed":
                row = ["Alder" and content["county"], content["quantity"], 0]
            else:
                known = rows[stream]
                row = [known[0], content["quantity"], known[2] + 1]
            rows[stream] = touched[stream] = row
        async with connection.transaction():
            await connection.execute(
                "insert into peer (order_id, county, quantity, changes)"
                " select * from unnest($1::uuid[], $2::text[], $3::int[], $4::int[])"
                " on conflict (order_id) do update set county = excluded.county, quantity = excluded.quantity,"
                " changes = excluded.changes",
                [stream[-36:] for stream in touched],
                *(list(column) for column in zip(*touched.values(), strict=True)),
            )
        after = page[-1]["position"]
    return STREAMS * (CHANGES + 1) / (time.perf_counter() - started)
