"""The command line of Hearthline. Errors print one line and exit 1; wrong usage exits 2."""

import asyncio
import sys
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import typer
from typer.core import TyperGroup

from events import logs
from events.decider import Rejected
from events.service import Service, installed
from events.settings import ServiceSettings, WrongSetting, load
from events.vault import MasterKeyMissing
from hearthline import operations


class RulesGroup(TyperGroup):
    """`rules PACK` says the same as `rules --pack PACK`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["--pack", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    help="Hearthline: from a hotline report to a live clock.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
parked = typer.Typer(help="Messages that could not be handled: list, repair, replay.", no_args_is_help=True)
keys = typer.Typer(help="Keys of persons and master keys.", no_args_is_help=True)
rules = typer.Typer(
    cls=RulesGroup,
    help="The rules with their dates, authority and source; `hearthline rules PACK` shows those of one pack.",
    invoke_without_command=True,
)
app.add_typer(parked, name="parked")
app.add_typer(keys, name="keys")
app.add_typer(rules, name="rules")

Name = Annotated[str, typer.Argument(help="name of the service, such as intake")]
ONE_LINE = (
    WrongSetting,
    LookupError,
    ValueError,
    RuntimeError,
    OSError,
    Rejected,
    MasterKeyMissing,
    asyncpg.PostgresError,
)


def say(line: str) -> None:
    """One line of progress."""
    typer.echo(line, err=True)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run one command on the fast event loop."""
    if sys.platform == "win32":
        asyncio.run(work)
    else:
        import uvloop

        uvloop.run(work)


def settings() -> ServiceSettings:
    """The settings of the process. Raises WrongSetting."""
    return load(ServiceSettings, [service.settings for service in installed()])


@app.command()
def up(
    demo: Annotated[bool, typer.Option(help="load the demo county")] = True,
) -> None:
    """Run everything in one process: embedded database, all services, demo county. Ctrl-C stops it."""
    from hearthline.up import run_everything

    logs.configure(settings().log_level)
    run(run_everything(installed(), demo=demo, say=say))


@app.command("run")
def run_services(names: Annotated[list[str], typer.Argument(help="services to run in this process")]) -> None:
    """Run some services alone, as in a cluster. The database must be migrated."""
    from hearthline.up import run_some

    logs.configure(settings().log_level)
    run(run_some(installed(names), say=say))


@app.command()
def migrate() -> None:
    """Bring the database up to date, as the owner of the schemas; read models that changed are rebuilt."""
    run(operations.migrate_all(settings(), installed(), say))


@app.command()
def rebuild(
    name: Name,
    read_model: Annotated[
        str | None, typer.Argument(help="name of the read model; all of the service when left out")
    ] = None,
    accept_differences: Annotated[bool, typer.Option(help="swap although rows differ from the log")] = False,
) -> None:
    """Rebuild read models from the log beside the ones in service, verify every row, then swap."""
    run(operations.rebuild_models(settings(), service(name), read_model, accept_differences, say))


@app.command()
def forget(
    person: Annotated[UUID, typer.Argument(help="id of the person")],
    by: Annotated[str, typer.Option(help="who decided it")],
) -> None:
    """Destroy the key of a person: every private value of theirs becomes unreadable everywhere."""
    run(operations.forget_person(settings(), installed(), person, by, say))


@rules.callback()
def print_rules(
    context: typer.Context, pack: Annotated[str | None, typer.Option(help="only this policy pack")] = None
) -> None:
    """Print every rule: kind, limit, dates, authority and source."""
    from hearthline.rules import print_rules

    if context.invoked_subcommand is None:
        print_rules(pack)


@rules.command("check")
def check_rules(files: Annotated[list[Path], typer.Argument(help="packs to check, together")]) -> None:
    """Print all that is wrong with packs, with file, line and rule. Exits 1 when something is."""
    from hearthline.rules import check_packs

    if not check_packs(files):
        raise typer.Exit(1)


