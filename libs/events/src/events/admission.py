"""Who calls is known before anything of the request is read; only the description of the interface is open to all."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from events import problems
from events.decider import Rejected
from events.runtime import Runtime

OPEN = ("/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc")


class Admission:
    """Puts the caller of each request into the scope as `actor`, or refuses the request (401)."""

    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        self.app, self.runtime = app, runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")) in OPEN:
            await self.app(scope, receive, send)
            return
        try:
            scope["actor"] = await self.runtime.verifier.verify(Headers(scope=scope).get("authorization"))
        except Rejected as refusal:
            await problems.refusal(Request(scope), refusal)(scope, receive, send)
            return
        await self.app(scope, receive, send)
