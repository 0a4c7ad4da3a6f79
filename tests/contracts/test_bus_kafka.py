"""What only Kafka has: brokers that go away, offsets with gaps, retention, the partitioner of the Java client."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.structs import TopicPartition
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.conftest import kafka_settings
from tests.contracts.ledger import Ledger, message, messages
from tests.kafka_broker import NoKafka, fetch_jars, free_port, jar_broker

from events.bus_kafka import KafkaBus, KafkaSettings
from events.cloudevents import to_headers
from events.ids import uuid7
from events.kafka_partition import murmur2, partitions_of
from events.kafka_publisher import NotPublished
from events.message import Batch
from events.testing import eventually


@pytest.fixture
async def bus(kafka_bootstrap: str) -> AsyncIterator[KafkaBus]:
    made = KafkaBus(kafka_settings(kafka_bootstrap, partitions=1))
    yield made
    await made.close()


@pytest.fixture
async def topic(bus: KafkaBus) -> str:
    name = f"test-{uuid7().hex}"
    await bus.ensure_topics([name])
    return name


@pytest.fixture
def jars() -> None:
    try:
        fetch_jars()
    except NoKafka as reason:
        pytest.skip(f"not run with a broker that dies: {reason}")


@pytest.mark.parametrize(
    ("key", "hashed"),
    [("21", -973932308), ("foobar", -790332482), ("a-little-bit-long-string", -985981536), ("abc", 479470107)],
)
def test_a_key_goes_to_the_partition_that_the_java_client_chooses(key: str, hashed: int) -> None:
    """The hashes are those that Apache Kafka's own tests expect of its murmur2."""
    assert list(murmur2([key.encode()])) == [hashed & 0xFFFFFFFF]
    assert partitions_of([key], 12) == {key: (hashed & 0x7FFFFFFF) % 12}


@given(keys=st.lists(st.text(max_size=30), max_size=30), count=st.integers(1, 50))
def test_every_key_goes_where_the_partitioner_of_the_client_library_sends_it(keys: list[str], count: int) -> None:
    partitioner = DefaultPartitioner()
    assert partitions_of(keys, count) == {key: partitioner(key.encode(), list(range(count)), []) for key in keys}


def test_security_settings_reach_the_client_and_the_password_is_not_printed() -> None:
    settings = KafkaSettings(
        "broker:9093", security_protocol="SASL_SSL", sasl_mechanism="SCRAM-SHA-512", username="intake", password="x-y-z"
    )
    given = settings.connection()
    assert given["ssl_context"].check_hostname
    assert (given["security_protocol"], given["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert (given["sasl_plain_username"], given["sasl_plain_password"]) == ("intake", "x-y-z")
    assert "x-y-z" not in repr(settings)


@pytest.mark.kafka
async def test_a_message_that_the_broker_refuses_raises_and_the_next_one_is_published(
    bus: KafkaBus, topic: str
) -> None:
    ledger = Ledger()
    with pytest.raises(MessageSizeTooLargeError):
        await bus.publish([message(topic, "report-1", 1, b"x" * 3_000_000)])
    await bus.publish([message(topic, "report-1", 1)])
    async with bus.consume("refused", [topic], ledger, ledger.handle):
        await ledger.reached(1)


@pytest.mark.kafka
async def test_a_refused_message_does_not_keep_other_publishes_waiting(bus: KafkaBus, topic: str) -> None:
    ledger = Ledger()
    await bus.publish([message(topic, "report-1", 1)])
    others = [bus.publish(messages(topic, [f"visit-{number}"], 400, 1, size=500)) for number in range(3)]
    async with asyncio.timeout(5):
        refused, *results = await asyncio.gather(
            bus.publish([message(topic, "report-1", 2, b"x" * 3_000_000)]), *others, return_exceptions=True
        )
        assert isinstance(refused, MessageSizeTooLargeError)
        assert all(result is None or isinstance(result, NotPublished) for result in results)
        for number in range(3):
            await bus.publish(messages(topic, [f"visit-{number}"], 400, 1, size=500))
    async with bus.consume("others", [topic], ledger, ledger.handle):
        await ledger.reached(1201)


async def marker_written(kafka_bootstrap: str, topic: str, end: int) -> None:
    """The broker answers an abort before it writes the marker: wait until the partition ends where it should."""
    reader = AIOKafkaConsumer(bootstrap_servers=kafka_bootstrap)
    await reader.start()
    place = TopicPartition(topic, 0)

    async def there() -> bool:
        return bool((await reader.end_offsets([place]))[place] == end)

    await eventually(there)
    await reader.stop()


@pytest.mark.kafka
async def test_offsets_with_gaps_keep_the_position_comparable(bus: KafkaBus, kafka_bootstrap: str, topic: str) -> None:
    """An aborted transaction and its marker take offsets that nobody is shown; a batch begins at the position anyway."""
    ledger = Ledger()
    batches: list[Batch] = []

    async def note(batch: Batch) -> None:
        batches.append(batch)

    await bus.publish(messages(topic, ["report-1"], 5))
    hidden = message(topic, "report-1", 99)
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap, transactional_id=topic) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, hidden.data, b"report-1", 0, headers=to_headers(hidden, b"report-1"))
        await producer.abort_transaction()
    await marker_written(kafka_bootstrap, topic, 7)
    async with bus.consume("gaps", [topic], ledger, ledger.after(note), max_batch=3):
        await ledger.reached(5)
        await bus.publish(messages(topic, ["report-1"], 5, 6))
        await ledger.reached(10)
    assert ledger.sequences() == {"report-1": list(range(1, 11))}
    assert all(left.next_offset == right.offset for left, right in pairwise(batches))
    assert batches[-1].next_offset == 12


