"""What operators do from the command line."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import typer

from events import database, parked, process, vault
from events.expunge import expunge
from events.issuer import Issuer, refuse_when_configured, signing_key
from events.migrate import migrate
from events.rebuild import outdated, rebuild
from events.runtime import Runtime
from events.service import Service
from events.settings import ServiceSettings
from events.tokens import TokenSettings
from hearthline.county import actors

Say = Callable[[str], None]


async def migrate_all(settings: ServiceSettings, services: Sequence[Service], say: Say) -> None:
    """Migrate every schema, then rebuild the read models whose fold has changed."""
    url = process.owner_url(settings)
    await migrate(url, services, say)
    for service in services:
        for model in await outdated(url, service):
            say(f"rebuilding {service.name}.{model.table.name} for version {model.version}")
            await rebuild(url, service, model)
    say("the database is up to date")


async def rebuild_models(
    settings: ServiceSettings, service: Service, name: str | None, accept_differences: bool, say: Say
) -> None:
    """Rebuild one read model or all of a service. Exits 3 when rows differ and nothing was swapped."""
    models = [model for model in service.read_models if name in (None, model.table.name)]
    if not models:
        raise LookupError(f"{service.name} has no read model {name}")
    refused = False
    for model in models:
        done = await rebuild(
            process.owner_url(settings),
            service,
            model,
            accept_differences=accept_differences,
            progress=_progress(say, model.table.name),
        )
        say(
            f"{done.name}: {done.rows} rows, {len(done.differing)} differed, {'swapped' if done.swapped else 'not swapped'}"
        )
        for key in done.differing:
            typer.echo(key)
        refused = refused or not done.swapped
    if refused:
        raise typer.Exit(3)


def _progress(say: Say, name: str) -> Callable[[int], None]:
    return lambda position: say(f"{name}: at position {position}")


async def forget_person(
    settings: ServiceSettings, services: Sequence[Service], person: UUID, by: str, say: Say
) -> None:
    """Forget a person and report every place that was touched."""
    done = await expunge(process.owner_url(settings), services, person, by)
    typer.echo("key destroyed" if done.key_destroyed else "no key to destroy: never known, or forgotten before")
    for name, facts in done.facts.items():
        typer.echo(f"{name}: {facts} stored facts can no longer be read in full")


async def rotate_keys(settings: ServiceSettings, say: Say) -> None:
    """Rewrap the keys of persons under the newest master key."""
    connection = await database.connect(process.owner_url(settings), "privacy")
    try:
        say(f"rewrapped {await vault.rotate(connection, process.master_keys(settings))} keys")
    finally:
        await connection.close()


def local_token(settings: ServiceSettings, person: str) -> str:
    """A token of the built-in issuer. Raises IssuerRefused beside a real issuer, LookupError for a stranger."""
    refuse_when_configured(settings.issuer)
    people = actors()
    if person not in people:
        raise LookupError(f"no demo person {person}; there are {', '.join(sorted(people))}")
    tokens = TokenSettings(process.local_issuer(settings), settings.audience)
    issuer = Issuer(tokens, signing_key(settings.data_directory), process.clock_of(settings), people)
    return issuer.issue(people[person], timedelta(hours=8))


@asynccontextmanager
async def _idle(settings: ServiceSettings, service: Service) -> AsyncIterator[Runtime]:
    """A service with its connections open and none of its loops running."""
    async with process.assembled([service], people=actors()) as running:
        yield running.runtimes[0]


async def parked_list(settings: ServiceSettings, service: Service, key: str | None) -> None:
    """Print what is parked as a table."""
    async with _idle(settings, service) as runtime:
        for each in await parked.waiting(runtime.pool, key):
            repaired = " repaired" if each.repaired else ""
            typer.echo(
                f"{each.id}\t{each.topic}\t{each.key}\t{each.attributes['type']}\t{each.attempts}x{repaired}\t{each.reason}"
            )


async def parked_repair(settings: ServiceSettings, service: Service, id: int, data: str, by: str) -> None:
    """Replace the content of a parked message."""
    async with _idle(settings, service) as runtime:
        await parked.repair(runtime.pool, id, data, by, runtime.clock.now())


async def parked_discard(settings: ServiceSettings, service: Service, id: int, by: str) -> None:
    """Give a parked message up."""
    async with _idle(settings, service) as runtime:
        await parked.discard(runtime.pool, id, by, runtime.clock.now())


async def parked_replay(settings: ServiceSettings, service: Service, by: str, key: str | None, say: Say) -> None:
    """Replay what is parked."""
    async with _idle(settings, service) as runtime:
        replayed, left = await parked.replay(runtime, by, key)
    say(f"{replayed} replayed, {len(left)} still parked")
    if left:
        raise typer.Exit(3)
