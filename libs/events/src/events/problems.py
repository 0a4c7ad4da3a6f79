"""Every refusal and fault as RFC 9457 problem JSON with a stable code; said once, here."""

import json
from typing import Any

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticSerializationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Match
from starlette.types import ASGIApp

from events import faults
from events.decider import Rejected

MOST = 20  # of the wrong fields that are told
logger = structlog.get_logger()


class Problem(BaseModel):
    """RFC 9457: what went wrong, under a stable code, with the field, the rule and its source where there are such."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    field: str | None = None
    rule: str | None = None
    source: str | None = None


MEANINGS = {
    400: "The request cannot be understood",
    401: "The token is missing, invalid or expired",
    403: "The caller may not do this",
    404: "There is no such record",
    405: "There is no such operation",
    409: "The rules say no",
    410: "A person was forgotten",
    412: "The record has another version",
    413: "The request is too large",
    415: "The content type is not understood",
    422: "A field is missing or wrong",
    500: "A fault on our side",
    503: "Not now: try again",
}
CODES = {404: "not-found", 405: "method-not-allowed", 413: "request-too-large"}
METHODS = ("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE")
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {
        "description": meaning,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, meaning in MEANINGS.items()
    if status not in (405, 500)
}


class _ProblemResponse(JSONResponse):
    media_type = "application/problem+json"

    def render(self, content: Any) -> bytes:
        """As JSON; half a surrogate pair in a name that is told back becomes a question mark."""
        return json.dumps(content, ensure_ascii=False).encode(errors="replace")


def problem(request: Request, status: int, code: str, detail: str, **more: Any) -> JSONResponse:
    """One problem as a response. `more` adds members, such as field, rule and source; empty ones are left out."""
    content = {
        "type": f"urn:hearthline:problem:{code}",
        "title": MEANINGS.get(status, "The request was refused"),
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "code": code,
    } | {name: value for name, value in more.items() if value}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return _ProblemResponse(content, status, headers=headers)


def refusal(request: Request, error: Rejected) -> JSONResponse:
    """A refusal as a response."""
    return problem(
        request, error.status, error.code, error.detail, field=error.field, rule=error.rule, source=error.source
    )


async def _rejected(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Rejected)
    return refusal(request, error)


def _field(wrong: dict[str, Any]) -> str:
    """The path of a wrong field; where the body is no JSON at all, pydantic gives the place in the text instead."""
    place = wrong["loc"][:1] if wrong["type"] == "json_invalid" else wrong["loc"][1:] or wrong["loc"]
    return ".".join(map(str, place))


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [{"field": _field(each), "detail": each["msg"]} for each in error.errors()[:MOST]]
    detail = f"{wrong[0]['field']}: {wrong[0]['detail']}"
    return problem(request, 422, "request-invalid", detail, field=wrong[0]["field"], source="OpenAPI", errors=wrong)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = CODES.get(error.status_code, "request-refused")
    response = problem(request, error.status_code, code, str(error.detail))
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(method for method in METHODS if _known(request, method))
    return response


def _known(request: Request, method: str) -> bool:
    """Whether the path of the request knows this method; the router itself tells of the first route only."""
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


async def _of_the_moment(request: Request, error: Exception) -> JSONResponse:
    if faults.no_text(error):
        detail = "the null character and half a surrogate pair cannot be stored as text"
        return problem(request, 422, "text-invalid", detail, source="OpenAPI")
    if not faults.transient(error):
        return await _fault(request, error)
    logger.warning("unavailable", path=request.url.path, reason=type(error).__name__)
    detail = "a part of Hearthline cannot be reached now: send the same request again, with its Idempotency-Key"
    return problem(request, 503, "unavailable", detail)


async def _fault(request: Request, error: Exception) -> JSONResponse:
    logger.error("fault", path=request.url.path, reason=type(error).__name__, exc_info=error)
    return problem(request, 500, "fault", "something went wrong on our side; nothing was half-written")


HANDLERS = {
    **dict.fromkeys(
        (*faults.TRANSIENT, *faults.NO_TEXT, *faults.OF_QUERIES, PydanticSerializationError), _of_the_moment
    ),
    Rejected: _rejected,
    RequestValidationError: _invalid,
    HTTPException: _http,
}


def install(app: Starlette) -> None:
    """Answer every exception with a problem."""
    for error, handler in HANDLERS.items():
        app.add_exception_handler(error, handler)
    app.add_exception_handler(Exception, _fault)


def answering(app: ASGIApp) -> ASGIApp:
    """The same application, its exceptions answered with problems; those that are faults go on."""
    return ExceptionMiddleware(app, HANDLERS)