@pytest.mark.kafka
async def test_what_retention_has_taken_is_reported_and_the_rest_is_delivered(
    bus: KafkaBus, kafka_bootstrap: str, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = Ledger()
    await bus.publish(messages(topic, ["report-1"], 10))
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=4)})
    await admin.close()
    async with bus.consume("expired", [topic], ledger, ledger.handle):
        await ledger.reached(6)
    assert ledger.sequences() == {"report-1": [5, 6, 7, 8, 9, 10]}
    assert "messages-expired" in capsys.readouterr().out


@pytest.mark.kafka
async def test_a_foreign_record_stops_its_partition_and_is_never_skipped(
    bus: KafkaBus, kafka_bootstrap: str, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = Ledger()
    await bus.publish(messages(topic, ["report-1"], 3))
    async with bus.consume("foreign", [topic], ledger, ledger.handle):
        await ledger.reached(3)
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap) as producer:
        await producer.send_and_wait(topic, b"no headers", b"report-1", 0)
    await bus.publish(messages(topic, ["report-1"], 1, 4))
    async with bus.consume("foreign", [topic], ledger, ledger.handle):
        await asyncio.sleep(1)
    assert len(ledger.effects) == 3
    assert "NotACloudEvent" in capsys.readouterr().out


@pytest.mark.kafka
@pytest.mark.crash
async def test_a_broker_that_dies_and_returns_loses_nothing(jars: None, tmp_path: Path) -> None:
    ledger, port = Ledger(), free_port()
    bus = KafkaBus(kafka_settings(f"127.0.0.1:{port}", publish_timeout=3.0))
    async with bus.consume("outage", ["reports"], ledger, ledger.handle):
        with jar_broker(tmp_path, port):
            await bus.ensure_topics(["reports"])
            await bus.publish(messages("reports", ["report-1", "report-2"], 10))
            await ledger.reached(10)
        with pytest.raises(NotPublished):
            await bus.publish(messages("reports", ["report-1", "report-2"], 10, 11))
        with jar_broker(tmp_path, port):

            async def published() -> bool:
                """A broker that has just opened its port may not take messages yet: the relay publishes again."""
                try:
                    await bus.publish(messages("reports", ["report-1", "report-2"], 10, 11))
                except NotPublished:
                    return False
                return True

            async def complete() -> bool:
                return {effect.sequence for effect in ledger.effects} == set(range(1, 21))

            await eventually(published, within=60)
            await eventually(complete, within=30)
            # What was sent twice comes twice, behind its first copy: consumers leave it out by its sequence.
            found = {key: list(dict.fromkeys(each)) for key, each in ledger.sequences().items()}
    await bus.close()
    assert found == {"report-1": list(range(1, 21, 2)), "report-2": list(range(2, 21, 2))}
