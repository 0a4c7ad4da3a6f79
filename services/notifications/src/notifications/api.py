"""The notifications service over HTTP."""

from fastapi import APIRouter

from events.runtime import Runtime
from notifications import deliveries_api, directory_api, inbox_api, webhooks_api


def routes(runtime: Runtime) -> APIRouter:
    """All routes of the service."""
    router = APIRouter()
    for part in (directory_api, inbox_api, webhooks_api, deliveries_api):
        router.include_router(part.routes(runtime))
    return router
