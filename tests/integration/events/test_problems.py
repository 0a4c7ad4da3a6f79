"""Every refusal and every fault is a problem (RFC 9457) of one shape, with a stable code and the place it comes from."""

from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from tests.alive import SUPERVISOR, WORKER, bearer
from tests.integration.events.http_client import Client, client
from tests.sample import SAMPLE

from events.authority import Actor
from events.expunge import expunge
from events.ids import uuid7

ALDER = {"county": "Alder"}


def refused(answer: httpx.Response, status: int, code: str, **more: Any) -> dict[str, Any]:
    """The problem, after checking its shape."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:hearthline:problem:{code}"
    assert problem["instance"] == answer.request.url.path
    assert problem["title"]
    assert problem["detail"]
    assert {name: problem.get(name) for name in more} == more
    return problem


async def test_who_is_not_known_is_told_how_to_sign_in(caller: Client) -> None:
    """Architecture, problems: 401 names its scheme."""
    path = f"/sample/notes/{uuid7()}"
    for headers, code in (({}, "token-missing"), ({"authorization": "Bearer nonsense"}, "token-invalid")):
        answer = await caller("GET", path, by=None, **headers)
        refused(answer, 401, code)
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_who_may_not_learns_which_rule_says_so(caller: Client) -> None:
    """R-INT-015: only a supervisor screens, and only in the own county."""
    key = await caller.write()
    other = Actor("sara-supervisor", frozenset({"ROLE-03"}), frozenset({"Birch"}))
    for actor in (WORKER, other, Actor("nobody")):
        problem = refused(await caller("POST", f"/sample/notes/{key}/amendment", by=actor), 403, "not-permitted")
        assert "R-INT-015" in problem["rule"]
        assert "003:1877" in problem["source"]


async def test_what_is_not_there_is_not_found_inside_and_outside_a_service(caller: Client) -> None:
    """Architecture, problems: also for paths that no service has."""
    refused(await caller("GET", f"/sample/notes/{uuid7()}"), 404, "note-not-found")
    for path in ("/sample/nothing", "/nothing", "/"):
        refused(await caller("GET", path), 404, "not-found")
    for path in (f"/sample/notes/{uuid7()}", "/health/live"):
        answer = await caller("DELETE", path)
        refused(answer, 405, "method-not-allowed")
        assert answer.headers["allow"]


async def test_a_refusal_by_the_rules_names_rule_and_source(caller: Client) -> None:
    """Architecture, problems: 409, where the refusal comes from."""
    key = await caller.write()
    assert (await caller("POST", f"/sample/notes/{key}/closing")).json()["events"] == ["NoteClosed"]
    answer = await caller("POST", f"/sample/notes/{key}/amendment")
    refused(answer, 409, "note-closed", rule="R-TEST-001", source="000:1")


async def test_a_forgotten_person_takes_nothing_new(caller: Client, database: str) -> None:
    """Architecture, forgetting: 410."""
    await caller.write(person=str(person := uuid7()), text="text")
    await expunge(database, [SAMPLE], person, "court order 17")
    body = ALDER | {"person": str(person), "text": "more"}
    refused(await caller("PUT", f"/sample/notes/{uuid7()}", json=body), 410, "person-forgotten")


async def test_another_version_is_told_with_the_header_that_asked(caller: Client) -> None:
    """If-Match: 412; the ETag of an answer is what to send."""
    key = await caller.write()
    first = await caller("POST", f"/sample/notes/{key}/amendment", if_match='"1"')
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    answer = await caller("POST", f"/sample/notes/{key}/amendment", if_match='"1"')
    refused(answer, 412, "version-mismatch", field="If-Match")
    assert (await caller("POST", f"/sample/notes/{key}/amendment", if_match=first.headers["etag"])).status_code == 200


@pytest.mark.parametrize("version", ["one", "-1", '"1", "2"', "*", "99999999999999999999"])
async def test_a_version_that_is_none_is_refused(caller: Client, version: str) -> None:
    """If-Match: 400."""
    answer = await caller("POST", f"/sample/notes/{uuid7()}/amendment", if_match=version)
    refused(answer, 400, "if-match-invalid", field="If-Match")


async def test_a_wrong_body_names_its_fields(caller: Client) -> None:
    """Architecture, problems: 422, the first field as `field`, all of them as `errors`."""
    path = f"/sample/notes/{uuid7()}"
    problem = refused(await caller("PUT", path, json={"person": "x"}), 422, "request-invalid", field="county")
    assert {error["field"] for error in problem["errors"]} == {"county", "person"}
    refused(await caller("PUT", "/sample/notes/x", json=ALDER), 422, "request-invalid", field="note_id")
    refused(await caller("PUT", path, idempotency_key="k" * 201, json=ALDER), 400, "header-too-long")


async def test_a_body_that_is_no_json_is_refused(caller: Client) -> None:
    """Architecture, problems: never a fault of ours."""
    for content in (b"", b"{", b"\xff", b"[]", b'"text"'):
        answer = await caller.http.put(
            f"/sample/notes/{uuid7()}",
            content=content,
            headers={"authorization": f"Bearer {caller.tokens.issue(SUPERVISOR)}", "content-type": "application/json"},
        )
        assert answer.status_code in (400, 422)
        refused(answer, answer.status_code, answer.json()["code"])


async def test_a_problem_does_not_quote_what_was_sent(caller: Client) -> None:
    """Architecture, private values: a wrong request may hold confidential text."""
    body = {"county": 7, "text": ["a-confidential-text"], "person": "a-confidential-text"}
    answer = await caller("PUT", f"/sample/notes/{uuid7()}", json=body)
    assert answer.status_code == 422
    assert "a-confidential-text" not in answer.text


@pytest.mark.parametrize("county", ["Al\\u0000der", "\\ud800"])
async def test_text_that_cannot_be_stored_is_a_wrong_request(caller: Client, county: str) -> None:
    """Architecture, problems: the null character and half a surrogate pair are no text; that is not our fault."""
    answer = await caller.http.put(
        f"/sample/notes/{uuid7()}",
        content=f'{{"county":"{county}"}}',
        headers={**bearer(caller.tokens, SUPERVISOR), "content-type": "application/json"},
    )
    refused(answer, 422, "text-invalid")


async def test_a_key_used_again_for_something_else_is_refused(caller: Client) -> None:
    """Idempotency-Key: 422; the path and the body belong to the request."""
    key = await caller.write()
    for _ in range(2):
        answer = await caller("POST", f"/sample/notes/{key}/amendment", idempotency_key="k")
        assert answer.json() == {"id": str(key), "version": 2, "events": ["NoteAmended"]}
    answer = await caller("POST", f"/sample/notes/{key}/closing", idempotency_key="k")
    refused(answer, 422, "idempotency-key-reused", field="Idempotency-Key")


async def test_a_record_is_created_once_under_its_own_id(caller: Client) -> None:
    """Architecture, creation: PUT again with the same body is the same answer (200), with another one a refusal."""
    path = f"/sample/notes/{uuid7()}"
    first, again = [await caller("PUT", path, json=ALDER) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.headers["etag"] == again.headers["etag"] == '"1"'
    refused(await caller("PUT", path, json={"county": "Birch"}), 422, "idempotency-key-reused")
    assert (await caller("GET", path)).json()["county"] == "Alder"


async def test_a_fault_of_ours_tells_nothing_of_itself(caller: Client) -> None:
    """Architecture, problems: 500, and the reason is in the log only."""
    key = await caller.write()
    answer = await caller("POST", f"/sample/notes/{key}/breaking")
    refused(answer, 500, "fault")
    assert "a fault in a rule" not in answer.text


async def test_without_the_database_a_caller_is_asked_to_come_back(
    database: str, postgres_url: str, tmp_path: Path
) -> None:
    """Architecture, problems: 503, for commands and queries; after that everything works again."""
    name = database.partition("@/")[2].partition("?")[0]
    async with client(database, tmp_path) as caller:
        key = await caller.write()
        with psycopg.connect(postgres_url, autocommit=True) as owner:
            owner.execute(f"alter database {name} with allow_connections false".encode())
            owner.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
            for method, path in (("POST", f"/sample/notes/{key}/amendment"), ("GET", f"/sample/notes/{key}")):
                refused(await caller(method, path), 503, "unavailable")
            assert (await caller("GET", "/health/ready", by=None)).status_code == 503
            assert (await caller("GET", "/health/live", by=None)).status_code == 200
            owner.execute(f"alter database {name} with allow_connections true".encode())
        assert (await caller("POST", f"/sample/notes/{key}/amendment")).json()["version"] == 2
        assert (await caller("GET", f"/sample/notes/{key}")).json()["amended"] == 1
        assert (await caller("GET", "/health/ready", by=None)).json() == {"status": "ready", "reasons": {}}


async def test_the_document_of_the_interface_describes_its_problems(caller: Client) -> None:
    """Architecture, OpenAPI: every operation says how it can be refused, and how to sign in."""
    document = (await caller("GET", "/sample/openapi.json", by=None)).json()
    assert document["components"]["schemas"]["Problem"]["required"] == [
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
    ]
    for path in document["paths"].values():
        for method, operation in path.items():
            always, commands = {"400", "401", "403", "404", "503"}, {"409", "410", "412", "422"}
            assert always | (commands if method != "get" else set()) <= set(operation["responses"])
    assert document["security"] == [{"token": []}]
