"""One service after the other on stage."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from schemathesis.python import asgi
from tests.integration.surface.stage import SERVICES, Stage


@pytest.fixture(params=sorted(SERVICES))
def stage(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[Stage]:
    """A service with records, as an ASGI application that begins with its first request."""
    yield Stage(SERVICES[request.param], database, tmp_path)
    asgi.shutdown_lifespans()


@pytest.fixture
async def http(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the same service."""
    async with stage.alive() as app:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://hearthline.test") as client:
            yield client
