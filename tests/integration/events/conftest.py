"""The sample service alive on a database of its own."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from psycopg.rows import tuple_row
from tests.alive import Sent, alive
from tests.integration.events.http_client import Client, client
from tests.sample import SAMPLE

from events import logs
from events.runtime import Runtime


@dataclass(frozen=True)
class Owner:
    """SQL as the owner of the database, to look behind the kernel or to damage what it keeps."""

    url: str

    def __call__(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True, row_factory=tuple_row) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """One line for each log entry: drawing tracebacks with all their values takes seconds."""
    structlog.configure(processors=[logs.frames, structlog.processors.JSONRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture
def owner(database: str) -> Owner:
    """The owner of the test's database."""
    return Owner(database)


@pytest.fixture
def sent() -> Sent:
    """What the services of the test have published."""
    return Sent()


@pytest.fixture
async def sample(database: str, sent: Sent) -> AsyncIterator[Runtime]:
    """The sample service, migrated and running."""
    async with alive(SAMPLE, database, bus=sent) as runtime:
        yield runtime


@pytest.fixture
async def caller(database: str, tmp_path: Path) -> AsyncIterator[Client]:
    """A caller of the sample service over HTTP."""
    async with client(database, tmp_path) as calling:
        yield calling
