"""The sample service alive on a database of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg.rows import tuple_row
from tests.alive import Sent, alive
from tests.sample import SAMPLE

from events.runtime import Runtime


@dataclass(frozen=True)
class Owner:
    """SQL as the owner of the database, to look behind the kernel or to damage what it keeps."""

    url: str

    def __call__(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True, row_factory=tuple_row) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []


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
