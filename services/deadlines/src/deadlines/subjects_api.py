"""One subject over HTTP: its clocks as they stood at any instant on what was known at another, and what is advised."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from sqlalchemy import select

from deadlines.facts import counted
from deadlines.look import Watch
from deadlines.prompts import prompts
from deadlines.subjects import TIED_TO, Scope, World
from deadlines.tables import SCOPES
from events.bodies import Instant, View
from events.call import Call, Caller
from events.decider import Rejected
from events.reach_sql import condition
from events.runtime import Runtime

Key = Annotated[
    str,
    Path(
        description="kind and id of a subject, such as `child:018f...`; kinds: " + ", ".join(TIED_TO),
        max_length=200,
        pattern=r"^[a-z]+:[^/\x00-\x1f]+$",
    ),
]


class JudgedClock(View):
    """One clock as the engine judges it. Gates that were not attempted yet are pending."""

    clock_id: UUID
    rule_id: str
    rule_version: str
    title: str
    obligation: str
    pack: str
    authority: str
    source: str
    kind: str
    subject_type: str
    subject_id: str
    per_thing: str | None
    state: str
    started_at: datetime
    due_at: datetime | None
    provisional: bool
    met_at: datetime | None
    missed_at: datetime | None
    stopped_at: datetime | None
    period: int | None
    done: int
    required: int
    over: bool
    reasons: list[str]


class PromptRow(View):
    """One advice of a source that is open for the subject."""

    rule_id: str
    title: str
    authority: str
    source: str
    responsible: str
    since: datetime
    per_thing: str | None
    when: str
    note: str


def routes(runtime: Runtime, watch: Watch) -> APIRouter:
    """What is asked about one subject."""
    router = APIRouter(tags=["subjects"])

    @router.get("/subjects/{scope}/clocks")
    async def judge_subject(
        scope: Key,
        call: Call,
        as_of: Annotated[Instant | None, Query(alias="asOf", description="judged as of this instant")] = None,
        known_at: Annotated[Instant | None, Query(alias="knownAt", description="on what was known then")] = None,
    ) -> list[JudgedClock]:
        """Every clock and gate of a subject at any instant, on what was known then or, with `knownAt`, at another time."""
        county = await _county(runtime, call, scope)
        facts = await watch.facts_of(runtime.pool, Scope.of(scope))
        views = watch.views(Scope.of(scope), facts, county, as_of or call.now, known_at or as_of)
        return [JudgedClock.model_validate(view) for view in views if view.state != "pending" or view.kind == "gate"]

    @router.get("/subjects/{scope}/prompts")
    async def prompt_subject(scope: Key, call: Call) -> list[PromptRow]:
        """What the sources advise without a number, and nobody has done yet."""
        county = await _county(runtime, call, scope)
        subject = Scope.of(scope)
        facts = await watch.facts_of(runtime.pool, subject, watch.policy.advised_in(subject.kind))
        known = World(counted(facts, call.now, call.now)).of(subject)
        region = subject.id if subject.kind == "region" else None
        return [
            PromptRow(
                rule_id=prompt.rule.id,
                title=prompt.rule.title,
                authority=prompt.rule.authority,
                source=prompt.rule.source,
                responsible=prompt.rule.responsible,
                since=prompt.since,
                per_thing=prompt.thing,
                when=prompt.when,
                note=prompt.rule.note,
            )
            for prompt in prompts(watch.policy.in_place(county, region), subject, known, watch.policy.calendar(county))
        ]

    return router


async def _county(runtime: Runtime, call: Caller, scope: str) -> str:
    """The county of a subject that the caller may see. One that they may not is answered like one that is not there."""
    seen = condition(call.reach("clock.list"), SCOPES.c.county, SCOPES.c.worker_id)
    rows = await runtime.rows(select(SCOPES.c.county).where(seen, SCOPES.c.scope == scope))
    if not rows:
        raise Rejected("subject-not-found", "there is no such subject, or not for you", status=404)
    return str(rows[0]["county"])
