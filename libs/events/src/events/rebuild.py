"""Rebuilding a read model: fill a shadow copy from the log while the old one serves, verify row by row, then swap."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import quoted_name

from events import database
from events.log import Log
from events.read_model import ReadModel, Row, folded, touched, unknown
from events.recorded import Recorded
from events.service import Service

PAGE = 5000  # events read at once
TOGETHER = 50_000  # events whose rows are stored at once
KEPT = 50_000  # rows that may stay in memory after that; if there are more, all are read again


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did. `differing` are keys whose row in service differs from the log (the first hundred)."""

    name: str
    events: int
    rows: int
    differing: tuple[str, ...]
    swapped: bool


def shadow_name(model: ReadModel) -> str:
    """The table that is filled beside the one in service."""
    return f"{model.table.name}_shadow"


async def _create_shadow(connection: Any, model: ReadModel) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    name, shadow = model.table.name, shadow_name(model)
    await connection.execute(f"drop table if exists {shadow}")
    copy = model.table.to_metadata(type(model.table.metadata)(), name=shadow)
    await connection.execute(str(CreateTable(copy).compile(dialect=dialect)))
    for index in copy.indexes:
        index.name = quoted_name(f"{index.name}_shadow".replace(f"{name}_", f"{shadow}_", 1), None)
        await connection.execute(str(CreateIndex(index).compile(dialect=dialect)))


class Filling:
    """Rows on their way from the log into a table that nobody else writes: folded page by page, stored together."""

    def __init__(self, connection: Any, model: ReadModel, table: str) -> None:
        self.connection, self.model, self.table = connection, model, table
        self.known: dict[Any, Row | None] = {}
        self.changed: set[Any] = set()
        self.events = 0

    async def fold(self, page: list[Recorded[Any]]) -> None:
        """Take the next events in."""
        touching = touched(self.model, page)
        if keys := unknown(self.model, self.known, touching):
            self.known.update(await self.model.rows.read(self.connection, keys, self.table))
        self.known.update(folded(self.model, self.known, touching))
        self.changed.update(touching)
        self.events += len(page)
        if self.events >= TOGETHER:
            await self.store()

    async def store(self) -> None:
        """Write down what changed, in one transaction."""
        rows = {key: self.known[key] for key in self.changed}
        async with self.connection.transaction():
            stored = [row for row in rows.values() if row is not None]
            await self.model.rows.store(self.connection, stored, self.table)
            gone = [key for key, row in rows.items() if row is None]
            await self.model.rows.delete(self.connection, gone, self.table)
        self.changed.clear()
        self.events = 0
        gc.collect(1)
        if len(self.known) > KEPT:
            self.known.clear()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles in between: nothing here makes any, and the search took longer than all other work."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


async def catch_up(
    connection: Any,
    reader: Any,
    log: Log,
    model: ReadModel,
    table: str,
    after: int,
    progress: Callable[[int], None] = lambda n: None,
) -> int:
    """Apply the log to `table`, which nobody else writes, from a position on. Returns the position.

    A page is read by the second connection while the one before it is folded and stored.
    """
    filling = Filling(connection, model, table)
    reading = asyncio.create_task(log.read_all(reader, after, PAGE))
    try:
        with _uncollected():
            while page := await reading:
                after = page[-1].position
                reading = asyncio.create_task(log.read_all(reader, after, PAGE))
                await filling.fold(page)
                progress(after)
            await filling.store()
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    return after


async def rebuild(
    url: str,
    service: Service,
    model: ReadModel,
    *,
    accept_differences: bool = False,
    progress: Callable[[int], None] = lambda n: None,
) -> Rebuilt:
    """Rebuild one read model, as the owner of the schema.

    Commands wait only for the last page, the comparison and the swap. When the version is unchanged, every row in
    service must equal the rebuilt one; else nothing is swapped unless differences are accepted.
    """
    log = Log(service.name, service.registry, service.announce, service.read_models)
    differing: tuple[str, ...] = ()
    async with _connected(url, service.schema) as connection, _connected(url, service.schema) as reader:
        await _create_shadow(connection, model)
        after = await catch_up(connection, reader, log, model, shadow_name(model), 0, progress)
        try:
            async with connection.transaction():
                await connection.execute(f"select pg_advisory_xact_lock({log.lock})")
                after = await catch_up(connection, reader, log, model, shadow_name(model), after, progress)
                await _swap(connection, service, model)
                differing = await _differing(connection, model)
                if differing and not accept_differences:
                    raise _NotSwapped
                await _retire(connection, model)
            swapped = True
        except _NotSwapped:
            await connection.execute(f"drop table {shadow_name(model)}")
            swapped = False
        rows = await connection.fetchval(f"select count(*) from {model.table.name}")  # noqa: S608
        return Rebuilt(model.table.name, after, rows, differing, swapped)


@asynccontextmanager
async def _connected(url: str, schema: str) -> AsyncIterator[Any]:
    connection = await database.connect(url, schema)
    try:
        yield connection
    finally:
        await connection.close()


class _NotSwapped(Exception):
    """Rows differ: the transaction of the swap is rolled back."""


async def _swap(connection: Any, service: Service, model: ReadModel) -> None:
    """Put the shadow in service and the old table aside; what was forgotten is forgotten in the new one too."""
    name = model.table.name
    await connection.execute(f"alter table {name} rename to {name}_retired")
    await connection.execute(f"alter table {shadow_name(model)} rename to {name}")
    await connection.execute(f"grant select, insert, update, delete on {name} to {service.role}")
    for row in await connection.fetch("select person from privacy.person_keys where wrapped is null"):
        await service.forget(connection, row["person"])


async def _differing(connection: Any, model: ReadModel) -> tuple[str, ...]:
    """The keys whose rows are not the same as before; nothing to compare where another version filled the old table."""
    name, key = model.table.name, model.key
    if await connection.fetchval("select version from read_models where name = $1", name) != model.version:
        return ()
    rows = await connection.fetch(
        f"select coalesce(old.{key}::text, new.{key}::text) as key from {name}_retired old full join {name} new"  # noqa: S608
        f" on old.{key} = new.{key} where to_jsonb(old) is distinct from to_jsonb(new) order by 1 limit 100"
    )
    return tuple(row["key"] for row in rows)


async def _retire(connection: Any, model: ReadModel) -> None:
    """Drop the old table, give its index names to the new one, and note the version."""
    name, shadow = model.table.name, shadow_name(model)
    await connection.execute(f"drop table {name}_retired")
    for row in await connection.fetch(
        "select indexname from pg_indexes where schemaname = current_schema() and tablename = $1", name
    ):
        old = row["indexname"]
        new = old.replace(shadow, name).removesuffix("_shadow")
        if new != old:
            await connection.execute(f'alter index "{old}" rename to "{new}"')
    await connection.execute(
        "insert into read_models (name, version, rebuilt_at) values ($1, $2, now())"
        " on conflict (name) do update set version = excluded.version, rebuilt_at = now()",
        name,
        model.version,
    )


async def outdated(url: str, service: Service) -> list[ReadModel]:
    """The read models whose table was filled by another version of their fold, or before the log had this model."""
    async with _connected(url, service.schema) as connection:
        known = {row["name"]: row["version"] for row in await connection.fetch("select name, version from read_models")}
    return [model for model in service.read_models if known.get(model.table.name) != model.version]
