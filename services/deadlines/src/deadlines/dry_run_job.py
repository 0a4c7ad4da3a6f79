"""Dry runs on the facts kept: the changed policy, the subjects streamed one by one, and the runs that were asked for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

import orjson
import structlog
from pydantic import BaseModel, ConfigDict, Field

from deadlines.dry_run import Comparison, Pair, Window, pairs
from deadlines.facts import Fact
from deadlines.look import Watch
from deadlines.packs import BrokenPack, Pack, read_pack, refuse_overlaps
from deadlines.policy import Policy
from deadlines.settings import Switch
from deadlines.subjects import Scope
from events import faults
from events.runtime import Runtime

NAMED = "select distinct named.name from facts cross join lateral unnest(named) as named (name)"
CLAIM = """
update dry_runs set state = 'running', alive_at = $1, done = 0 where dry_run_id = (
    select dry_run_id from dry_runs where state = 'waiting' or (state = 'running' and alive_at < $2)
    order by asked_at limit 1 for update skip locked)
returning dry_run_id, asked
"""
FORGET_CLOCKS = "delete from dry_run_clocks where dry_run_id = $1"
KEEP_CLOCKS = """
insert into dry_run_clocks (dry_run_id, number, change, clock)
select $1, number, change, clock::jsonb from unnest($2::int[], $3::text[], $4::text[]) as found (number, change, clock)
"""
ALIVE = "update dry_runs set alive_at = $2, subjects = $3, done = $4 where dry_run_id = $1"
END = """
update dry_runs set state = $2, ended_at = $3, subjects = $4, done = $4, outcome = $5, problem = $6 where dry_run_id = $1
"""
TOGETHER = 100  # subjects between two notes of how far a run has come
DEAD_AFTER = timedelta(minutes=2)
LOOK_EVERY = 2.0
WRONG = (ValueError, LookupError)
logger = structlog.get_logger()

Found = Callable[[Sequence[Pair]], Awaitable[None]]
Progress = Callable[[int, int], Awaitable[None]]


class Change(BaseModel):
    """What would be different: a pack, further closures, other switches; and which clocks are asked about."""

    model_config = ConfigDict(frozen=True)

    pack: str | None = None
    closures: tuple[date, ...] = ()
    county_closures: dict[str, tuple[date, ...]] = Field(default_factory=dict)
    switches: tuple[Switch, ...] | None = None
    county: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def window(self) -> Window:
        return Window(self.county, self.since, self.until)


@dataclass(frozen=True)
class ChangedPolicy(Policy):
    """The policy in force with a pack put in: in the place of what it overlaps, and switched on everywhere unless said."""

    text: str | None = None
    more: tuple[Switch, ...] = ()

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """Raises BrokenPack."""
        kept = Policy(self.settings).packs
        if self.changed:
            kept = (*(pack for pack in kept if not _overlap(pack, self.changed)), self.changed)
        refuse_overlaps(kept)
        for switch in self.more:
            if switch.pack not in {pack.name for pack in kept}:
                raise BrokenPack(f"there is no pack {switch.pack} to switch on")
        return kept

    @cached_property
    def changed(self) -> Pack | None:
        """The pack that is put in. Raises BrokenPack."""
        return None if self.text is None else read_pack("pack", self.text, self.agency)

    @cached_property
    def switches(self) -> tuple[Switch, ...]:
        """Those of the settings and those asked for; a pack that none of them names is on everywhere."""
        told = (*Policy(self.settings).switches, *self.more)
        named = {switch.pack for switch in told}
        own = (Switch(pack=self.changed.name),) if self.changed and self.changed.name not in named else ()
        return (*told, *own)


def changed_policy(before: Policy, change: Change) -> Policy:
    """The policy with the change. Raises BrokenPack, UnknownCalendar."""
    settings = before.settings
    counties = set(settings.deadlines_county_closures) | set(change.county_closures)
    closures = {
        county: settings.deadlines_county_closures.get(county, frozenset())
        | frozenset(change.county_closures.get(county, ()))
        for county in counties
    }
    told: dict[str, Any] = {
        "deadlines_closures": settings.deadlines_closures | frozenset(change.closures),
        "deadlines_county_closures": closures,
    }
    if change.switches is not None:
        told["deadlines_switches"] = ()
    after = ChangedPolicy(settings.model_copy(update=told), change.pack, change.switches or ())
    after.check()
    return after


async def replayed(
    connection: Any,
    before: Policy,
    after: Policy,
    as_of: datetime,
    window: Window,
    found: Found,
    progress: Progress,
) -> Comparison:
    """Judge every subject under both policies on one state of the facts; one subject is in memory at a time."""
    comparison = Comparison()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        total = await connection.fetchval(f"select count(*) from ({NAMED}) as named")  # noqa: S608
        async for scope in _subjects(connection, before, after):
            facts = await _facts(connection, scope, before, after)
            told = await asyncio.to_thread(_judged, scope, facts, before, after, as_of)
            if changed := comparison.take(told, window):
                await found(changed)
            if comparison.subjects % TOGETHER == 0:
                await progress(comparison.subjects, max(total, comparison.subjects))
    return comparison


async def run_next(runtime: Runtime) -> bool:
    """Carry out the run that has waited longest, or one whose process died. Returns whether there was one."""
    now = runtime.clock.now()
    claimed = await runtime.pool.fetchrow(CLAIM, now, now - DEAD_AFTER)
    if claimed is None:
        return False
    run: UUID = claimed["dry_run_id"]
    await runtime.pool.execute(FORGET_CLOCKS, run)
    try:
        comparison = await _run(runtime, run, Change.model_validate(claimed["asked"]))
    except WRONG as error:
        await runtime.pool.execute(END, run, "failed", runtime.clock.now(), 0, None, str(error)[:1000])
        return True
    outcome = {"clocks": comparison.clocks, "changed": comparison.changed}
    told = outcome | {"numbers": [asdict(each) for each in comparison.numbers]}
    await runtime.pool.execute(END, run, "done", runtime.clock.now(), comparison.subjects, told, None)
    return True


async def work(runtime: Runtime) -> None:
    """Carry out what is asked for until cancelled."""
    while True:
        try:
            busy = await run_next(runtime)
        except faults.TRANSIENT as error:
            logger.warning("dry-run-interrupted", reason=type(error).__name__)
            busy = False
        if not busy:
            await asyncio.sleep(LOOK_EVERY)


async def _run(runtime: Runtime, run: UUID, change: Change) -> Comparison:
    before: Policy = runtime.own.policy
    after = await asyncio.to_thread(changed_policy, before, change)
    numbers = count(1)

    async def keep(changed: Sequence[Pair]) -> None:
        texts = [orjson.dumps(clock_told(pair)).decode() for pair in changed]
        told = [next(numbers) for _ in changed], [pair.change for pair in changed], texts
        await runtime.pool.execute(KEEP_CLOCKS, run, *told)

    async def note(done: int, subjects: int) -> None:
        await runtime.pool.execute(ALIVE, run, runtime.clock.now(), subjects, done)

    async with runtime.pool.acquire() as connection:
        return await replayed(connection, before, after, runtime.clock.now(), change.window, keep, note)


def clock_told(pair: Pair) -> dict[str, Any]:
    """A clock that differs, without the subject: who tries a policy sees no case."""
    return asdict(replace(pair, scope="")) | {"change": pair.change}


def _judged(scope: Scope, facts: Sequence[Fact], before: Policy, after: Policy, as_of: datetime) -> list[Pair]:
    return list(pairs(scope, facts, before, after, as_of))


async def _subjects(connection: Any, before: Policy, after: Policy) -> AsyncIterator[Scope]:
    """The subjects that facts name, and those that are always there, as far as a rule may be judged there."""
    kinds = before.events.keys() | after.events.keys()
    standing = {scope.key: scope for scope in (*before.standing_scopes, *after.standing_scopes)}
    for scope in standing.values():
        if scope.kind in kinds:
            yield scope
    async for row in connection.cursor(NAMED, prefetch=TOGETHER):
        scope = Scope.of(row["name"])
        if scope.kind in kinds and scope.key not in standing:
            yield scope


async def _facts(connection: Any, scope: Scope, before: Policy, after: Policy) -> list[Fact]:
    """What either policy reads of a subject."""
    return await Watch(before).facts_of(connection, scope, after.read_in(scope.kind))


def _overlap(one: Pack, other: Pack) -> bool:
    """Whether two packs are versions of one that would hold on the same day."""
    try:
        refuse_overlaps((one, other))
    except BrokenPack:
        return True
    return False
