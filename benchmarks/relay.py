"""The relay on a real Kafka beside a bare loop that sends batches of the same size."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from tests.kafka_broker import NoKafka, broker

from benchmarks.alive import alive
from benchmarks.figure import Figure, fresh_database
from events.bus_kafka import KafkaBus, KafkaSettings
from events.process import settled
from events.runtime import Runtime

EVENTS = 200_000
FILL = """
insert into events (id, stream, version, name, schema_version, data, occurred_at, recorded_at, meta, announced)
select id, 'order-' || id, 1, 'bench.order-placed', 1,
       jsonb_build_object('county', 'Alder', 'quantity', 1, 'words', repeat('word ', 30)), at, at,
       jsonb_build_object('actor', 'hal-hotline', 'correlation', id::text),
       concat_ws(E'\\n', 'bench.OrderAnnounced.v1', id, json_build_object('orderId', id, 'quantity', 1))
from (select gen_random_uuid() as id, now() + number * interval '1 microsecond' as at
      from generate_series(1, $1) as number) as orders
"""


async def measure(url: str, seconds: float) -> list[Figure]:
    """Messages a second from the log to Kafka, acknowledged by the broker."""
    try:
        with tempfile.TemporaryDirectory() as shared, broker(Path(shared)) as bootstrap:
            return await _measure(url, bootstrap)
    except NoKafka as why:
        print(f"not measured: relay ({why})")
        return []


async def _measure(url: str, bootstrap: str) -> list[Figure]:
    bus = KafkaBus(KafkaSettings(bootstrap))
    await bus.ensure_topics(["bench", "peer"])
    async with fresh_database(url) as fresh:
        with tempfile.TemporaryDirectory() as directory:
            async with alive(fresh, Path(directory), bus=bus) as (runtime, _):
                await runtime.pool.execute(FILL, EVENTS)
                await _bare(bootstrap)  # a broker that has just started compiles as it goes
                with settled():  # both sides alike
                    relayed, bare = await _relay(runtime), await _bare(bootstrap)
    name = "aiokafka send_batch, bare loop, same headers"
    return [Figure.beside("relay to Kafka", relayed, "messages/s", name, bare, least_ratio=0.5, least=80_000)]


async def _relay(runtime: Runtime) -> float:
    async with runtime.listening() as (connection, _):
        started = time.perf_counter()
        while await runtime.relay.run_once(connection):
            pass
        return EVENTS / (time.perf_counter() - started)


async def _bare(bootstrap: str) -> float:
    """Batches made and sent, one partition after another, acknowledged by the broker; nothing is read or recorded."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, max_batch_size=512 * 1024)
    await producer.start()
    try:
        headers: list[Any] = [(f"ce_{number}", b"0123456789012345678901234567890123456") for number in range(10)]
        value, sent = os.urandom(70), 0
        started = time.perf_counter()
        while sent < EVENTS:
            batch = producer.create_batch()
            while batch.append(key=b"key", value=value, timestamp=None, headers=headers):
                sent += 1
            await (await producer.send_batch(batch, "peer", partition=sent % 12))
        return sent / (time.perf_counter() - started)
    finally:
        await producer.stop()
