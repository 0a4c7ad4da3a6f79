"""Logs are JSON lines without private values, also when an exception quotes one."""

import asyncio
import gc
import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from starlette.requests import Request

from events import logs, problems
from events.ids import derived
from events.private import Private

SECRET = "a-confidential-text"


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What is written to standard error."""
    written = StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure("info")
    yield written
    root.handlers[:], root.level = handlers, level


def lines(logged: StringIO) -> list[dict[str, Any]]:
    assert SECRET not in logged.getvalue()
    return [json.loads(line) for line in logged.getvalue().splitlines()]


def fail() -> None:
    private = SECRET
    raise ValueError(f"cannot read {private}")


def test_an_exception_is_logged_by_type_and_place_without_its_message(logged: StringIO) -> None:
    """Architecture, logs: where it was stays, what it says is left out."""
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("failed", key="k")
    (entry,) = lines(logged)
    assert (entry["event"], entry["exception"], entry["key"], entry["level"]) == ("failed", "ValueError", "k", "error")
    assert entry["frames"][-1].startswith(__file__)


def test_a_library_that_logs_an_exception_is_treated_alike(logged: StringIO) -> None:
    """Architecture, logs: the standard library's logging goes the same way."""
    try:
        fail()
    except ValueError:
        logging.getLogger("library").exception("failed")
    (entry,) = lines(logged)
    assert (entry["event"], entry["logger"], entry["exception"]) == ("failed", "library", "ValueError")


async def test_a_task_that_nobody_awaited_does_not_quote_its_exception(logged: StringIO) -> None:
    """Architecture, logs: asyncio prints the whole future, with the exception and its message."""

    async def task() -> None:
        fail()

    failing = asyncio.create_task(task())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del failing
    gc.collect()
    (entry,) = lines(logged)
    assert (entry["event"], entry["exception"]) == ("Task exception was never retrieved", "ValueError")


async def test_a_fault_behind_a_request_is_logged_without_its_message(logged: StringIO) -> None:
    """Architecture, problems: 500 for the caller, type and place for the operator."""
    request = Request(
        {"type": "http", "method": "GET", "path": "/x", "headers": [], "query_string": b""} | {"server": ("s", 1)}
    )
    app = FastAPI()
    problems.install(app)
    try:
        fail()
    except ValueError as error:
        response = await app.exception_handlers[Exception](request, error)  # type: ignore[misc]
    assert SECRET.encode() not in response.body
    (entry,) = lines(logged)
    assert (entry["event"], entry["reason"], entry["path"]) == ("fault", "ValueError", "/x")


def test_a_private_value_given_to_a_log_shows_dots(logged: StringIO) -> None:
    """Architecture, private values: even when somebody logs one on purpose."""
    structlog.get_logger().info("note", text=Private(derived("person"), SECRET))
    (entry,) = lines(logged)
    assert entry["text"].endswith("***)")


def test_only_what_is_asked_for_is_logged(logged: StringIO) -> None:
    """Architecture, logs: the level is a setting; libraries speak from warnings on."""
    structlog.get_logger().debug("detail")
    logging.getLogger("library").info("detail")
    assert lines(logged) == []
