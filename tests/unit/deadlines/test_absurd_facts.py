"""Whatever a fact says, the engine answers or refuses that fact by name: nothing else may come out of it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.deadlines.scenarios import enforced, plot

from deadlines.facts import Fact
from deadlines.gates import ATTEMPT, gates
from deadlines.judge import judge
from deadlines.malformed import MalformedFact, what_is_malformed
from deadlines.rule import Rule
from deadlines.testing import CALENDAR
from deadlines.vocabulary import fields_of
from events.ids import derived

RULES = {rule.id: rule for rule in enforced()}
STORIES: Mapping[str, tuple[Fact, ...]] = {
    id: plot(rule).story(*plot(rule).dated(), *(plot(rule).acts(plot(rule).begins + timedelta(hours=1))))
    for id, rule in RULES.items()
}
ATTEMPTED = Fact(ATTEMPT, "", CALENDAR.begins(date(2026, 1, 1)), CALENDAR.begins(date(2026, 1, 1)), {})
FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
INSTANTS = st.one_of(
    st.sampled_from([FIRST, LAST, datetime(9999, 12, 31, tzinfo=UTC), datetime(1899, 12, 31, tzinfo=UTC)]),
    st.datetimes(timezones=st.just(UTC)),
)
# The question itself is asked by a clock, which does not run in the year 9999; facts may say that they happened then.
ASKED = st.datetimes(datetime(1970, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ABSURD = st.one_of(
    st.sampled_from(
        ["", " ", "9999-12-31", "0001-01-01", "2026-02-30", "no date", "NaN", "Infinity", "-0", "1e999", "true", "\x00"]
    ),
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=8),
    st.dates().map(date.isoformat),
    st.lists(
        st.one_of(st.none(), st.text(max_size=3), st.integers(), st.dictionaries(st.text(max_size=3), st.integers()))
    ),
    st.dictionaries(st.sampled_from(["age", "childId", "x"]), st.one_of(st.none(), st.integers(), st.text(max_size=3))),
    st.lists(st.lists(st.integers(), max_size=2), max_size=2),
)


@st.composite
def absurd(draw: st.DrawFn) -> tuple[Rule, list[Fact], datetime]:
    """A rule's own story, with some of its facts at absurd times or saying absurd things, and the instant asked for."""
    rule = RULES[draw(st.sampled_from(sorted(RULES)))]
    told = []
    for fact in STORIES[rule.id]:
        at = draw(INSTANTS) if draw(st.booleans()) else fact.occurred_at
        learned = draw(INSTANTS) if draw(st.integers(0, 3)) == 0 else max(at, fact.recorded_at)
        told.append(Fact(fact.id, fact.type, at, learned, _data(draw, fact)))
    asked = draw(st.one_of(ASKED, st.just(datetime(2026, 6, 1, tzinfo=UTC))))
    return rule, told, asked


def _data(draw: st.DrawFn, fact: Fact) -> dict[str, object]:
    data = dict(fact.data)
    for name in fields_of(fact.type) or ():
        match draw(st.integers(0, 5)):
            case 0:
                data[name] = draw(ABSURD)
            case 1:
                data.pop(name, None)
    return data


def answer_of(ask: Callable[[], set[str]]) -> set[str] | MalformedFact:
    """What comes out, or the refusal of a fact; anything else is a fault of the engine."""
    try:
        return ask()
    except MalformedFact as refused:
        return refused


def refuses_one_of(answer: object, facts: Iterable[Fact]) -> bool:
    """A refusal says of one of these facts what is wrong with it."""
    told = {fact.id: fact for fact in facts}
    return (
        isinstance(answer, MalformedFact)
        and answer.fact_id in told
        and bool(answer.why)
        and what_is_malformed(told[answer.fact_id]) == answer.why
    )


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(absurd())
def test_judging_absurd_facts_refuses_a_fact_or_answers(told: tuple[Rule, list[Fact], datetime]) -> None:
    rule, facts, as_of = told
    answer = answer_of(lambda: {view.rule_id for view in judge(facts, [rule], CALENDAR, as_of)})
    assert refuses_one_of(answer, facts) or (isinstance(answer, set) and answer <= {rule.id})


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(absurd(), st.data())
def test_asking_a_gate_about_absurd_facts_refuses_a_fact_or_answers(
    told: tuple[Rule, list[Fact], datetime], data: st.DataObject
) -> None:
    _, facts, at = told
    rule = RULES[data.draw(st.sampled_from(sorted(id for id, rule in RULES.items() if rule.kind == "gate")))]
    attempt = {name: data.draw(ABSURD) for name in fields_of(rule.blocked[0]) or ()}
    known = [*STORIES[rule.id], *facts]
    answer = answer_of(lambda: {told.answer for told in gates(known, [rule], rule.blocked[0], attempt, at, CALENDAR)})
    assert refuses_one_of(answer, [*known, ATTEMPTED]) or (
        isinstance(answer, set) and answer <= {"yes", "no", "exception"}
    )


def test_a_fact_in_the_last_year_of_the_calendar_is_refused_by_its_name() -> None:
    """Year 9999 and a limit of months: the arithmetic would leave the calendar."""
    fact = Fact(derived("absurd"), "ChildEnteredCustody", LAST, LAST, {"childId": "amber", "caseId": "case", "age": 7})
    with pytest.raises(MalformedFact) as refused:
        judge([fact], [RULES["periodic-review.federal"]], CALENDAR, LAST)
    assert refused.value.fact_id == fact.id
