"""What holds for every story: order, repeats and delay of facts do not count, and each subject can be judged by itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.deadlines.payloads import Wanted, payload

from deadlines.clocks import DECIDER, Judge, Place
from deadlines.conclusions import ClockEscalated, ClockWarned
from deadlines.facts import CORRECTS, Fact, upcoming
from deadlines.filters import parse
from deadlines.judge import Judged, judge, judge_one
from deadlines.look import TELL_THE_PLACE
from deadlines.rule import Rule
from deadlines.standings import Standings
from deadlines.subjects import AGENCY, FOR_EVERYBODY, Scope, World, concerns, members, mentions
from deadlines.testing import CALENDAR, local, rules
from deadlines.view import ClockView
from deadlines.vocabulary import fields_of
from events.ids import derived

RULES = tuple(rule for rule in rules(30) if rule.enforced)
JUDGED = Judged.of(RULES)
READ = sorted({event for rule in RULES for event in rule.events if fields_of(event) is not None} | set(CORRECTS))
KINDS = sorted({rule.kind for rule in RULES})
OF_A_KIND = {kind: [rule for rule in RULES if rule.kind == kind] for kind in KINDS}
BEGINNING = local("2026-01-30 09:00")
HORIZON = 400 * 24 * 60
# The facts that tie one child, its case, home, placement, report and service, and start most clocks.
TYING = (
    *("ReportReceived", "ReportScreened", "InvestigationOpened", "CaseOpened", "ChildEnteredCustody", "ChildPlaced"),
    *("FpsReferralMade", "FpsFamilyAccepted"),
)
fast = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def told(wanted: Wanted, number: int, minutes: int, delay: int, random: Random) -> Fact:
    """A fact as its contract has it, with some of its values drawn at random."""
    at = BEGINNING + timedelta(minutes=minutes)
    event, asked = wanted.event, {test.field for test in wanted.must}
    data = payload(wanted, at)
    for name, held in (fields_of(event) or {}).items():
        if name in asked:
            continue
        if held.sort == "code" and not held.many and random.random() < 0.5:
            data[name] = random.choice(held.codes)
        elif held.sort == "true or false" and random.random() < 0.5:
            data[name] = random.random() < 0.5
    if event in CORRECTS:
        data["receivedAt"] = (BEGINNING + timedelta(minutes=random.randint(0, 600))).isoformat()
    return Fact(derived("property", number), event, at, at + timedelta(minutes=delay), data)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Fact, ...]:
    """Facts of one child, case, home and service that the rules read, over more than a year, some learned late."""
    random = Random(draw(st.integers(0, 2**32)))
    rules_told = [random.choice(OF_A_KIND[random.choice(KINDS)]) for _ in range(draw(st.integers(1, 6)))]
    wanted = [Wanted(event) for event in (*TYING, *random.choices(READ, k=draw(st.integers(0, 8))))]
    wanted += [each for rule in rules_told for each in _events_of(rule, random)]
    return tuple(
        told(each, number, _when(each.event, random), random.choice((0, 0, 90, 20_000)), random)
        for number, each in enumerate(wanted)
    )


def _events_of(rule: Rule, random: Random) -> Iterator[Wanted]:
    """Every event that a rule reads, saying what one of its filters asks."""
    asked = [
        parse(cell).items for cell in (rule.start_where, rule.satisfied_where, rule.stopped_where, rule.applies_where)
    ]
    for event in sorted(rule.events):
        if fields_of(event):
            tests = [item.tests for items in asked for item in items if item.event == event]
            yield Wanted(event, random.choice(tests) if tests else ())


def _when(event: str, random: Random) -> int:
    """In the first week what ties the family together, mostly; all else over more than a year."""
    return random.randint(0, 10_000 if event in TYING and random.random() < 0.8 else HORIZON)


moments = st.integers(0, HORIZON + 50_000).map(lambda minutes: BEGINNING + timedelta(minutes=minutes))


@cache
def _everything(facts: tuple[Fact, ...], as_of: datetime, known_at: datetime) -> tuple[ClockView, ...]:
    return judge(facts, RULES, CALENDAR, as_of, known_at)


def test_the_stories_reach_clocks_of_every_kind_in_every_state_that_no_order_makes() -> None:
    """So that the properties below say something."""
    seen: set[tuple[str, str]] = set()

    @settings(fast, max_examples=250, derandomize=True, database=None)
    @given(stories(), moments)
    def look(facts: tuple[Fact, ...], as_of: datetime) -> None:
        seen.update((view.kind, view.state) for view in _everything(facts, as_of, as_of))

    look()
    assert {kind for kind, _ in seen} == {rule.kind for rule in RULES}
    assert {state for _, state in seen} >= {"running", "met", "met-late", "missed", "cancelled", "unknown"}


@fast
@given(stories(), moments, moments, st.randoms(use_true_random=False))
def test_facts_in_any_order_and_any_number_of_times_give_the_same_clocks(
    facts: tuple[Fact, ...], as_of: datetime, known_at: datetime, random: Any
) -> None:
    """All kinds of rules, one family."""
    shuffled = [*facts, *random.sample(facts, k=len(facts) // 2)]
    random.shuffle(shuffled)
    assert judge(shuffled, RULES, CALENDAR, as_of, known_at) == _everything(facts, as_of, known_at)


@fast
@given(stories(), moments)
def test_what_is_known_in_the_end_decides_however_late_it_was_learned(facts: tuple[Fact, ...], as_of: datetime) -> None:
    """Delay and batching change when a fact is learned, and nothing else; gates answer on what was known then."""
    known_at = max(as_of, *(fact.recorded_at for fact in facts)) + timedelta(days=1)
    batched = [Fact(each.id, each.type, each.occurred_at, known_at, each.data) for each in facts if not _corrects(each)]
    corrections = [fact for fact in facts if _corrects(fact)]
    first = _clocks(judge((*batched, *corrections), RULES, CALENDAR, as_of, known_at))
    assert first == _clocks(_everything(facts, as_of, known_at))


def _corrects(fact: Fact) -> bool:
    return fact.type in CORRECTS


def _clocks(views: Iterable[ClockView]) -> dict[UUID, tuple[Any, ...]]:
    """How the clocks stand; the clock of a list is named after the fact that was learned first."""
    return {
        derived(view.rule_id, view.subject_id, view.per_thing, view.started_at, view.period): (
            view.state, view.due_at, view.met_at, view.missed_at, view.done,
        )
        for view in views
        if view.kind != "gate"
    }  # fmt: skip


def loaded(facts: Sequence[Fact], scope: Scope) -> list[Fact]:
    """What the service loads to judge one subject: facts of the kinds read there that name it or what it is tied to."""
    types = JUDGED.events.get(scope.kind, frozenset()) | TELL_THE_PLACE
    if scope == AGENCY:
        return [fact for fact in facts if fact.type in types]
    names = members(scope, World(tuple(facts)).neighbours)
    return [
        fact
        for fact in facts
        if fact.type in types and (fact.type == FOR_EVERYBODY or not names.isdisjoint(mentions(fact.data)))
    ]


@fast
@given(stories(), moments)
def test_judging_each_subject_by_itself_is_judging_all_at_once(facts: tuple[Fact, ...], as_of: datetime) -> None:
    """World and scopes: with all facts, and with those alone that the service loads for the subject."""
    at_once = _shown(_everything(facts, as_of, as_of))
    for given_to in (lambda _: facts, lambda scope: loaded(facts, scope)):
        alone: list[ClockView] = []
        for scope in World(tuple(fact for fact in facts if fact.recorded_at <= as_of)).scopes:
            alone += judge_one(scope, given_to(scope), JUDGED, CALENDAR, as_of, as_of)
        assert _shown(alone) == at_once


def _shown(views: Iterable[ClockView]) -> dict[UUID, tuple[Any, ...]]:
    return {
        view.clock_id: (view.rule_id, view.state, view.due_at, view.met_at, view.missed_at, view.done, view.per_thing)
        for view in views
        if view.state != "pending"
    }


@fast
@given(stories(), moments, st.floats(0, 1))
def test_no_clock_changes_before_the_next_instant_that_is_named(
    facts: tuple[Fact, ...], as_of: datetime, part: float
) -> None:
    """On the same knowledge, a look at any instant strictly before the least `next_at` finds the same states."""
    for scope in World(facts).scopes:
        now = judge_one(scope, facts, JUDGED, CALENDAR, as_of, as_of)
        named = [view.next_at for view in now if view.next_at]
        assert all(at > as_of for at in named)
        coming = upcoming(facts, as_of, as_of)
        until = min([*named, *([coming] if coming else []), as_of + timedelta(days=300)])
        at = max(as_of, as_of + (until - as_of) * part - timedelta(microseconds=1))
        assert _shown(judge_one(scope, facts, JUDGED, CALENDAR, at, as_of)) == _shown(now)


def everything_told(scope: Scope, facts: Sequence[Fact], looks: Iterable[datetime]) -> list[Any]:
    """All that a series of looks at one subject records."""
    place, recorded = Place(scope.key), list[Any]()
    for as_of in looks:
        command = Judge(scope, tuple(facts), JUDGED, CALENDAR, as_of, place)
        recorded += DECIDER.decide(command, DECIDER.fold(recorded))
    return recorded


def verdicts(standings: Standings) -> dict[UUID, tuple[str, datetime | None]]:
    """What stands in the end; what was only ever provisional may have been seen or not."""
    return {id: (each.state, each.last.due_at) for id, each in standings.items() if each.state != "cancelled"}


@pytest.mark.parametrize("kind", ["child", "case", "service", "home"])
def test_however_often_one_looked_the_same_standings_stand_in_the_end(kind: str) -> None:
    """Children, cases, services and homes, as test_clocks shows for reports."""

    @fast
    @given(stories(), st.lists(moments, max_size=3), st.lists(moments, max_size=3))
    def looks(facts: tuple[Fact, ...], some: list[datetime], other: list[datetime]) -> None:
        last = max(fact.recorded_at for fact in facts) + timedelta(days=200)
        for scope in (scope for scope in World(facts).scopes if scope.kind == kind):
            own = [fact for fact in facts if concerns(scope, _members(facts, scope), fact.type, mentions(fact.data))]
            first, second = (everything_told(scope, own, [*sorted(times), last]) for times in (some, other))
            assert verdicts(DECIDER.fold(first)) == verdicts(DECIDER.fold(second))
            assert everything_told(scope, [*reversed(own), *own], [*sorted(some), last]) == first

    looks()


def _members(facts: tuple[Fact, ...], scope: Scope) -> frozenset[str]:
    return members(scope, World(facts).neighbours)


@fast
@given(stories(), st.lists(moments, min_size=1, max_size=4))
def test_no_rung_is_told_twice_and_a_replay_of_the_log_tells_nothing_new(
    facts: tuple[Fact, ...], times: list[datetime]
) -> None:
    """Replaying the conclusions gives the same alerts: the fold of the log is all that a later look needs."""
    scope = next(scope for scope in World(facts).scopes if scope.kind == "child")
    recorded = everything_told(scope, facts, sorted(times))
    again = Judge(scope, facts, JUDGED, CALENDAR, max(times), Place(scope.key))
    replayed: Standings = {}
    for event in recorded:
        replayed = DECIDER.evolve(replayed, event)
    assert replayed == DECIDER.fold(recorded)
    assert DECIDER.decide(again, replayed) == []
    warned = [(each.clock_id, each.due_at, each.warn_at) for each in recorded if isinstance(each, ClockWarned)]
    raised = [(each.clock_id, each.due_at, each.escalated_at) for each in recorded if isinstance(each, ClockEscalated)]
    assert len({*warned}) == len(warned)
    assert len({*raised}) == len(raised)


def test_missed_as_known_on_the_third_and_met_on_what_was_entered_on_the_ninth() -> None:
    """school-enrolment.settlement, R-DDL-001: three business days; enrolled on 1 May, entered on the 9th."""
    child, case = {"childId": str(derived("property", "c"))}, {"caseId": str(derived("property", "k"))}

    def fact(event: str, at: str, learned: str = "", **data: object) -> Fact:
        return Fact(derived("property", event), event, local(at), local(learned or at), data)

    facts = (
        fact("CaseOpened", "2026-04-27 09:00", **case, childIds=[child["childId"]]),
        fact("ChildEnteredCustody", "2026-04-27 09:00", **child, **case, age=9),
        fact("ChildPlaced", "2026-04-27 10:00", **child, placementId="p", homeOrFacilityId="h", firstOfEpisode=True),
        fact("SchoolEnrolled", "2026-04-30 10:00", "2026-05-09 08:00", **child, accredited=True, attending=True),
    )  # fmt: skip

    def stands(as_of: str, known_at: str) -> str:
        views = judge(facts, RULES, CALENDAR, local(as_of), local(known_at))
        [view] = [view for view in views if view.rule_id == "school-enrolment.settlement"]
        return view.state

    assert stands("2026-05-03 12:00", "2026-05-03 12:00") == "missed"
    assert stands("2026-05-03 12:00", "2026-05-09 08:00") == "met"
    assert stands("2026-05-09 12:00", "2026-05-09 07:59") == "missed"
    assert stands("2026-04-30 09:59", "2026-05-09 08:00") == "running"
