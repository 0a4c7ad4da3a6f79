"""The OpenAPI document of a service: what FastAPI finds in the routes, and what holds for every operation."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel

from events.headers import HEADERS, Header
from events.problems import Problem

Document = dict[str, Any]
ABOUT_COMMANDS = ("409", "410", "412", "413", "415")
VERSIONED: Document = {"headers": {"ETag": {"$ref": "#/components/headers/ETag"}}}
PURPOSE: Document = {"parameters": [{"$ref": "#/components/parameters/Purpose"}]}
ANSWERS = {
    "ETag": ("the version of the record, for If-Match", r'^"[0-9]+"$'),
    "WWW-Authenticate": ("how to authenticate", "^Bearer$"),
}


def operation_id(route: APIRoute) -> str:
    """The name of the function behind a route, unique in its service: `receive_report` is `receiveReport`."""
    return to_camel(route.name)


def document(app: FastAPI, name: str) -> Document:
    """The whole document of the service `name`."""
    found = get_openapi(title=app.title, version=app.version, routes=app.routes, description=app.description)
    parts = found.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    parts["parameters"] = {header: _parameter(header, about) for header, about in HEADERS.items()}
    parts["headers"] = {
        header: {"description": why, "schema": {"type": "string", "pattern": pattern}}
        for header, (why, pattern) in ANSWERS.items()
    }
    for method, operation in _operations(found):
        _complete(method, operation)
    return found | {"security": [{"token": []}], "servers": [{"url": f"/{name}"}]}


def _parameter(name: str, about: Header) -> Document:
    schema = {"type": "string", "minLength": 1, "maxLength": about.longest, "pattern": about.pattern}
    return {"name": name, "in": "header", "required": about.required, "description": about.why, "schema": schema}


def _operations(found: Document) -> Iterator[tuple[str, Document]]:
    for path in found.get("paths", {}).values():
        yield from path.items()


def _complete(method: str, operation: Document) -> None:
    """Add the headers of commands and answers; leave out refusals that only a command can meet."""
    responses = operation["responses"]
    responses["401"]["headers"] = {"WWW-Authenticate": {"$ref": "#/components/headers/WWW-Authenticate"}}
    if method == "get":
        for status in ABOUT_COMMANDS:
            responses.pop(status, None)
        return
    operation.setdefault("parameters", []).extend(
        {"$ref": f"#/components/parameters/{name}"} for name, about in HEADERS.items() if not about.required
    )
    for status in responses.keys() & {"200", "201"}:
        responses[status] |= VERSIONED
