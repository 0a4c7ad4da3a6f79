"""CSV that spreadsheets show as it is, and never run."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest

from deadlines.csv_text import cell, head, lines


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://a")'])
def test_a_text_that_begins_like_a_formula_stays_a_text(text: str) -> None:
    [[read]] = csv.reader(StringIO(lines([{"a": text}], ["a"]), newline=""))
    assert read == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (-3, "-3"),
        (0.5, "0.5"),
        ("a - b", "a - b"),
        (datetime(2026, 4, 6, 15, tzinfo=UTC), "2026-04-06T15:00:00Z"),
    ],
)
def test_a_value_is_written_so_that_programs_read_it(value: object, written: str) -> None:
    assert cell(value) == written


def test_rows_have_the_columns_of_the_head_in_its_order() -> None:
    text = head(["b", "a"]) + lines([{"a": 'x, "y"', "b": 1}], ["b", "a"])
    assert text == 'b,a\r\n1,"x, ""y"""\r\n'
