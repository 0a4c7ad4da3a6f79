"""Whether an installation on Kafka has nothing left to do: every log relayed, every partition read to its end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from events.quiet import UNRELAYED
from events.service import Service

HEAD = "select coalesce(max(position), 0) from {0}.events"
PLACES = "select topic, partition, next_offset from {0}.positions"


async def busy_on_kafka(
    connection: Any, reader: AIOKafkaConsumer, prefix: str, services: Sequence[Service], now: datetime
) -> str:
    """What is still to be done at `now`, empty when nothing is.

    Two looks at the logs, and the ends of the partitions between them: when no log has grown meanwhile, everything that
    was ever published had been published before the ends were read.
    """
    before = await _heads(connection, services)
    for service in services:
        if await connection.fetchval(UNRELAYED.format(service.schema)):
            return f"{service.name} relays"
    ends = await _ends(reader, prefix, services)
    for service in services:
        places = await connection.fetch(PLACES.format(service.schema))
        reached = {(row["topic"], row["partition"]): row["next_offset"] for row in places}
        topics = {subscription.topic for subscription in service.subscriptions}
        if any(end > reached.get(place, 0) for place, end in ends.items() if place[0] in topics):
            return f"{service.name} consumes"
        if service.pending and await connection.fetchval(service.pending.format(service.schema), now):
            return f"{service.name} has work that is due"
    return "" if await _heads(connection, services) == before else "a log grows"


async def _heads(connection: Any, services: Sequence[Service]) -> list[int]:
    return [await connection.fetchval(HEAD.format(service.schema)) for service in services]


async def _ends(reader: AIOKafkaConsumer, prefix: str, services: Sequence[Service]) -> dict[tuple[str, int], int]:
    names = {f"{prefix}{service.name}": service.name for service in services}
    known = await reader._client.fetch_all_metadata()
    places = [TopicPartition(topic, number) for topic in names for number in known.partitions_for_topic(topic) or ()]
    ends = await reader.end_offsets(places)
    return {(names[place.topic], place.partition): end for place, end in ends.items()}
