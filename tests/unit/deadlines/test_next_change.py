"""Every clock names the next instant at which it changes: until then every look finds the same, whatever the kind."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deadlines.facts import Facts, known, upcoming
from deadlines.judge import Judged, judge_one
from deadlines.rule import Rule
from deadlines.subjects import World
from deadlines.testing import CALENDAR, Story, local, rule_named
from deadlines.view import ClockView

FILES = sorted((Path(__file__).parent / "expectations").glob("*.toml"))
AN_INSTANT, FAR_AHEAD = timedelta(microseconds=1), timedelta(days=900)


def stories(file: Path) -> Iterator[tuple[str, Facts, Rule, datetime]]:
    for each in tomllib.loads(file.read_text("utf-8"))["expect"]:
        story = Story()
        for told in each.get("given", []):
            story = story.said(**told)
        rule = rule_named(each["row"])
        readings = rule.readings.model_copy(update=each.get("settings", {}))
        as_of = local(each.get("as_of") or each["attempt"]["at"])
        yield f"{each['row']}: {each['shows']}", story.facts, rule.model_copy(update={"readings": readings}), as_of


def looked(facts: Facts, rule: Rule, as_of: datetime, known_at: datetime) -> dict[Any, tuple[ClockView, ...]]:
    """The clocks of every subject, with those that have not begun."""
    scopes, judged = World(tuple(known(facts, known_at))).scopes, Judged.of([rule])
    return {scope: judge_one(scope, facts, judged, CALENDAR, as_of, known_at) for scope in scopes}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_changes_before_the_instant_that_is_named(file: Path) -> None:
    """All rows that the expectations tell of, looked at when they are asked and when each fact became known."""
    for name, facts, rule, asked in stories(file):
        for as_of in {asked, *(fact.recorded_at for fact in facts[:2])}:
            now = looked(facts, rule, as_of, as_of)
            named = [view.next_at for views in now.values() for view in views if view.next_at]
            assert all(at > as_of for at in named), name
            coming = upcoming(facts, as_of, as_of)
            until = min([*named, *([coming] if coming else []), as_of + FAR_AHEAD])
            for at in (as_of + (until - as_of) / 2, until - AN_INSTANT):
                assert looked(facts, rule, at, as_of) == now, (name, as_of, at)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_running_clock_is_missed_from_the_instant_it_names_if_nothing_happens(file: Path) -> None:
    """A due time lapses exactly with the last instant before `next_at` at the latest: it is never overslept."""
    for name, facts, rule, asked in stories(file):
        if any(fact.occurred_at > asked for fact in facts):
            continue
        for views in looked(facts, rule, asked, asked).values():
            for view in views:
                if view.state == "running" and view.due_at is not None:
                    assert view.next_at is not None, name
                    assert view.next_at <= view.due_at + timedelta(seconds=1), name
