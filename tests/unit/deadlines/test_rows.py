"""The packs hold every clock, gate and quota row of intake and investigation, word for word."""

import csv
from pathlib import Path

import pytest

from deadlines.testing import rules

ROWS = list(csv.DictReader((Path(__file__).parent / "rows.csv").read_text("utf-8").splitlines()))
SAME_WORDS = (
    "id", "obligation", "title", "area", "pack", "subject", "per", "kind", "starts_on", "start_where", "applies_where",
    "applies_if", "satisfied_by", "satisfied_where", "responsible", "note",
)  # fmt: skip
# A screened-out report has no investigation: the pack stops this clock, which the row forgets.
STOPS_OF_OUR_OWN = {"risk-assessment.policy-2009": ("ReportScreened", "ReportScreened(decision=screened-out)")}


def test_the_copy_holds_all_rows_of_both_packs() -> None:
    areas = [row["area"] for row in ROWS]
    assert (areas.count("intake"), areas.count("investigation"), len(areas)) == (6, 21, 32)


def test_no_rule_is_without_a_row() -> None:
    assert {rule.id for rule in rules()} == {row["id"] for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_row_has_a_rule_that_says_the_same(row: dict[str, str]) -> None:
    rule = next(rule for rule in rules() if rule.id == row["id"])
    assert {word: getattr(rule, word) for word in SAME_WORDS} == {word: row[word] for word in SAME_WORDS}
    assert rule.sources == tuple(row["sources"].split())
    assert rule.in_force == row["effective"]
    assert rule.conflicts_with == tuple(row["conflicts_with"].split())
    assert rule.notify == tuple(row["notify"].split("; ") if row["notify"] else ())
    assert (rule.stopped_by, rule.stopped_where) == STOPS_OF_OUR_OWN.get(
        rule.id, (row["stopped_by"], row["stopped_where"])
    )
    assert str(rule.count) == (row["count"] or "1")


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_row_has_the_limit_of_its_kind(row: dict[str, str]) -> None:
    rule = next(rule for rule in rules() if rule.id == row["id"])
    amount = f"{row['amount']} {row['unit']}".strip()
    match rule.kind:
        case "once":
            assert rule.due == (row["at"] or amount)
        case "quota":
            assert (rule.runs, rule.every) == (amount, row["every"])
        case "gate":
            assert rule.gate is not None
            assert f"before {rule.gate.before}" == row["at"]
            assert (rule.gate.where, rule.gate.mode) == (row["gate_where"], row["gate_mode"])
