"""The two installations of the system tests, a mail server, a subscriber, a nursery of processes."""

import os
from collections.abc import Iterator

import pytest
from tests.system.cluster import Kafka
from tests.system.mailbox import Mailbox, mail_server
from tests.system.processes import Nursery, nursery
from tests.system.subscriber import Subscriber, subscriber

from events.ids import uuid7
from events.service import Service, installed

# A broker that somebody else runs keeps Kafka's own lower limit.
SESSION = 6.0 if os.environ.get("HEARTHLINE_TEST_KAFKA") else 2.0


@pytest.fixture(scope="session")
def services() -> list[Service]:
    """All services."""
    return installed()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real mail server."""
    with mail_server() as box:
        yield box


@pytest.fixture
def endpoint() -> Iterator[Subscriber]:
    """Another system that takes webhooks."""
    with subscriber() as there:
        yield there


@pytest.fixture(scope="session")
def forks() -> Iterator[Nursery]:
    """Where service processes come from."""
    with nursery() as there:
        yield there


@pytest.fixture
def kafka(kafka_bootstrap: str) -> Kafka:
    """A real broker; topics and groups of this test alone."""
    return Kafka(kafka_bootstrap, f"test-{uuid7().hex}-", SESSION)
