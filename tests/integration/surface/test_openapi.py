"""What the services say of themselves in OpenAPI is true, whatever is sent to them and whoever sends it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks
from tests.integration.surface.stage import ALMIGHTY, NOBODY, Stage

TRUE_TO_WORD = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
GARBAGE = (
    "",
    "Bearer",
    "Bearer ",
    "Bearer x",
    "bearer a.b.c",
    "Basic YTpi",
    "Bearer \u00e9\u00ff",
    "Bearer " + "x" * 20_000,
)
UNDERSTOOD = (200, 201, 202, 403, 409)
AnyCase = Case[Any]
EMPTY: tuple[object, ...] = ([], {"items": [], "next": None})


def operations(stage: Stage) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    """The operations of the service on stage, as its document describes them."""
    document = schemathesis.openapi.from_asgi(f"/{stage.service.name}/openapi.json", stage.app)
    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        yield found.ok()


def guarded(stage: Stage) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    """The operations that ask for a token."""
    return (each for each in operations(stage) if each.definition.raw.get("security") != [])


def tried(examples: int, run: Callable[..., None], **strategies: st.SearchStrategy[Any]) -> None:
    """Run with examples that are the same every time."""
    always = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    always(given(**strategies)(run))()


def test_every_operation_answers_as_documented(stage: Stage) -> None:
    """Of someone who may do everything, valid and invalid requests: nothing undocumented and no fault."""
    understood: set[str] = set()

    def answered(case: AnyCase) -> None:
        case.path_parameters = stage.path(case.path_parameters)
        answer = case.call(headers=stage.as_(ALMIGHTY))
        case.validate_response(answer, checks=TRUE_TO_WORD)
        if answer.status_code in UNDERSTOOD:
            understood.add(case.operation.label)

    def considered(case: AnyCase) -> None:
        case.body = stage.body(case.body)
        answered(case)

    for operation in operations(stage):
        tried(20, considered, case=operation.as_strategy())
        tried(15, answered, case=operation.as_strategy(GenerationMode.NEGATIVE))
        assert operation.label in understood


def test_without_a_good_token_there_is_no_answer(stage: Stage) -> None:
    for operation in guarded(stage):

        def refused(case: AnyCase, token: str) -> None:
            case.headers.pop("Authorization", None)
            answer = case.call(headers={"Authorization": token} if token else None)
            assert answer.status_code == 401, f"{token[:40]} {answer.text}"
            assert answer.headers["www-authenticate"] == ["Bearer"]
            case.validate_response(answer, checks=TRUE_TO_WORD)

        tried(len(GARBAGE), refused, case=operation.as_strategy(), token=st.sampled_from(GARBAGE))


def test_who_has_no_rights_sees_and_changes_nothing(stage: Stage) -> None:
    for operation in guarded(stage):

        def nothing(case: AnyCase) -> None:
            case.path_parameters = stage.path(case.path_parameters)
            case.body = stage.body(case.body)
            answer = case.call(headers=stage.as_(NOBODY))
            case.validate_response(answer, checks=TRUE_TO_WORD)
            if answer.status_code == 200:
                assert "data:" not in answer.text if "event-stream" in str(answer.headers) else answer.json() in EMPTY
            else:
                assert answer.status_code in (400, 403, 404, 415, 422), answer.text

        tried(6, nothing, case=operation.as_strategy())


def test_the_document_is_valid_and_complete(stage: Stage) -> None:
    """OpenAPI 3.1: names that generated clients can use, and the refusals that every operation knows."""
    document = schemathesis.openapi.from_asgi(f"/{stage.service.name}/openapi.json", stage.app)
    document.validate()
    raw = document.raw_schema
    assert (raw["openapi"], raw["servers"]) == ("3.1.0", [{"url": f"/{stage.service.name}"}])
    assert raw["info"].keys() >= {"title", "version", "description"}
    assert raw["security"] == [{"token": []}]
    found = [(method, each) for path in raw["paths"].values() for method, each in path.items()]
    names = [each["operationId"] for _, each in found]
    assert len(set(names)) == len(names)
    for method, each in found:
        assert re.fullmatch("[a-z]+([A-Z][a-z]+)+", each["operationId"]), each["operationId"]
        assert each["summary"]
        assert each["description"]
        assert each["tags"]
        assert each["responses"].keys() >= {"400", "401", "403", "404", "422", "503"}
        problem = each["responses"]["401"]["content"]["application/problem+json"]["schema"]
        assert problem == {"$ref": "#/components/schemas/Problem"}
        headers = {parameter.get("$ref", "").rpartition("/")[2] for parameter in each.get("parameters", ())}
        assert ({"Idempotency-Key", "If-Match"} <= headers) == (method != "get")
