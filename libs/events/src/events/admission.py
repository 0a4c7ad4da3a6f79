"""Who calls is known before anything of the request is read; open are the description of the interface and secret paths."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from events.runtime import Runtime

OPEN = ("/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc")


class Admission:
    """Puts the caller of each request into the scope as `actor`. Raises Rejected (401) for one that is not known."""

    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        self.app, self.runtime = app, runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._open(scope["path"].removeprefix(scope["root_path"])):
            scope["actor"] = await self.runtime.verifier.verify(Headers(scope=scope).get("authorization"))
        await self.app(scope, receive, send)

    def _open(self, path: str) -> bool:
        return path in OPEN or path.startswith(self.runtime.service.open_paths)
