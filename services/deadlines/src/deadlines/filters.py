"""The filter language of the packs, `Event(field=value, field2!=value) and Event(field<=3)`: read, never executed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Literal

from deadlines.facts import Fact

FILTER = re.compile(r"(\w+)\(([^()]*)\)")
TEST = re.compile(r"(\w+)(!=|<=|>=|=|<|>)([\w.-]+(?:/[\w.-]+)*)")
JOINTS: tuple[Literal["or", "and"], ...] = ("or", "and")
ORDERINGS = ("<", "<=", ">", ">=")


class UnreadableFilter(ValueError):
    """A filter cell that does not follow the language."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a payload field; an absent field never passes."""

    field: str
    operator: str
    values: tuple[str, ...]

    def passes(self, data: Mapping[str, object]) -> bool:
        value = data.get(self.field)
        if value is None:
            return False
        items = list(value) if isinstance(value, list | tuple) else [value]
        combine = any if self.operator == "=" else all
        return combine(self._holds(item) for item in items)

    def _holds(self, item: object) -> bool:
        match self.operator:
            case "=":
                return written(item) in self.values
            case "!=":
                return written(item) not in self.values
            case _:
                return _compares(item, self.operator, Decimal(self.values[0]))

    def __str__(self) -> str:
        return f"{self.field}{self.operator}{'/'.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Tests that must all hold for one and the same fact of `event`; without tests every such fact passes."""

    event: str
    tests: tuple[Comparison, ...] = ()

    def passes(self, fact: Fact) -> bool:
        return fact.type == self.event and all(test.passes(fact.data) for test in self.tests)

    def __str__(self) -> str:
        return f"{self.event}({', '.join(map(str, self.tests))})" if self.tests else self.event


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of one cell, all joined by the same word."""

    items: tuple[Filter, ...]
    joint: Literal["or", "and"]

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.event for item in self.items))


@cache
def parse(cell: str) -> Filters:
    """The filters of a cell; an empty cell has none. Raises UnreadableFilter."""
    if not cell:
        return Filters((), "and")
    found = FILTER.findall(cell)
    for joint in JOINTS:
        if cell == f" {joint} ".join(f"{event}({tests})" for event, tests in found):
            return Filters(tuple(Filter(event, _tests(tests)) for event, tests in found), joint)
    raise UnreadableFilter(f"filter not readable: {cell}")


def _tests(cell: str) -> tuple[Comparison, ...]:
    return tuple(_test(part) for part in cell.split(", ")) if cell else ()


def _test(part: str) -> Comparison:
    match = TEST.fullmatch(part)
    if match is None:
        raise UnreadableFilter(f"test not readable, or unknown operator: {part}")
    field, operator, values = match.groups()
    if operator in ORDERINGS and not re.fullmatch(r"-?\d+(\.\d+)?", values):
        raise UnreadableFilter(f"only numbers can be compared: {part}")
    return Comparison(field, operator, tuple(values.split("/")))


def written(value: object) -> str:
    """A payload value as the packs write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def number_of(value: object) -> Decimal | None:
    """The number that a payload value tells; None where it tells none."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _compares(item: object, operator: str, limit: Decimal) -> bool:
    number = number_of(item)
    if number is None:
        return False
    return {"<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit}[operator]
