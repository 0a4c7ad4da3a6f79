"""The bus on Apache Kafka: settings, topics, and the two directions."""

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, KafkaError, NoError, TopicAlreadyExistsError, for_code
from aiokafka.record import default_records

from events.delivery import taking_part
from events.kafka_member import Member
from events.kafka_publisher import KafkaPublisher
from events.message import Handle, Message, Positions


class KafkaUnreachable(ConnectionError):
    """No broker answers at the addresses given."""


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How to reach the brokers. Times are in seconds.

    `handlers` bounds how many batches one consumer handles at once, so that partitions do not use up a database pool.
    `prefix` is what the names of topics and groups begin with on the brokers; nobody else sees it.
    """

    bootstrap: str
    partitions: int = 12
    replication: int = 1
    prefix: str = ""
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str = "PLAIN"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    cafile: Path | None = None
    publish_timeout: float = 30.0
    session_timeout: float = 10.0
    heartbeat: float = 3.0
    handlers: int = 2

    def connection(self) -> dict[str, Any]:
        """The arguments that every client of these brokers shares."""
        given: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "security_protocol": self.security_protocol}
        if self.security_protocol.endswith("SSL"):
            given["ssl_context"] = ssl.create_default_context(cafile=self.cafile)
        if self.security_protocol.startswith("SASL"):
            given["sasl_mechanism"] = self.sasl_mechanism
            given["sasl_plain_username"] = self.username
            given["sasl_plain_password"] = self.password
        return given


class KafkaBus:
    """`events.message.Bus` on Kafka. Create it inside a running event loop."""

    def __init__(self, settings: KafkaSettings) -> None:
        if default_records.DefaultRecordBatchBuilder.__module__.find("_crecords") < 0:
            raise RuntimeError("aiokafka runs without its C extension: install a wheel that has it")
        self.settings = settings
        self._publisher = KafkaPublisher(settings.connection(), settings.publish_timeout, settings.prefix)

    async def ensure_topics(self, topics: Sequence[str]) -> None:
        """Create the topics that do not exist. Raises KafkaUnreachable, or KafkaError when a topic is refused."""
        admin = AIOKafkaAdminClient(**self.settings.connection())
        try:
            await admin.start()
            answer = await admin.create_topics([self._topic(name) for name in topics])
        except KafkaConnectionError as error:
            raise KafkaUnreachable(str(error)) from error
        finally:
            await admin.close()
        for name, code, *detail in answer.topic_errors:
            error_type: type[KafkaError] = for_code(code)
            if error_type not in (NoError, TopicAlreadyExistsError):
                raise error_type(f"topic {name}: {detail}")

    def _topic(self, name: str) -> NewTopic:
        replication = self.settings.replication
        # With three copies, acks=all then means two of them: one broker may be away, and nothing acknowledged is lost.
        safety = {"min.insync.replicas": str(max(1, replication - 1))}
        return NewTopic(f"{self.settings.prefix}{name}", self.settings.partitions, replication, topic_configs=safety)

    async def publish(self, messages: Sequence[Message]) -> None:
        """See `Bus.publish`. Raises NotPublished when another try may help, KafkaError when it cannot."""
        await self._publisher.publish(messages)

    @asynccontextmanager
    async def consume(
        self, group: str, topics: Sequence[str], positions: Positions, handle: Handle, *, max_batch: int = 500
    ) -> AsyncIterator[None]:
        """See `Bus.consume`. A fault that no repetition mends cancels the body and is raised on leaving."""
        settings = self.settings
        timing = {
            "session_timeout_ms": int(settings.session_timeout * 1000),
            "heartbeat_interval_ms": int(settings.heartbeat * 1000),
        }
        connection = settings.connection() | timing
        member = Member(
            connection,
            group,
            topics,
            positions,
            handle,
            max_batch=max_batch,
            handlers=settings.handlers,
            prefix=settings.prefix,
        )
        async with taking_part(member.run):
            yield

    async def close(self) -> None:
        """Send what is under way, at most for `publish_timeout`, and disconnect."""
        await self._publisher.close()
