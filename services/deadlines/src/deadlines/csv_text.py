"""Rows as CSV text that no spreadsheet takes for a formula."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import StringIO

# What a spreadsheet takes for the beginning of a formula: such a text gets an apostrophe, and stays a text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    """One value: nothing is empty, an instant is ISO 8601 in UTC, a text is never a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Rows as lines that end with CR LF, as RFC 4180 has it."""
    text = StringIO(newline="")
    csv.writer(text).writerows([cell(row[column]) for column in columns] for row in rows)
    return text.getvalue()


def head(columns: Sequence[str]) -> str:
    """The first line."""
    return lines([dict(zip(columns, columns, strict=True))], columns)
