"""Absurd facts: either they are judged, or they are refused by name; nothing else ever comes out of the engine."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadlines.facts import Fact, Facts
from deadlines.judge import judge
from deadlines.malformed import DATES, MalformedFact, date_in, refuse_malformed, what_is_malformed
from deadlines.rule import Rule
from deadlines.testing import CALENDAR, Story, local, rule_named, rules

AS_OF = local("2026-06-01 12:00")
BEGINNING, END = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
instants = st.sampled_from(
    [BEGINNING, END, local("1899-12-31 12:00"), local("1900-02-28 12:00"), local("2199-06-01 12:00")]
)
values: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        "",
        0,
        -5,
        True,
        1.5,
        "x",
        [],
        ["a"],
        [{}],
        {"a": 1},
        [None],
        [[1]],
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
    ]
)


@cache
def stories() -> list[tuple[Rule, Facts]]:
    """Every story that is worked out on paper, with its rule."""
    found = []
    for file in sorted((Path(__file__).parent / "expectations").glob("*.toml")):
        for each in tomllib.loads(file.read_text("utf-8"))["expect"]:
            story = Story()
            for told in each.get("given", []):
                story = story.said(**told)
            if story.facts:
                found.append((rule_named(each["row"]), story.facts))
    return found


@st.composite
def absurd_stories(draw: st.DrawFn) -> tuple[Rule, list[Fact]]:
    """A story of which one fact happened at an absurd time, or says absurd things."""
    rule, facts = draw(st.sampled_from(stories()))
    told = list(facts)
    number = draw(st.integers(0, len(told) - 1))
    if draw(st.booleans()):
        told[number] = replace(told[number], occurred_at=draw(instants))
    else:
        data: dict[str, Any] = {name: draw(values) for name in told[number].data}
        told[number] = replace(told[number], data=data)
    return rule, told


def refusal(rule: Rule, facts: list[Fact]) -> MalformedFact | None:
    try:
        judge(facts, [rule], CALENDAR, AS_OF)
    except MalformedFact as refused:
        return refused
    return None


@given(absurd_stories())
def test_an_absurd_fact_is_judged_or_refused_by_name(absurd: tuple[Rule, list[Fact]]) -> None:
    rule, facts = absurd
    refused = refusal(rule, facts)
    if refused is not None:
        [named] = [fact for fact in facts if fact.id == refused.fact_id]
        assert what_is_malformed(named) == refused.why


@pytest.mark.parametrize(
    ("at", "data", "why"),
    [
        ("2026-03-01 10:00", {"childId": ["amber"]}, "childId is no id: ['amber']"),
        ("2026-03-01 10:00", {"plannedDate": "soon"}, "plannedDate is no date between 1900 and 2199: soon"),
        ("2026-03-01 10:00", {"plannedDate": "9999-12-31"}, "plannedDate is no date between 1900 and 2199: 9999-12-31"),
        ("1899-12-30 10:00", {}, "it happened in the year 1899"),
        ("2026-03-01 10:00", {"plannedDate": "2026-12-15", "childId": "amber"}, ""),
    ],
)
def test_what_is_wrong_with_a_fact_is_said(at: str, data: dict[str, Any], why: str) -> None:
    [fact] = Story().said("DischargePlanned", at, **data).facts
    assert what_is_malformed(fact) == why


def test_the_refusal_names_the_fact() -> None:
    good = Story().said("DischargePlanned", "2026-03-01 10:00", childId="amber", plannedDate="2026-12-15")
    both = good.said("DischargePlanned", "2026-03-02 10:00", childId="amber", plannedDate="never").facts
    with pytest.raises(MalformedFact, match="never") as refused:
        refuse_malformed(both)
    assert refused.value.fact_id == both[1].id
    assert date_in(both[0], "plannedDate") == date(2026, 12, 15)
    with pytest.raises(MalformedFact):
        date_in(both[0], "endsOn")


def test_every_date_that_a_rule_counts_from_is_checked_when_a_fact_arrives() -> None:
    counted_from = {rule.limit.field for rule in rules() if rule.due and rule.limit.anchor == "date"}
    assert counted_from | {"endsOn"} == set(DATES)
