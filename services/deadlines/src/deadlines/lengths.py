"""Lengths of time as the packs write them: `24 hours`, `20 calendar-days`, `1 month`."""

import re
from dataclasses import dataclass
from functools import cache

UNITS = ("hours", "days", "calendar-days", "business-days", "weeks", "months", "years")
LENGTH = re.compile(r"(\d+) ([a-z-]+)")


class UnreadableLength(ValueError):
    """A length without a number, or with a unit that does not exist."""


@dataclass(frozen=True, slots=True)
class Length:
    """An amount of one unit; `days` without a word before it leaves the type of day to a setting."""

    amount: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Length":
        """What a text says, read once. Raises UnreadableLength."""
        return _read(text)

    def times(self, number: int) -> "Length":
        return Length(self.amount * number, self.unit)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"


@cache
def _read(text: str) -> Length:
    match = LENGTH.fullmatch(text)
    unit = match.group(2) if match else ""
    plural = unit if unit.endswith("s") else f"{unit}s"
    if match is None or plural not in UNITS or int(match.group(1)) == 0:
        raise UnreadableLength(f"not a length of time: {text}")
    return Length(int(match.group(1)), plural)
