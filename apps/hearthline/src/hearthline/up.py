"""Everything in one process on one port; or some services alone, as in a cluster."""

import asyncio
import time
from collections.abc import Callable, Sequence
from importlib.resources import files

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from events import process
from events.process import Process, assembled, serve
from events.service import Service
from events.settings import ServiceSettings, load
from hearthline.county import actors
from hearthline.operations import migrate_all
from hearthline.story import Desk, open_the_county

Say = Callable[[str], None]


async def run_everything(services: Sequence[Service], *, demo: bool, say: Say) -> None:
    """Start the embedded database, migrate, run all services, load the demo county, and say where to look."""
    started = time.monotonic()
    settings = load(ServiceSettings, [service.settings for service in services])
    reserved = process.reserve(settings)
    say("starting PostgreSQL" if settings.database_url is None else "connecting to PostgreSQL")
    await asyncio.to_thread(process.owner_url, settings)
    await migrate_all(settings, services, say)
    say(f"starting {', '.join(service.name for service in services)}")
    async with assembled(services, people=actors()) as running:
        running.routes = [Route("/", _page)]

        async def ready() -> None:
            address = f"http://{settings.host}:{settings.port}"
            async with httpx.AsyncClient(base_url=address, timeout=30) as client:
                await _answering(client)
                if demo and running.issuer:
                    say("loading the demo county")
                    await open_the_county(Desk(client, running.issuer, running.clock))
            _say_where(running, address, time.monotonic() - started, say)

        await serve(running, ready, reserved)
    say("stopped")


async def run_some(services: Sequence[Service], *, say: Say) -> None:
    """Run these services alone on the migrated database."""
    async with assembled(services, people=actors()) as running:

        async def ready() -> None:
            say(f"running {', '.join(service.name for service in services)} on port {running.settings.port}")

        await serve(running, ready)
    say("stopped")


async def _answering(client: httpx.AsyncClient) -> None:
    for _ in range(500):
        try:
            if (await client.get("/health/live")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.02)
    raise RuntimeError("the server does not answer: is the port taken?")


def _say_where(running: Process, address: str, seconds: float, say: Say) -> None:
    say(f"ready after {seconds:.1f} s")
    say(f"  clocks, live       {address}/")
    for runtime in running.runtimes:
        say(f"  {runtime.service.name + ' API':<18} {address}/{runtime.service.name}/docs")
    say(f"  health, metrics    {address}/health/ready  {address}/metrics")
    if running.issuer:
        say("  a token            hearthline token sam-supervisor   (or: make token PERSON=sam-supervisor)")
        say(f'  an inbox           curl -H "Authorization: Bearer $TOKEN" {address}/notifications/inbox')
    say("Ctrl-C stops; started again it continues where it was")


async def _page(request: Request) -> Response:
    return HTMLResponse((files("hearthline") / "clocks.html").read_text())
