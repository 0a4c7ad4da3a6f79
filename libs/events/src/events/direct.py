"""The short way of a request to its route. FastAPI declares and documents every route, and answers whatever is not plain.

Most routes need little: ids of the path, one JSON body, the caller. What FastAPI does beside that, whatever a route might
need, costs more than a whole command. So a request that is as documented goes straight to its route; anything else (another
content type, a wrong value, an unknown path) goes FastAPI's way, with the body that was read, and is refused there.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from events.call import Call, caller
from events.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Operation:
    """A route that takes ids of the path, one JSON body and the caller, no more; each under its parameter's name."""

    endpoint: Callable[..., Awaitable[BaseModel]]
    status: int
    ids: Mapping[str, TypeAdapter[Any]]
    body: tuple[str, type[BaseModel]] | None
    caller: str

    def arguments(self, path: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """What the route takes from the path and the body. Raises ValidationError unless it is as documented."""
        taken = {name: known.validate_python(path[name]) for name, known in self.ids.items()}
        if self.body:
            name, model = self.body
            taken[name] = model.model_validate_json(body)
        return taken


def operations(app: FastAPI) -> Iterator[tuple[str, str, re.Pattern[str], Operation | None]]:
    """Method, path and pattern of every route, in the order in which they are tried, with its operation if it is plain."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute):
            for method in route.methods or ():
                yield method, str(route.path), route.path_regex, _plain(route)


def _plain(route: RouteContext) -> Operation | None:
    assert route.endpoint is not None
    kinds = {name: each.annotation for name, each in inspect.signature(route.endpoint).parameters.items()}
    callers = [name for name, kind in kinds.items() if kind == Call]
    ids = {name: TypeAdapter(kind) for name, kind in kinds.items() if name in route.param_convertors}
    bodies = [(name, kind) for name, kind in kinds.items() if name not in ids and _model(kind)]
    plain = (
        len(callers) == 1
        and len(bodies) <= 1
        and len(ids) == len(route.param_convertors)
        and len(kinds) == len(callers) + len(ids) + len(bodies)
        and _model(route.response_model)
        and isinstance(route.response_class, DefaultPlaceholder)
        and not route.dependencies
    )
    if not plain:
        return None
    return Operation(route.endpoint, route.status_code or 200, ids, bodies[0] if bodies else None, callers[0])


def _model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


class Direct:
    """Calls the operation that a request plainly asks for; hands every other request to FastAPI."""

    def __init__(self, app: FastAPI, runtime: Runtime) -> None:
        self.app, self.runtime = app, runtime
        self.ways: dict[tuple[str, int], list[tuple[re.Pattern[str], Operation | None]]] = {}
        for method, path, pattern, operation in operations(app):
            self.ways.setdefault((method, path.count("/")), []).append((pattern, operation))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation, path = self._find(scope)
        if operation is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            arguments = operation.arguments(path, await _json(request) if operation.body else b"")
        except ValidationError:
            await self.app(scope, _again(request), send)
            return
        response = Response(status_code=operation.status, media_type="application/json")
        arguments[operation.caller] = caller(self.runtime, request, response)
        answer = await operation.endpoint(**arguments)
        response.body = answer.model_dump_json(by_alias=True).encode()
        response.headers["content-length"] = str(len(response.body))
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[Operation | None, Mapping[str, str]]:
        """The operation that the request asks for, and the ids in its path."""
        if scope["type"] == "http":
            path = scope["path"].removeprefix(scope["root_path"])
            for pattern, operation in self.ways.get((scope["method"], path.count("/")), ()):
                if found := pattern.match(path):
                    return operation, found.groupdict()
        return None, {}


async def _json(request: Request) -> bytes:
    """The body, empty when it is no JSON by its content type. Raises HTTPException (400) when the caller went away."""
    try:
        body = await request.body()
    except ClientDisconnect:
        raise HTTPException(400, "the request ended before its body did") from None
    kind = request.headers.get("content-type", "").partition(";")[0]
    return body if kind == "application/json" else b""


def _again(request: Request) -> Receive:
    """What is received of a request whose body was read: the body as a whole, then whatever follows."""
    told = False

    async def receive() -> Message:
        nonlocal told
        if told:
            return await request.receive()
        told = True
        return {"type": "http.request", "body": await request.body()}

    return receive
