"""A list and a get never differ: the WHERE of a reach selects, on PostgreSQL, exactly the subjects that it admits."""

from itertools import product
from pathlib import Path

from sqlalchemy import ARRAY, Column, Integer, MetaData, Table, Text, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

from events.authority import Actor, Subject, reach
from events.database import embedded, sqlalchemy_url
from events.permissions import ACTIONS
from events.reach_sql import condition

TABLE = Table(
    "subjects",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("county", Text),
    Column("worker", Text),
    Column("team", ARRAY(Text)),
    Column("owner", Text),
    Column("role", Text),
)
PLACES, WORKERS, OWNERS, ADDRESSED = (None, "alder", "birch"), (None, "one", "two"), (None, "ours"), (None, "ROLE-03")
SUBJECTS = [
    Subject(county, frozenset() if worker is None else frozenset({worker}), owner, role)
    for county, worker, owner, role in product(PLACES, WORKERS, OWNERS, ADDRESSED)
]
ROLES = ("ROLE-01", "ROLE-02", "ROLE-03", "ROLE-05", "ROLE-12", "ROLE-79")
ACTORS = [
    *(Actor("one", frozenset({role}), frozenset({"alder"}), "ours") for role in ROLES),
    Actor("two", frozenset({"ROLE-02", "ROLE-05"}), frozenset(), None),
    Actor("one", frozenset({"ROLE-03", "ROLE-05", "ROLE-02"}), frozenset({"alder", "birch"}), "ours"),
]


async def test_a_query_selects_exactly_what_the_reach_admits(tmp_path: Path) -> None:
    """R-INT-005, R-INT-015: list, search, stream and export answer like get, with one worker or a team of them."""
    rows = [
        {
            "number": number,
            "county": each.county,
            "worker": next(iter(each.assigned), None),
            "team": sorted(each.assigned),
            "owner": each.organisation,
            "role": each.role,
        }
        for number, each in enumerate(SUBJECTS)
    ]
    engine = create_async_engine(sqlalchemy_url(embedded(tmp_path)))
    async with engine.begin() as connection:
        await connection.run_sync(TABLE.metadata.create_all)
        await connection.execute(insert(TABLE), rows)
        wanted = {reach(actor, action) for actor, action in product(ACTORS, ACTIONS)}
        for reached, assigned in product(wanted, (TABLE.c.worker, TABLE.c.team)):
            where = condition(reached, TABLE.c.county, assigned, TABLE.c.owner, TABLE.c.role)
            selected = set(await connection.scalars(select(TABLE.c.number).where(where)))
            assert selected == {number for number, each in enumerate(SUBJECTS) if reached.admits(each)}, reached
    await engine.dispose()
    assert len(wanted) > 10
