"""The two adapters of the bus, one after the other, for every test of the contract."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from events.bus_kafka import KafkaBus, KafkaSettings
from events.bus_postgres import PostgresBus, bus_schema
from events.ids import uuid7
from events.message import Bus

# A broker that somebody else runs keeps Kafka's own lower limit.
SESSION = 6.0 if os.environ.get("HEARTHLINE_TEST_KAFKA") else 1.5


@dataclass(frozen=True)
class Adapter:
    """One of the two, ready to use: `bus()` makes a client, `nowhere()` one whose server does not exist."""

    name: str
    bus: Callable[[], Bus]
    nowhere: Callable[[], Bus]

    def topic(self) -> str:
        """A topic that nobody has used yet; also good as the name of a group."""
        return f"test-{uuid7().hex}"


def with_schema(url: str) -> str:
    """The same URL after the log was created there."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in bus_schema():
            connection.execute(statement.encode())
    return url


def kafka_settings(bootstrap: str, **more: Any) -> KafkaSettings:
    """Quick to notice, few partitions."""
    given: dict[str, Any] = {"partitions": 4, "session_timeout": SESSION, "heartbeat": 0.3, "publish_timeout": 10.0}
    return KafkaSettings(bootstrap, **(given | more))


@pytest.fixture(params=["postgres", pytest.param("kafka", marks=pytest.mark.kafka)])
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """Each adapter in turn."""
    if request.param == "postgres":
        url = with_schema(request.getfixturevalue("database"))
        nowhere = "postgresql://postgres@/none?host=/nonexistent"
        return Adapter("postgres", lambda: PostgresBus(url), lambda: PostgresBus(nowhere))
    settings = kafka_settings(request.getfixturevalue("kafka_bootstrap"))
    nobody = kafka_settings("127.0.0.1:1", publish_timeout=2.0)
    return Adapter("kafka", lambda: KafkaBus(settings), lambda: KafkaBus(nobody))
