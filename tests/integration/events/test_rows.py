"""Rows of a read model come back from PostgreSQL as they were given, whatever the types of their columns."""

import asyncio
from datetime import UTC
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from tests.integration.events.conftest import Owner

from events.database import connect
from events.ids import derived
from events.rows import Row, Rows

KINDS = Table(
    "kinds",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("words", Text),
    Column("small", Integer),
    Column("big", BigInteger),
    Column("yes", Boolean),
    Column("ratio", Float),
    Column("money", Numeric),
    Column("day", Date),
    Column("at", DateTime(timezone=True)),
    Column("sealed", LargeBinary),
    Column("document", JSONB),
    Column("texts", ARRAY(Text)),
    Column("ids", ARRAY(Uuid)),
    Column("numbers", ARRAY(Integer)),
)
CREATE = """
create schema rows;
create table rows.kinds (
  id uuid primary key, words text, small int, big bigint, yes boolean, ratio float8, money numeric, day date,
  at timestamptz, sealed bytea, document jsonb, texts text[], ids uuid[], numbers int[]
)
"""
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
KEYS = st.integers(0, 5).map(lambda number: derived("row", number))
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "words": st.none() | WORDS,
        "small": st.integers(-(2**31), 2**31 - 1),
        "big": st.integers(-(2**63), 2**63 - 1),
        "yes": st.none() | st.booleans(),
        "ratio": st.floats(allow_nan=False),
        "money": st.decimals(-1000, 1000, places=2),
        "day": st.dates(),
        "at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "sealed": st.binary(max_size=4),
        "document": st.none() | st.dictionaries(WORDS, st.lists(WORDS | st.integers(-9, 9)), max_size=2),
        "texts": st.none() | st.lists(WORDS | st.none() | st.sampled_from(["null", "{}", '"', "\\", ","]), max_size=4),
        "ids": st.lists(st.uuids(), max_size=3),
        "numbers": st.lists(st.integers(-9, 9), max_size=3),
    },
)


def test_every_kind_of_value_comes_back(database: str, owner: Owner) -> None:
    """Architecture, read models: stored together, changed together, one row a key; what is not given is null."""
    owner(CREATE)
    rows = Rows(KINDS)
    with asyncio.Runner() as runner:
        connection = runner.run(connect(database, "rows"))

        async def stored(given: list[Row], keys: list[UUID]) -> dict[Any, Row]:
            await rows.store(connection, given)
            return await rows.read(connection, keys)

        @given(st.dictionaries(KEYS, VALUES, max_size=4), st.dictionaries(KEYS, VALUES, max_size=4))
        @settings(max_examples=60, deadline=None)
        def check(first: dict[UUID, Row], then: dict[UUID, Row]) -> None:
            for values in (first, then):
                expected = {key: dict.fromkeys(rows.columns) | row | {"id": key} for key, row in values.items()}
                assert runner.run(stored(list(expected.values()), list(expected))) == expected

        check()
        runner.run(connection.close())


async def test_what_does_not_fit_its_column_is_refused(database: str, owner: Owner) -> None:
    """Architecture, read models: nothing is turned into text behind the fold's back; what is taken away is away."""
    owner(CREATE)
    rows, key = Rows(KINDS), derived("row", 1)
    connection = await connect(database, "rows")
    for wrong in ({"words": 5}, {"small": "five"}, {"document": object()}):
        with pytest.raises((asyncpg.DataError, TypeError)):
            await rows.store(connection, [{"id": key, **wrong}])
    await rows.store(connection, [{"id": key, "document": {"b", "a"}}])
    assert (await rows.read(connection, [key]))[key]["document"] == ["a", "b"]
    await rows.delete(connection, [key])
    assert await rows.read(connection, [key]) == {}
    await connection.close()