@rules.command("dry-run")
def dry_run_rules(
    pack: Annotated[Path, typer.Argument(help="the changed pack")],
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="due from this day on")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="due before this day")] = None,
    county: Annotated[str | None, typer.Option(help="only this county")] = None,
    closures: Annotated[
        Path | None, typer.Option(help="further closed days: one a line, with a county or without")
    ] = None,
) -> None:
    """Replay the history under a changed pack, and print which clocks would stand otherwise. Nothing is changed."""
    from hearthline.dry_run import Asked, dry_run

    asked = Asked(pack, since and since.date(), until and until.date(), county, closures)
    run(dry_run(settings(), service("deadlines"), asked))


@app.command()
def demo(
    pace: Annotated[float, typer.Option(min=0, max=5, help="seconds between two lines")] = 0.2,
) -> None:
    """Play a fictional county's week on a virtual clock, and tell what happens."""
    from hearthline.demo import play

    logs.configure("error")
    run(play(installed(), pace=pace))


@app.command()
def token(person: Annotated[str, typer.Argument(help="id of a demo person, such as sam-supervisor")]) -> None:
    """Print a bearer token of the local issuer for one of the demo people."""
    typer.echo(operations.local_token(settings(), person))


@app.command("contracts")
def contracts(
    directory: Annotated[Path, typer.Argument(help="where the documents go")] = Path("docs/contracts"),
    check: Annotated[bool, typer.Option("--check", help="write nothing; exit 3 when one is stale")] = False,
    release: Annotated[bool, typer.Option("--release", help="record the schemas as released")] = False,
) -> None:
    """Write the JSON Schemas and the AsyncAPI document of all public events, and their catalogue."""
    from events import compatibility, documents

    if check:
        stale = [*documents.differs(directory), *compatibility.broken_releases(directory)]
        for line in stale:
            typer.echo(line)
        raise typer.Exit(3 if stale else 0)
    for path in documents.write(directory) + (compatibility.release(directory) if release else []):
        say(f"wrote {path}")


@parked.command("list")
def parked_list(name: Name, key: Annotated[str | None, typer.Option(help="only this key")] = None) -> None:
    """Show what is parked, in the order in which it will be replayed."""
    run(operations.parked_list(settings(), service(name), key))


@parked.command("repair")
def parked_repair(
    name: Name,
    id: Annotated[int, typer.Argument(help="number of the parked message")],
    data: Annotated[Path, typer.Option(help="file with the corrected JSON")],
    by: Annotated[str, typer.Option(help="who repairs it")],
) -> None:
    """Replace the content of a parked message; the original stays on record."""
    run(operations.parked_repair(settings(), service(name), id, data.read_text(), by))


@parked.command("discard")
def parked_discard(
    name: Name,
    id: Annotated[int, typer.Argument(help="number of the parked message")],
    by: Annotated[str, typer.Option(help="who gives it up")],
) -> None:
    """Give a parked message up, on record."""
    run(operations.parked_discard(settings(), service(name), id, by))


@parked.command("replay")
def parked_replay(
    name: Name,
    by: Annotated[str, typer.Option(help="who replays")],
    key: Annotated[str | None, typer.Option(help="only this key")] = None,
) -> None:
    """Handle parked messages again, in order. Exits 3 when some still wait."""
    run(operations.parked_replay(settings(), service(name), by, key, say))


@app.command("replay")
def replay(
    name: Name,
    by: Annotated[str, typer.Option(help="who replays")],
    key: Annotated[str | None, typer.Option(help="only this key")] = None,
) -> None:
    """The same as `parked replay`."""
    parked_replay(name, by, key)


@keys.command("rotate")
def keys_rotate() -> None:
    """Rewrap every person's key under the newest master key. No event is rewritten."""
    run(operations.rotate_keys(settings(), say))


def service(name: str) -> Service:
    """The installed service of this name. Raises LookupError."""
    return installed([name])[0]


def main() -> None:
    """The entry point: one line for what went wrong, and an exit code that means something."""
    try:
        app()
    except ONE_LINE as error:
        line = str(error).splitlines()[0] if str(error) else type(error).__name__
        typer.echo(f"hearthline: {line}", err=True)
        sys.exit(1)
