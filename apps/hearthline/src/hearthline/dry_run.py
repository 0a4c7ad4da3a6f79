"""What a changed pack or calendar would make of the history, told on the screen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from events import process
from events.service import Service
from events.settings import ServiceSettings
from hearthline.county import actors
from hearthline.rules import table

if TYPE_CHECKING:
    from deadlines.dry_run import Numbers, Pair, Standing

CLOSURE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s+(\S.*))?")
CLOCKS = ("change", "county", "month", "rule", "clock", "before", "after")
COUNTS = ("county", "month", "before", "after", "changes")


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    pack: Path
    since: date | None = None
    until: date | None = None
    county: str | None = None
    closures: Path | None = None


def closures(text: str) -> dict[str, tuple[date, ...]]:
    """Further closed days by county, `` for all: one day a line, and the county after it. Raises ValueError."""
    found: dict[str, list[date]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        told = line.partition("#")[0].strip()
        match = CLOSURE.fullmatch(told)
        if match:
            found.setdefault(match[2] or "", []).append(date.fromisoformat(match[1]))
        elif told:
            raise ValueError(f"line {number}: a day such as 2026-12-24 and perhaps a county: {told}")
    return {county: tuple(days) for county, days in found.items()}


async def dry_run(settings: ServiceSettings, service: Service, asked: Asked) -> None:
    """Print each clock that would stand otherwise as it is found, then the counts. Raises BrokenPack, UnknownCalendar."""
    from deadlines.dry_run_job import Change, changed_policy, replayed

    closed = closures(asked.closures.read_text("utf-8")) if asked.closures else {}
    change = Change(
        pack=asked.pack.read_text("utf-8"),
        closures=closed.pop("", ()),
        county_closures=closed,
        county=asked.county,
        since=asked.since,
        until=asked.until,
    )
    async with process.assembled([service], people=actors()) as running:
        [runtime] = running.runtimes
        before = runtime.own.policy
        after = changed_policy(before, change)
        typer.echo("\t".join(CLOCKS))

        async def found(changed: Sequence["Pair"]) -> None:
            for pair in changed:
                typer.echo("\t".join(_clock(pair)))

        async def progress(done: int, subjects: int) -> None:
            typer.echo(f"{done} of {subjects} subjects", err=True)

        async with runtime.pool.acquire() as connection:
            comparison = await replayed(connection, before, after, runtime.clock.now(), change.window, found, progress)
    typer.echo("")
    for line in table([COUNTS, *(_counts(each) for each in comparison.numbers)]):
        typer.echo(line)
    typer.echo(f"{comparison.changed} of {comparison.clocks} clocks would stand otherwise")


def _clock(pair: "Pair") -> tuple[str, ...]:
    sides = _side(pair.before), _side(pair.after)
    return (pair.change, pair.county, pair.month or "", pair.rule_id, str(pair.clock_id), *sides)


def _side(told: "Standing | None") -> str:
    if told is None:
        return "-"
    return f"{told.verdict}, due {told.due_at.isoformat()}" if told.due_at else told.verdict


def _counts(each: "Numbers") -> tuple[str, ...]:
    return each.county or "-", each.month or "-", _words(each.before), _words(each.after), _words(each.changes)


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.items()) or "-"
