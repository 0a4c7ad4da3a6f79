"""Looking at a subject: when a fact that concerns it arrives, and when the next instant has come at which it changes."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

from deadlines.clocks import DECIDER, conclude
from deadlines.facts import Fact, known, upcoming
from deadlines.judge import judge_one
from deadlines.malformed import refuse_malformed
from deadlines.place import place_of
from deadlines.policy import Policy
from deadlines.settings import DeadlinesSettings
from deadlines.subjects import AGENCY, FOR_EVERYBODY, Scope, candidates, members, mentions, ties
from deadlines.view import ClockView
from events.consumer import reaction_context
from events.reaction import Received
from events.recorded import Context
from events.runtime import Runtime
from events.transaction import Transaction

LEARN = """
insert into facts (id, type, occurred_at, recorded_at, data, named)
select id, type, occurred_at, recorded_at, data::jsonb, array(select jsonb_array_elements_text(named::jsonb))
from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[])
    as told (id, type, occurred_at, recorded_at, data, named)
on conflict (id) do nothing
"""
TIE = """
insert into ties (one, other) select * from unnest($1::text[], $2::text[]) on conflict do nothing
"""
TIED = "select one, other from ties where one = any($1::text[])"
FACTS_NAMING = """
select id, type, occurred_at, recorded_at, data from facts
where (named && $1::text[] or type = $3) and type = any($2::text[])
"""
FACTS_OF_TYPES = "select id, type, occurred_at, recorded_at, data from facts where type = any($1::text[])"
NEXT_LOOK = """
insert into scopes (scope, report_id, county, region, worker_id, next_at, unknown)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (scope) do update
set report_id = excluded.report_id, county = excluded.county, region = excluded.region,
    worker_id = excluded.worker_id, next_at = excluded.next_at, unknown = excluded.unknown
"""
WAITING_FOR_A_PERIOD = "select scope from scopes where split_part(scope, ':', 1) = any($1::text[])"
DUE = "select scope from scopes where next_at <= $1 order by next_at limit $2"
ORDERS_OF = """
select event_id as id, "order" as type, at as occurred_at, recorded_at,
    jsonb_strip_nulls(jsonb_build_object('scope', scope, 'clockId', clock_id, 'by', by, 'reason', reason,
        'until', until, 'newDueAt', new_due_at)) as data
