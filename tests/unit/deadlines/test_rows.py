"""The packs say what the table of time limits says, row by row and field by field, and nothing else."""

import csv
from pathlib import Path

import pytest

from deadlines.packs import load_packs
from deadlines.rule import Rule

TABLE = Path(__file__).parents[3] / "docs" / "domain" / "timelines.csv"
ROWS = {row["id"]: row for row in csv.DictReader(TABLE.read_text("utf-8").splitlines())}
RULES = {rule.id: rule for pack in load_packs() for rule in pack.rules}
SAME_WORDS = (
    *("obligation", "title", "area", "pack", "subject", "per", "kind", "enforce", "applies_if", "applies_where"),
    *("starts_on", "start_where", "satisfied_by", "satisfied_where", "stopped_by", "stopped_where"),
    *("every", "count", "window", "responsible", "note"),
)
# A screened-out report has no investigation, so the pack stops this clock; the row names no stop (003:1903).
STOPS_OF_OUR_OWN = {
    "risk-assessment.policy-2009": {
        "stopped_by": "ReportScreened",
        "stopped_where": "ReportScreened(decision=screened-out)",
    },
}
# Rows whose line is open on an act before the start: before or after the discharge (003:3109), the birthday (003:5143,
# 003:6830) or the end of services (003:4319).
COUNTS_BEFORE = {"satisfied_before_start": "counts"}
SETTINGS_OF_OUR_OWN: dict[str, dict[str, str]] = {
    "aftercare-at-discharge.practice-model": COUNTS_BEFORE,
    "il-plan.policy-2009": COUNTS_BEFORE,
    "il-plan.practice-model": COUNTS_BEFORE,
    "transitional-plan.policy-2009": COUNTS_BEFORE,
    "final-plan-after-services.policy-2009": COUNTS_BEFORE,
}
every_row = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)


def test_every_row_has_a_rule_and_every_rule_a_row() -> None:
    assert set(RULES) == set(ROWS)
    assert len(ROWS) == 490


@every_row
def test_a_rule_says_the_words_of_its_row(row: dict[str, str]) -> None:
    rule = RULES[row["id"]]
    wanted = {word: row[word] for word in SAME_WORDS} | STOPS_OF_OUR_OWN.get(rule.id, {})
    assert {word: getattr(rule, word) for word in SAME_WORDS} == wanted
    assert rule.in_force == row["effective"]
    assert rule.sources == tuple(row["sources"].split())
    assert rule.conflicts_with == tuple(row["conflicts_with"].split())
    assert rule.notify == tuple(part for part in row["notify"].split("; ") if part)
    assert rule.settings == SETTINGS_OF_OUR_OWN.get(rule.id, {})


@every_row
def test_a_rule_has_the_limit_of_its_row(row: dict[str, str]) -> None:
    assert _limit_of(RULES[row["id"]]) == _limit_told(row)


def _limit_of(rule: Rule) -> dict[str, str]:
    gate = rule.gate
    told = {"due": rule.due, "when": rule.when, "runs": rule.runs}
    held = {"before": gate.before, "where": gate.where, "mode": gate.mode, "threshold": gate.threshold} if gate else {}
    return {name: text for name, text in (told | held).items() if text}


def _limit_told(row: dict[str, str]) -> dict[str, str]:
    """What amount, unit, `at` and the columns of gates say, under the names that the packs use."""
    amount, at = f"{row['amount']} {row['unit']}".strip(), row["at"]
    match row["kind"]:
        case "quota":
            told = {"runs": amount, "when": at}
        case "gate":
            before = at.replace("before ", "").replace(",", "")
            told = {"before": before, "where": row["gate_where"], "mode": row["gate_mode"], "threshold": amount}
        case _:
            told = _due_told(amount, at)
    return {name: text for name, text in told.items() if text}


def _due_told(amount: str, at: str) -> dict[str, str]:
    if at in ("immediately", "same day") or at.startswith(("same day as ", "date in ")):
        return {"due": at}
    if at == "end of the calendar month":
        return {"due": f"{amount}, to the {at}"}
    if at.startswith("before date in "):
        return {"due": f"{amount} {at}"}
    return {"due": amount, "when": at}
