"""Rebuilding a read model: fill a shadow copy from the log while the old one serves, verify row by row, then swap."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import quoted_name

from events import database, read_model
from events.log import Log
from events.read_model import ReadModel
from events.service import Service

PAGE = 5000


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


async def catch_up(
    connection: Any,
    log: Log,
    model: ReadModel,
    table: str,
    after: int,
    progress: Callable[[int], None] = lambda n: None,
) -> int:
    """Apply the log to `table` from a position on, page by page, each page in one transaction. Returns the position."""
    while page := await log.read_all(connection, after, PAGE):
        async with connection.transaction():
            await read_model.apply(connection, model, page, table)
        after = page[-1].position
        progress(after)
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
    connection = await database.connect(url, service.schema)
    differing: tuple[str, ...] = ()
    try:
        await _create_shadow(connection, model)
        after = await catch_up(connection, log, model, shadow_name(model), 0, progress)
        try:
            async with connection.transaction():
                await connection.execute(f"select pg_advisory_xact_lock({log.lock})")
                after = await catch_up(connection, log, model, shadow_name(model), after, progress)
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
    connection = await database.connect(url, service.schema)
    try:
        known = {row["name"]: row["version"] for row in await connection.fetch("select name, version from read_models")}
    finally:
        await connection.close()
    return [model for model in service.read_models if known.get(model.table.name) != model.version]
