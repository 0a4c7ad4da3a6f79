"""What the clocks must show, worked out on paper from the source lines before the engine was asked."""

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from deadlines.facts import Fact
from deadlines.gates import gates
from deadlines.judge import judge
from deadlines.testing import CALENDAR, local, rule_named
from deadlines.view import ClockView
from events.ids import derived

FOLDER = Path(__file__).parent / "expectations"
# What no gate guards may be done.
NOT_GUARDED: dict[str, list[str] | None] = {"yes": [], "no": None, "exception": None}
OF_THE_FACT = {"event", "at", "learned", "occurred"}


@cache
def expectations() -> list[Any]:
    """Every expectation, named by its file, its row and what it shows."""
    return [
        pytest.param(each, id=f"{file.stem}: {each['row']}: {each['shows']}")
        for file in sorted(FOLDER.glob("*.toml"))
        for each in tomllib.loads(file.read_text("utf-8"))["expect"]
    ]


@pytest.mark.parametrize("expected", expectations())
def test_the_clocks_show_what_was_worked_out_on_paper(expected: dict[str, Any]) -> None:
    rule = rule_named(expected["row"], expected.get("settings"))
    facts = [_fact(number, told) for number, told in enumerate(expected.get("given", []))]
    if "answer" in expected:
        told = expected["attempt"]
        learned = local(told.get("learned", told["at"]))
        verdicts = gates(facts, [rule], told["event"], _data(told), local(told["at"]), CALENDAR, learned)
        missing = [text for verdict in verdicts for text in verdict.missing]
        assert [verdict.answer for verdict in verdicts] in ([expected["answer"]], NOT_GUARDED[expected["answer"]]), (
            missing
        )
        for word in expected.get("missing", []):
            assert any(word in text for text in missing), (word, missing)
    if "clocks" in expected:
        known = local(expected["known_at"]) if "known_at" in expected else None
        views = judge(facts, [rule], CALENDAR, local(expected["as_of"]), known)
        shown = sorted(
            views, key=lambda view: (view.started_at, view.period or 0, view.subject_id, view.per_thing or "")
        )
        assert len(shown) == len(expected["clocks"]), ([_shown(view) for view in shown], expected["paper"])
        wanted = [{key: _instant(key, value) for key, value in each.items()} for each in expected["clocks"]]
        assert [{key: _shown(view)[key] for key in each} for view, each in zip(shown, wanted, strict=True)] == wanted


def _fact(number: int, told: dict[str, Any]) -> Fact:
    at = local(told["at"])
    return Fact(derived("paper", number), told["event"], at, local(told.get("learned", told["at"])), _data(told))


def _data(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in OF_THE_FACT}


def _shown(view: ClockView) -> dict[str, Any]:
    """A view in the words of the expectations: instants in local time."""
    return {
        "subject": view.subject_id,
        "thing": view.per_thing,
        "period": view.period,
        "state": view.state,
        "due": _local(view.due_at),
        "met": _local(view.met_at),
        "missed": _local(view.missed_at),
        "done": view.done,
        "over": view.over,
        "reasons": list(view.reasons),
    }


def _local(at: datetime | None) -> str | None:
    return f"{CALENDAR.local(at):%Y-%m-%d %H:%M:%S}" if at else None


def _instant(key: str, value: Any) -> Any:
    """A time on paper, to the second."""
    return _local(local(value)) if key in ("due", "met", "missed") else value
