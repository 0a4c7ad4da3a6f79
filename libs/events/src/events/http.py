"""The HTTP side of a service, as the ecosystem expects it: OpenAPI, problems, health, metrics, traces."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Response
from opentelemetry.trace import Status, StatusCode, get_current_span
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from events import metrics, problems
from events.admission import Admission
from events.direct import Direct
from events.openapi import document, operation_id
from events.runtime import Runtime

LARGEST = 4 * 1024 * 1024


class Edge:
    """One span, one measurement and the common headers for each request; written by hand because it is on the hot path."""

    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        self.app, self.runtime = app, runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)
        with self.runtime.tracer.follow(given, f"{scope['method']} {self.runtime.service.name}") as trace:
            scope["traceparent"] = trace

            async def answer(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    if all(name != b"cache-control" for name, _ in message["headers"]):
                        message["headers"] = [*message["headers"], (b"cache-control", b"no-store")]
                    if trace:
                        message["headers"] = [*message["headers"], (b"traceparent", trace.encode())]
                await send(message)

            try:
                await self.app(scope, limited(receive), answer)
            finally:
                if (span := get_current_span()).is_recording():
                    span.set_attribute("http.response.status_code", status)
                    span.set_attribute("http.request.method", scope["method"])
                    if status >= 500:
                        span.set_status(Status(StatusCode.ERROR))
                self.runtime.metrics.requested(scope["method"], status, time.perf_counter() - started)


def limited(receive: Receive) -> Receive:
    """The same body, up to the limit. Raises HTTPException (413) beyond it."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST:
            raise HTTPException(413, f"a request has at most {LARGEST} bytes")
        return message

    return counted


def service_app(runtime: Runtime) -> FastAPI:
    """The HTTP application of one service; its routes answer under the service's own name."""
    service = runtime.service
    app = FastAPI(
        title=f"Hearthline {service.name}",
        version="1",
        description="Every refusal is a problem (RFC 9457) with a stable code.",
        responses=problems.DOCUMENTED,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
    )
    app.state.runtime = runtime
    app.include_router(service.routes(runtime))
    problems.install(app)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(app, service.name)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def entrance(runtime: Runtime) -> ASGIApp:
    """The way into one service: measured, admitted, and straight to the route where that is possible."""
    direct = Direct(service_app(runtime), runtime)
    return Edge(problems.answering(Admission(direct, runtime)), runtime)


class ByName:
    """Finds the service of a request by the first part of its path; what is of no service is answered by `app`."""

    def __init__(self, app: ASGIApp, services: Mapping[str, ASGIApp]) -> None:
        self.app, self.services = app, services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            root: str = scope.get("root_path", "")
            parts = scope["path"].removeprefix(root).split("/", 2)
            if len(parts) == 3 and (service := self.services.get(parts[1])):
                await service({**scope, "root_path": f"{root}/{parts[1]}", "app_root_path": root}, receive, send)
                return
        await self.app(scope, receive, send)


def process_app(runtimes: Sequence[Runtime], routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The application of one process: each service under /<name>, health and metrics beside them."""

    async def live(request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(request: Request) -> Response:
        reasons = {runtime.service.name: why for runtime in runtimes if (why := await runtime.ready())}
        return JSONResponse(
            {"status": "not ready" if reasons else "ready", "reasons": reasons}, 503 if reasons else 200
        )

    async def measured(request: Request) -> Response:
        for runtime in runtimes:
            await runtime.metrics.look(runtime.pool)
        return Response(generate_latest(metrics.REGISTRY), media_type=CONTENT_TYPE_LATEST)

    app = Starlette(
        routes=[
            Route("/health/live", live),
            Route("/health/ready", ready),
            Route("/metrics", measured),
            *routes,
        ]
    )
    app.add_middleware(ByName, services={runtime.service.name: entrance(runtime) for runtime in runtimes})
    problems.install(app)
    return app
