"""A caller over HTTP: requests to one process of the sample service, with tokens of an issuer of the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from tests.alive import SUPERVISOR, Sent, alive, bearer, issuer, virtual
from tests.sample import SAMPLE

from events.authority import Actor
from events.http import process_app
from events.ids import uuid7
from events.issuer import Issuer
from events.runtime import Runtime
from events.service import Service


@dataclass
class Client:
    """`runtime` is the service that answers; every request is the supervisor's unless told otherwise."""

    runtime: Runtime
    http: httpx.AsyncClient
    tokens: Issuer

    async def __call__(
        self, method: str, path: str, *, by: Actor | None = SUPERVISOR, json: Any = None, **headers: str
    ) -> httpx.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if by is not None:
            given |= bearer(self.tokens, by)
        return await self.http.request(method, path, json=json, headers=given)

    async def write(self, county: str = "Alder", **body: Any) -> UUID:
        """A note written by the supervisor."""
        key = uuid7()
        answer = await self("PUT", f"/sample/notes/{key}", json={"county": county} | body)
        assert answer.status_code == 201, answer.text
        return key


@asynccontextmanager
async def client(url: str, directory: Path, service: Service = SAMPLE, **settings: Any) -> AsyncIterator[Client]:
    """A client of `service` running on the database at `url`, with settings other than the usual ones."""
    clock = virtual()
    tokens = issuer(clock, directory)
    async with alive(service, url, clock=clock, bus=Sent(), tokens=tokens, **settings) as runtime:
        transport = httpx.ASGITransport(process_app([runtime]), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://sample.test") as http:
            yield Client(runtime, http, tokens)
