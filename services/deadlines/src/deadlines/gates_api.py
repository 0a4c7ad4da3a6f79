"""The gates over HTTP: another service asks whether something may be done, before it does it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field

from deadlines.api import SettingUsed
from deadlines.asking import OF_A_FAMILY, answers, asked_about, attempted, overall, reach_of
from deadlines.clocks import Place
from deadlines.facts import Fact, known
from deadlines.look import FACTS_NAMING, FACTS_OF_TYPES, TELL_THE_PLACE, Watch, neighbours
from deadlines.place import place_of
from deadlines.subjects import AGENCY, FOR_EVERYBODY, Scope, World, candidates, mentions, scopes_of
from events.authority import Subject
from events.bodies import Body, Instant, Line, View
from events.call import Call, Caller
from events.runtime import Runtime

ASK = "gate.ask"


class Attempt(Body):
    """What is about to be done, or was done: a public event with as much of its payload as is known.

    `learnedAt` later than `at`: it has already happened, and what has happened is never refused.
    """

    event: Line
    data: dict[str, Any] = Field(default_factory=dict)
    at: Instant | None = None
    learned_at: Instant | None = None


class GateRule(View):
    """What one rule says. `because`: why a rule that blocks asks for no more than an exception."""

    rule: str
    title: str
    authority: str
    source: str
    responsible: str
    mode: Literal["block", "flag"]
    answer: Literal["yes", "no", "exception"]
    because: str
    missing: list[str]
    settings: list[SettingUsed]


class GateAnswer(View):
    """Whether it may be done: `no` when one rule refuses it; `exception`: it may, and a supervisor sees and closes it."""

    event: str
    at: datetime
    county: str
    answer: Literal["yes", "no", "exception"]
    rules: list[GateRule]


def routes(runtime: Runtime, watch: Watch) -> APIRouter:
    """The one route that asks."""
    router = APIRouter(tags=["gates"])

    @router.post("/gates")
    async def ask_gates(body: Attempt, call: Call) -> GateAnswer:
        """Ask whether something may be done, on what is known here. Nothing is recorded."""
        data = attempted(body.event, body.data)
        named = mentions(data)
        facts = await _facts(runtime, watch, body.event, named)
        learned = max([call.now, *(fact.recorded_at for fact in facts)])
        places = _places(watch, facts, named, learned)
        _permit(call, places)
        at = body.at or learned
        county = next((place.county for _, place in places if place.county), "")
        region = next((Scope.of(each).id for each in named if each.startswith("region:")), None)
        calendar = watch.policy.calendar(county)
        told = answers(
            facts, watch.policy.judged(county, region).every, body.event, data, at, calendar, body.learned_at
        )
        return GateAnswer(
            event=body.event,
            at=at,
            county=county,
            answer=overall(told),
            rules=[GateRule.model_validate(each) for each in told],
        )

    return router


async def _facts(runtime: Runtime, watch: Watch, event: str, named: Sequence[str]) -> list[Fact]:
    """The facts of every subject that an attempt has to do with, as far as a rule that guards it reads them."""
    guarding = [rule for rule in watch.policy.rules if event in rule.blocked]
    kinds = {kind for rule in guarding for kind in scopes_of(rule)}
    near = await neighbours(runtime.pool, named)
    scopes = [scope for scope in asked_about(named, near) if scope.kind in kinds.union(OF_A_FAMILY)]
    near |= await neighbours(runtime.pool, [scope.key for scope in scopes])
    types = list({read for rule in guarding for read in rule.events} | TELL_THE_PLACE)
    names = sorted(reach_of(scopes, named, near))
    rows = await runtime.pool.fetch(FACTS_NAMING, names, types, FOR_EVERYBODY)
    everywhere = list({read for rule in guarding if AGENCY.kind in scopes_of(rule) for read in rule.events})
    rows += await runtime.pool.fetch(FACTS_OF_TYPES, everywhere) if everywhere else []
    return list({row["id"]: Fact(**dict(row)) for row in rows}.values())


def _places(
    watch: Watch, facts: Sequence[Fact], named: Iterable[str], learned: datetime
) -> tuple[tuple[Scope, Place], ...]:
    """Where the named subjects lie that something is known about, those of a family first."""
    told = World(tuple(known(facts, learned)))
    scopes = sorted(candidates(named, ()), key=lambda scope: (_rank(scope.kind), scope))
    own = ((scope, told.of(scope)) for scope in scopes)
    regions = watch.policy.region_of_county
    return tuple((scope, place_of(scope, own_facts, regions)) for scope, own_facts in own if own_facts)


def _permit(call: Caller, places: Iterable[tuple[Scope, Place]]) -> None:
    """Who asks must have to do with every family whose facts are weighed. Raises Rejected (403)."""
    if call.reach(ASK).closed:
        call.require(ASK, Subject())
    for scope, place in places:
        if scope.kind in OF_A_FAMILY:
            call.require(ASK, Subject(place.county, frozenset({place.worker_id} if place.worker_id else ())))


def _rank(kind: str) -> int:
    return OF_A_FAMILY.index(kind) if kind in OF_A_FAMILY else len(OF_A_FAMILY)
