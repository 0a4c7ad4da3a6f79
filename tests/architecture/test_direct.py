"""Commands are what services do most: each goes straight to its route, unless it is named here with the reason."""

from unittest.mock import MagicMock

from fastapi import FastAPI

from events.direct import operations
from events.service import Service, installed

BY_FASTAPI = {("intake", "/cloudevents")}  # reads headers and content types of its own


def by_fastapi(service: Service) -> set[tuple[str, str]]:
    """The commands of a service that only FastAPI knows how to call."""
    app = FastAPI()
    app.include_router(service.routes(MagicMock()))
    return {
        (service.name, path) for method, path, _, operation in operations(app) if method != "GET" and operation is None
    }


def test_every_command_goes_straight_to_its_route() -> None:
    assert set().union(*map(by_fastapi, installed())) == BY_FASTAPI
