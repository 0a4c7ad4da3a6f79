"""A request that is as documented goes straight to its route: nobody can tell by the answer which way it went."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.alive import SUPERVISOR, bearer
from tests.integration.events.http_client import Client
from tests.sample import SAMPLE

from events.direct import operations
from events.http import LARGEST
from events.ids import derived, uuid7

STRAIGHT, ROUND = "application/json", "application/vnd.note+json"  # FastAPI reads both


async def put(caller: Client, path: str, content: Any, kind: str, **headers: str) -> httpx.Response:
    given = bearer(caller.tokens, SUPERVISOR) | {"content-type": kind} | headers
    return await caller.http.put(path, content=content, headers=given)


def headers_of(answer: httpx.Response) -> list[tuple[str, str]]:
    """All but the trace, which is of each request its own."""
    return [(name, value) for name, value in answer.headers.items() if name != "traceparent"]


async def test_the_commands_of_the_sample_are_plain(caller: Client) -> None:
    app = FastAPI()
    app.include_router(SAMPLE.routes(caller.runtime))
    plain = {(method, path): operation is not None for method, path, _, operation in operations(app)}
    assert plain["PUT", "/notes/{note_id}"]
    assert not plain["GET", "/notes/{note_id}"]  # answers with a dict, for which only FastAPI has a serializer


@pytest.mark.parametrize(("first", "second"), [(STRAIGHT, ROUND), (ROUND, STRAIGHT)])
async def test_a_command_sent_one_way_is_known_when_it_is_repeated_the_other_way(
    caller: Client, first: str, second: str
) -> None:
    """Idempotency: the same fingerprint, the same answer, the same headers."""
    path = f"/sample/notes/{uuid7()}"
    done, again = [await put(caller, path, b'{"county": "Alder"}', kind) for kind in (first, second)]
    assert (done.status_code, again.status_code) == (201, 200)
    assert done.content == again.content
    assert headers_of(done) == headers_of(again)


@pytest.mark.parametrize(
    ("path", "content", "headers"),
    [
        ("x", b'{"county": "Alder"}', {}),
        (str(derived("note", 1)), b"", {}),
        (str(derived("note", 2)), b"{", {}),
        (str(derived("note", 3)), b'{"county": 7}', {}),
        (str(derived("note", 4)), b'{"county": "Alder", "person": "x"}', {"idempotency-key": "k" * 201}),
        (str(derived("note", 5)), b'{"county": "Alder"}', {"if-match": "one"}),
        (str(derived("note", 6)), b'{"county": "Alder"}', {"if-match": '"7"'}),
        (str(derived("note", 7)), b" " * (LARGEST + 1), {}),
    ],
)
async def test_a_refusal_is_the_same_either_way(
    caller: Client, path: str, content: bytes, headers: dict[str, str]
) -> None:
    """Architecture, problems."""
    straight, round_ = [
        await put(caller, f"/sample/notes/{path}", content, kind, **headers) for kind in (STRAIGHT, ROUND)
    ]
    assert 400 <= straight.status_code < 500
    assert (straight.status_code, straight.json()) == (round_.status_code, round_.json())
    assert headers_of(straight) == headers_of(round_)


async def test_a_body_in_parts_is_read_to_its_end_also_when_it_is_refused(caller: Client) -> None:
    """The body that was read is handed on as a whole."""

    async def parts(*texts: bytes) -> Any:
        for text in texts:
            yield text

    path = f"/sample/notes/{uuid7()}"
    wrong = await put(caller, path, parts(b'{"coun', b'ty": "Alder", ', b'"person": "x"}'), STRAIGHT)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "person")
    assert (await put(caller, path, parts(b'{"coun', b'ty": "Alder"}'), STRAIGHT)).status_code == 201


async def test_a_caller_who_breaks_off_is_no_fault_of_ours(caller: Client) -> None:
    """Nobody is there to be answered; what would be answered is a refusal."""
    transport = caller.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    answers: list[Any] = []
    headers = bearer(caller.tokens, SUPERVISOR) | {"content-type": STRAIGHT}
    scope = {
        "type": "http",
        "method": "PUT",
        "path": f"/sample/notes/{uuid7()}",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    received = iter([{"type": "http.request", "body": b'{"county"', "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(received)

    async def send(message: Any) -> None:
        answers.append(message)

    await transport.app(scope, receive, send)
    assert answers[0]["status"] == 400
