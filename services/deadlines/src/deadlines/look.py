"""Looking at a family of facts: when a fact arrives, and when a due time or a warning has come."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson

from deadlines.calendar import Calendar
from deadlines.clocks import DECIDER, Family, conclude
from deadlines.facts import Fact, known, upcoming
from deadlines.judge import judge
from deadlines.packs import Pack, load_packs
from deadlines.rule import Rule, in_county
from deadlines.settings import DeadlinesSettings
from deadlines.view import ClockView
from events.consumer import reaction_context
from events.reaction import Received
from events.recorded import Context
from events.runtime import Runtime
from events.transaction import Transaction

LEARN = """
insert into facts (id, report_id, type, occurred_at, recorded_at, data)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[]::jsonb[])
on conflict (id) do nothing
"""
FACTS_OF = "select id, type, occurred_at, recorded_at, data from facts where report_id = $1"
NEXT_LOOK = """
insert into families (report_id, county, worker_id, next_at, unknown) values ($1, $2, $3, $4, $5)
on conflict (report_id) do update
set county = excluded.county, worker_id = excluded.worker_id, next_at = excluded.next_at, unknown = excluded.unknown
"""
DUE = "select report_id from families where next_at <= $1 order by next_at limit $2"
AT_ONCE = 100


@dataclass(frozen=True)
class Policy:
    """The rules that this agency has switched on, and its calendar."""

    settings: DeadlinesSettings

    @cached_property
    def calendar(self) -> Calendar:
        """The agency's calendar. Raises UnknownCalendar."""
        settings = self.settings
        return Calendar(
            settings.time_zone, settings.deadlines_country, settings.deadlines_state, settings.deadlines_closures
        )

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """The packs in force here, with the agency's settings. Raises BrokenPack, LookupError for an unknown pack."""
        delivered = load_packs()
        if unknown := set(self.settings.deadlines_packs) - {pack.name for pack in delivered}:
            raise LookupError(f"HEARTHLINE_DEADLINES_PACKS: there is no pack {sorted(unknown)[0]}")
        return tuple(self._adjusted(pack) for pack in delivered if pack.name in self.settings.deadlines_packs)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of every pack in force."""
        return tuple(rule for pack in self.packs for rule in pack.rules)

    def _adjusted(self, pack: Pack) -> Pack:
        if self.settings.deadlines_tolerance_minutes is not None:
            pack = pack.adjusted({"tolerance_minutes": self.settings.deadlines_tolerance_minutes})
        counties = self.settings.deadlines_pack_counties.get(pack.name)
        return pack.switched_on_in(counties) if counties else pack


@dataclass(frozen=True)
class Duties:
    """Who answers for a family, as its facts say: the assigned worker, and the supervisor who assigned it."""

    county: str
    worker_id: str | None
    supervisor_id: str | None

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "Duties":
        """From the facts known, in the order they happened."""
        ordered = list(facts)
        county = next((str(fact.data["county"]) for fact in ordered if "county" in fact.data), "")
        assigned = next((fact.data for fact in reversed(ordered) if fact.type == "ReportAssigned"), {})
        return cls(county, _text(assigned.get("workerId")), _text(assigned.get("by")))


def _text(value: object) -> str | None:
    return str(value) if value else None


def fact_of(received: Received) -> Fact:
    """A public event as the engine takes it."""
    data = orjson.loads(received.event.to_json())
    return Fact(received.id, type(received.event).__name__, received.occurred_at, received.recorded_at, data)


class Watch:
    """Keeps the facts and looks at families. One for each running service."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    @classmethod
    def of(cls, settings: DeadlinesSettings) -> "Watch":
        """With packs and calendar read at once, so that a wrong one stops the start."""
        policy = Policy(settings)
        policy.calendar, policy.rules  # noqa: B018
        return cls(policy)

    async def learn(self, tx: Transaction, received: Sequence[Received]) -> None:
        """Keep new facts and look at their families again, in the transaction that advances the position."""
        facts = [fact_of(each) for each in received]
        reports = [UUID(str(fact.data["reportId"])) for fact in facts]
        await tx.connection.execute(
            LEARN,
            [fact.id for fact in facts],
            reports,
            [fact.type for fact in facts],
            [fact.occurred_at for fact in facts],
            [fact.recorded_at for fact in facts],
            [orjson.dumps(fact.data).decode() for fact in facts],
        )
        latest = dict(zip(reports, received, strict=True))
        for report_id, cause in latest.items():
            await self.look(tx, report_id, reaction_context(tx.runtime.service.name, tx, cause))

    async def look(self, tx: Transaction, report_id: UUID, context: Context) -> None:
        """Judge one family and record what is new."""
        facts = await facts_of(tx.connection, report_id)
        known_at = max(
            [tx.now, *(fact.recorded_at for fact in facts)]
        )  # what has arrived is known, whatever its clock said
        duties = Duties.of(known(facts, known_at))
        views = self.views(facts, duties.county, tx.now, known_at)
        stream = DECIDER.stream(report_id)
        history = await tx.load(stream)
        family = Family(report_id, duties.county, duties.worker_id, duties.supervisor_id)
        news = conclude(DECIDER.fold(fact.event for fact in history), views, tx.now, family)  # type: ignore[misc]
        await tx.append(stream, len(history), news, context)
        moments = [upcoming(facts, tx.now, known_at), *(view.next_at for view in views)]
        next_at = min((moment for moment in moments if moment), default=None)
        unknown = [_unknown(view) for view in views if view.state == "unknown"]
        await tx.connection.execute(NEXT_LOOK, report_id, duties.county, duties.worker_id, next_at, unknown)

    def views(
        self, facts: Sequence[Fact], county: str, as_of: datetime, known_at: datetime | None = None
    ) -> tuple[ClockView, ...]:
        """The clocks of one family as of an instant, on what was known at another."""
        rules = in_county(self.policy.rules, county)
        return judge(facts, rules, self.policy.calendar, as_of, known_at)

    async def sweep_once(self, runtime: Runtime) -> int:
        """Look at the families whose next instant has come. Returns how many."""
        async with runtime.transaction() as tx:
            rows = await tx.connection.fetch(DUE, tx.now, AT_ONCE)
            for row in rows:
                context = Context(runtime.service.name, tx.now, tx.now, runtime.ids())
                await self.look(tx, row["report_id"], context)
        return len(rows)

    async def sweep(self, runtime: Runtime) -> None:
        """Look for due families until cancelled. What came due while nobody looked is found at the next look."""
        while True:
            due = await runtime.pool.fetchval("select 1 from families where next_at <= $1 limit 1", runtime.clock.now())
            if not due or await self.sweep_once(runtime) < AT_ONCE:
                await asyncio.sleep(runtime.settings.deadlines_sweep_seconds)


async def facts_of(connection: Any, report_id: UUID) -> list[Fact]:
    """The facts known of one family."""
    return [Fact(**dict(row)) for row in await connection.fetch(FACTS_OF, report_id)]


def _unknown(view: ClockView) -> dict[str, Any]:
    return {
        "clockId": str(view.clock_id),
        "ruleId": view.rule_id,
        "title": view.title,
        "reasons": list(view.reasons),
        "provisionalDueAt": view.due_at.isoformat() if view.due_at else None,
    }
