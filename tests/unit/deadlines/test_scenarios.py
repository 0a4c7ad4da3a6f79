"""Every rule that is more than advice is played through: not started, running, in time, too late, stopped, not owed."""

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.unit.deadlines.scenarios import Scenario, enforced, of_two_things, plot, running, scenarios

from deadlines.packs import load_packs
from deadlines.rule import Rule
from events.catalogue import public_events

TABLE = Path(__file__).parents[3] / "docs" / "domain" / "timelines.csv"
RULES = {rule.id: rule for rule in enforced()}
CONTRACTS = {event.__name__: event for event in public_events()}
each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
# What each rule must have, as far as its kind has it.
WITH_A_DUE_TIME = {"not started", "running", "met just in time", "missed by a minute"}
NEEDED = {
    "once": WITH_A_DUE_TIME | {"met late"},
    "age": WITH_A_DUE_TIME | {"met late"},
    "lead": WITH_A_DUE_TIME | {"met late"},
    "recurring": WITH_A_DUE_TIME | {"met late"},
    "quota": WITH_A_DUE_TIME,
    "cap": {"not started", "running"},
    "monitor": {"not started"},
    "gate": {"passed", "nothing has opened it"},
}
WITHOUT_A_DUE_TIME = {"not started", "running", "met, without a due time"}
# `FpsFamilyAccepted()` asks only that there was such a fact: a case is in family preservation, or nothing is known of it.
NEVER_FALSE = {"fps-documentation.fps-proposed-2006"}


@cache
def played(rule_id: str) -> tuple[Scenario, ...]:
    return scenarios(RULES[rule_id])


def everything_played() -> Iterator[Scenario]:
    return (scenario for rule_id in RULES for scenario in played(rule_id))


@each_rule
def test_a_clock_stands_as_its_rule_says(rule: Rule) -> None:
    for scenario in played(rule.id):
        if scenario.attempt is None:
            shown = {view.state for view in scenario.views}
            assert shown == ({scenario.state} if scenario.state else set()), str(scenario)
            assert any(view.over for view in scenario.views) == scenario.over, str(scenario)


@each_rule
def test_a_gate_answers_as_its_rule_says(rule: Rule) -> None:
    for scenario in played(rule.id):
        if scenario.attempt is not None:
            assert scenario.verdict == scenario.answer, str(scenario)


def test_the_clock_of_a_gate_remembers_what_was_answered() -> None:
    """An attempt that happened all the same is a fact: passed is met, refused or excepted is missed or not known."""
    remembered = {"yes": {"met", "not-applicable"}, "no": {"missed"}, "exception": {"missed", "unknown"}}
    for scenario in everything_played():
        if scenario.attempt is not None:
            assert {view.state for view in scenario.after.views} <= remembered[scenario.answer], str(scenario)


def test_the_due_time_is_the_last_in_time() -> None:
    """Met at the due time is met at that time; a minute later it is missed, or met late, against the same due time."""
    for rule_id in RULES:
        told = {scenario.name: scenario.views for scenario in played(rule_id)}
        for view in told.get("met just in time", ()):
            assert (view.met_at, view.missed_at) == (view.due_at, None), rule_id
        due = {view.due_at for view in told.get("met just in time", ())}
        for view in (*told.get("missed by a minute", ()), *told.get("met late", ())):
            assert {view.due_at} == {view.missed_at} == due, rule_id


def test_of_two_things_each_owes_for_itself() -> None:
    told = [scenario for rule in RULES.values() if (scenario := of_two_things(rule))]
    assert len(told) >= 10
    for scenario in told:
        assert sorted(view.state for view in scenario.views) == ["met", "missed"], str(scenario)


def test_every_fact_of_a_scenario_is_one_that_a_service_could_announce() -> None:
    told = ((*scenario.facts, scenario.attempt) for scenario in everything_played())
    payloads = {(fact.type, json.dumps(fact.data)) for facts in told for fact in facts if fact}
    for name, payload in payloads:
        CONTRACTS[name].from_json(payload)


@each_rule
def test_every_rule_has_the_scenarios_of_its_kind(rule: Rule) -> None:
    names = {scenario.name for scenario in played(rule.id)}
    milestone = rule.kind == "once" and not rule.due
    assert "running" not in names or running(plot(rule)).views
    assert names >= (WITHOUT_A_DUE_TIME if milestone else NEEDED[rule.kind])
    if rule.kind in ("cap", "monitor"):
        assert names & {"missed by a minute", "tripped", "one too many", "one fact trips", "counted to the end"}
    if rule.kind == "gate" and rule.acts != set(rule.blocked):
        assert "refused" in names
    if rule.stopped_by and not rule.window and rule.kind != "gate":
        assert any(name.startswith("stopped") for name in names)
    if rule.applies_where and rule.id not in NEVER_FALSE:
        assert "condition false" in names


def test_every_row_of_the_table_is_a_rule_and_every_enforced_one_is_played() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row["enforce"] for row in csv.DictReader(file, strict=True)}
    known = {rule.id for pack in load_packs() for rule in pack.rules}
    assert rows.keys() - known == set()
    assert {id for id, enforce in rows.items() if enforce != "advisory"} - RULES.keys() == set()
    assert [id for id in RULES if not played(id)] == []
    assert sum(len(played(id)) for id in RULES) > 2000
