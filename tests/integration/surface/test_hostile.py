"""What no honest client sends: each is refused with a problem, and nothing of it is our fault."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.integration.surface.stage import ALMIGHTY, Stage

from events.http import LARGEST

ID = str(UUID(int=7))
TEXTS = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%D9%A1",
    "%0A",
    "9" * 5000,
    "-1",
    "NaN",
    "0001-01-01T00:00:00+14:00",
    "' or 1=1 --",
)
CURSORS: tuple[Any, ...] = (
    [],
    {},
    7,
    None,
    ["\0"],
    [2**63],
    [-(2**63) - 1],
    [True],
    [1.5],
    [None],
    [["a"]],
    ["0001-01-01T00:00:00+14:00", ID],
    ["2026-03-02T15:00:00", ID],
    ["9999-12-31T23:59:59-14:00", ID],
    [7, ID],
    ["2026-03-02T15:00:00Z", "\0"],
    ["2026-03-02T15:00:00Z", 7],
)
HEADERS = ("Idempotency-Key", "If-Match", "Purpose", "Last-Event-ID", "traceparent", "ce-id", "Authorization")
BODIES = (
    b"",
    b"{",
    b"\xff\xfe",
    b'"\\ud800"',
    b'{"\\ud800": 1}',
    b'{"a\\u0000": "\\u0000"}',
    b'{"at": NaN, "receivedAt": Infinity}',
    b'{"at": ' + b"9" * 5000 + b"}",
    b'{"at": 1e400}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"null",
    b"[]",
    b'{"a": 1, "a": 2}',
)
KINDS = (
    "application/json",
    "application/cloudevents+json",
    "text/plain",
    "multipart/form-data",
    "a/b; charset=x",
    "",
)


async def operations(stage: Stage, http: httpx.AsyncClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, a path that leads to a record, and description of every operation."""
    document = (await http.get(f"/{stage.service.name}/openapi.json")).json()
    ids = {name: known[0] for name, known in stage.records.items()}
    return [
        (method.upper(), f"/{stage.service.name}{path.format(**ids)}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def named(operation: dict[str, Any], place: str) -> Iterator[str]:
    """The parameters of an operation in a place, and those that it does not know."""
    for parameter in operation.get("parameters", ()):
        if parameter.get("in") == place:
            yield parameter["name"]
    yield "surprise"


def no_fault(answer: httpx.Response) -> None:
    """An answer, or a refusal as a problem."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["code"]


async def test_hostile_texts_in_queries_headers_and_paths_are_refused(stage: Stage, http: httpx.AsyncClient) -> None:
    token = stage.as_(ALMIGHTY)
    for method, path, operation in await operations(stage, http):
        for text in TEXTS:
            for name in named(operation, "query"):
                no_fault(await http.request(method, f"{path}?{name}={text}", headers=token))
            for name in HEADERS:
                no_fault(await http.request(method, path, headers=token | {name: text}))
            no_fault(await http.request(method, f"{path}{text}", headers=token))


async def test_a_cursor_that_no_page_gave_is_refused(stage: Stage, http: httpx.AsyncClient) -> None:
    token = stage.as_(ALMIGHTY)
    lists = [path for _, path, operation in await operations(stage, http) if "cursor" in named(operation, "query")]
    assert lists
    cursors = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode() for each in CURSORS]
    for path in lists:
        for cursor in [*cursors, "=", "*", "é", "/w==", "Ww=="]:
            answer = await http.get(path, params={"cursor": cursor}, headers=token)
            assert (answer.status_code, answer.json()["code"]) == (400, "cursor-invalid"), (path, cursor)


async def test_hostile_bodies_are_refused(stage: Stage, http: httpx.AsyncClient) -> None:
    for method, path, operation in await operations(stage, http):
        if "requestBody" not in operation:
            continue
        for kind in KINDS:
            for body in BODIES:
                headers = stage.as_(ALMIGHTY) | {"content-type": kind}
                answer = await http.request(method, path, content=body, headers=headers)
                assert answer.status_code in (400, 415, 422), (path, body[:40], answer.text)
                no_fault(answer)


async def test_without_a_token_not_even_a_hostile_body_is_looked_at(stage: Stage, http: httpx.AsyncClient) -> None:
    for method, path, operation in await operations(stage, http):
        for body in BODIES if operation.get("security") != [] else ():
            answer = await http.request(method, path, content=body, headers={"content-type": "application/json"})
            assert (answer.status_code, answer.json()["code"]) == (401, "token-missing")


async def test_a_body_beyond_the_limit_is_too_large(stage: Stage, http: httpx.AsyncClient) -> None:
    async def pieces() -> Any:
        for _ in range(LARGEST // 65536 + 1):
            yield b" " * 65536

    for method, path, operation in await operations(stage, http):
        if "requestBody" in operation:
            headers = stage.as_(ALMIGHTY) | {"content-type": "application/json"}
            for content in (b" " * (LARGEST + 1), pieces()):
                answer = await http.request(method, path, content=content, headers=headers)
                assert answer.status_code == 413, answer.text
                no_fault(answer)


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "PATCH", "DELETE", "TRACE", "HEAD", "OPTIONS", "BREW"])
async def test_a_method_that_a_path_does_not_know_is_refused_with_those_it_knows(
    stage: Stage, http: httpx.AsyncClient, method: str
) -> None:
    known: dict[str, set[str]] = {}
    for each, path, _ in await operations(stage, http):
        known.setdefault(path, set()).add(each)
    for path, methods in known.items():
        if method not in methods:
            answer = await http.request(method, path, headers=stage.as_(ALMIGHTY))
            assert answer.status_code == 405
            assert set(answer.headers["allow"].split(", ")) == methods, path