from orders where scope = $1
"""
OBEYED_UNTIL = """
insert into obeyed (service, position) values ('deadlines', 0) on conflict (service) do update set service = 'deadlines'
returning position
"""
UNOBEYED = "select scope, max(position) as position from orders where position > $1 group by scope order by scope"
ANY_UNOBEYED = "select 1 from orders where position > coalesce((select position from obeyed), 0) limit 1"
OBEYED = "update obeyed set position = $1"
AT_ONCE = 100
# Facts that say where a subject belongs, who answers for it and what it is tied to, whether or not a rule reads them.
TELL_THE_PLACE = frozenset(
    {
        "ReportReceived", "ReportAmended", "ReportAssigned", "InvestigationOpened", "CaseOpened", "CaseworkerAssigned",
        "ChildEnteredCustody", "ChildPlaced", "FpsReferralMade", "FpsFamilyAccepted",
    }
)  # fmt: skip


def fact_of(received: Received) -> Fact:
    """A public event as the engine takes it."""
    data = orjson.loads(received.event.to_json())
    return Fact(received.id, type(received.event).__name__, received.occurred_at, received.recorded_at, data)


class Watch:
    """Keeps the facts and looks at subjects. One for each running service."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    @classmethod
    def of(cls, settings: DeadlinesSettings) -> "Watch":
        """With packs and calendars read at once, so that a wrong one stops the start. Raises BrokenPack, UnknownCalendar."""
        policy = Policy(settings)
        policy.check()
        return cls(policy)

    async def learn(self, tx: Transaction, received: Sequence[Received]) -> None:
        """Keep new facts and look again at the subjects they concern, in the transaction that advances the position."""
        causes: dict[Scope, Received] = {}
        facts = [fact_of(each) for each in received]
        refuse_malformed(facts)
        named = [mentions(fact.data) for fact in facts]
        await self._keep(tx, facts, named)
        near = await neighbours(tx.connection, {each for names in named for each in names})
        for each, fact, names in zip(received, facts, named, strict=True):
            for scope in await self._concerned(tx, fact, names, near):
                causes[scope] = each
        for scope in sorted(causes):
            await self.look(tx, scope, reaction_context(tx.runtime.service.name, tx, causes[scope]))

    async def _keep(self, tx: Transaction, facts: Sequence[Fact], named: Sequence[Sequence[str]]) -> None:
        await tx.connection.execute(
            LEARN,
            [fact.id for fact in facts],
            [fact.type for fact in facts],
            [fact.occurred_at for fact in facts],
            [fact.recorded_at for fact in facts],
            [orjson.dumps(fact.data).decode() for fact in facts],
            [orjson.dumps(names).decode() for names in named],
        )
        pairs = {pair for names in named for one, other in ties(names) for pair in ((one, other), (other, one))}
        if pairs:
            await tx.connection.execute(TIE, *map(list, zip(*sorted(pairs), strict=True)))

    async def _concerned(
        self, tx: Transaction, fact: Fact, named: Iterable[str], near: dict[str, set[str]]
    ) -> Collection[Scope]:
        """The subjects that a fact may concern, as far as a rule judged there reads such a fact."""
        if fact.type == FOR_EVERYBODY:
            kinds = [kind for kind, events in self.policy.events.items() if FOR_EVERYBODY in events]
            rows = await tx.connection.fetch(WAITING_FOR_A_PERIOD, kinds)
            found = {Scope.of(row["scope"]) for row in rows} | set(self.policy.standing_scopes)
        else:
            found = candidates(named, {other for each in named for other in near.get(each, ())}) | {AGENCY}
        tells = fact.type in TELL_THE_PLACE
        return [scope for scope in found if (tells and scope != AGENCY) or fact.type in self.policy.read_in(scope.kind)]

    async def obey(self, runtime: Runtime) -> None:
        """Look again at every subject about whose clocks something was ordered since the last time."""
        async with runtime.transaction() as tx:
            rows = await tx.connection.fetch(UNOBEYED, await tx.connection.fetchval(OBEYED_UNTIL))
            for row in rows:
                context = Context(runtime.service.name, tx.now, tx.now, runtime.ids())
                await self.look(tx, Scope.of(row["scope"]), context)
            if rows:
                await tx.connection.execute(OBEYED, max(row["position"] for row in rows))

    async def look(self, tx: Transaction, scope: Scope, context: Context) -> None:
        """Judge one subject and record what is new."""
        facts = await self.facts_of(tx.connection, scope)
        # What has arrived is known, whatever the clock of its sender said.
        known_at = max([tx.now, *(fact.recorded_at for fact in facts)])
        place = place_of(scope, known(facts, known_at), self.policy.region_of_county)
        views = self.views(scope, facts, place.county, tx.now, known_at)
        stream = DECIDER.stream(scope.key)
        history = await tx.load(stream)
        news = conclude(DECIDER.fold(fact.event for fact in history), views, tx.now, place)  # type: ignore[misc]
        await tx.append(stream, len(history), news, context)
        moments = [upcoming(facts, tx.now, known_at), *(view.next_at for view in views)]
        next_at = min((moment for moment in moments if moment), default=None)
        unknown = [_unknown(view) for view in views if view.state == "unknown"]
        await tx.connection.execute(
            NEXT_LOOK, scope.key, place.report_id, place.county, place.region, place.worker_id, next_at, unknown
        )

    async def facts_of(self, connection: Any, scope: Scope, more: Collection[str] = ()) -> list[Fact]:
        """All facts that may concern a subject, of the events that its rules read and of `more`."""
        types = self.policy.read_in(scope.kind) | set(more)
        if scope == AGENCY:
            rows = await connection.fetch(FACTS_OF_TYPES, list(types))
        else:
            near = await neighbours(connection, {scope.key})
            wanted = list(types | TELL_THE_PLACE)
            rows = await connection.fetch(FACTS_NAMING, list(members(scope, near)), wanted, FOR_EVERYBODY)
        orders = await connection.fetch(ORDERS_OF, scope.key)
        return [Fact(**dict(row)) for row in (*rows, *orders)]

    def views(
        self, scope: Scope, facts: Sequence[Fact], county: str, as_of: datetime, known_at: datetime | None = None
    ) -> tuple[ClockView, ...]:
        """The clocks of one subject as of an instant, on what was known at another."""
        region = scope.id if scope.kind == "region" else None
        judged = self.policy.judged(county, region)
        return judge_one(scope, facts, judged, self.policy.calendar(county), as_of, known_at or as_of)

    async def sweep_once(self, runtime: Runtime) -> int:
        """Look at the subjects whose next instant has come. Returns how many."""
        async with runtime.transaction() as tx:
            rows = await tx.connection.fetch(DUE, tx.now, AT_ONCE)
            for row in rows:
                context = Context(runtime.service.name, tx.now, tx.now, runtime.ids())
                await self.look(tx, Scope.of(row["scope"]), context)
        return len(rows)

    async def sweep(self, runtime: Runtime) -> None:
        """Look for due subjects until cancelled. What came due while nobody looked is found at the next look."""
        while True:
            await self.obey(runtime) if await runtime.pool.fetchval(ANY_UNOBEYED) else None
            due = await runtime.pool.fetchval("select 1 from scopes where next_at <= $1 limit 1", runtime.clock.now())
            if not due or await self.sweep_once(runtime) < AT_ONCE:
                await asyncio.sleep(runtime.settings.deadlines_sweep_seconds)


async def neighbours(connection: Any, named: Collection[str]) -> dict[str, set[str]]:
    """What each of these things is tied to."""
    found: dict[str, set[str]] = {}
    for row in await connection.fetch(TIED, list(named)):
        found.setdefault(row["one"], set()).add(row["other"])
    return found


def _unknown(view: ClockView) -> dict[str, Any]:
    return {
        "clockId": str(view.clock_id),
        "ruleId": view.rule_id,
        "title": view.title,
        "subjectType": view.subject_type,
        "subjectId": view.subject_id,
        "reasons": list(view.reasons),
        "provisionalDueAt": view.due_at.isoformat() if view.due_at else None,
    }
