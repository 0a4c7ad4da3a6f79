"""A rule as its file tells it, read cell by cell and without refusing anything: what a check looks at."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from deadlines.filters import Filters, UnreadableFilter, parse
from deadlines.lengths import Length, UnreadableLength
from deadlines.limits import Count, Interval, Limit, UnreadableLimit, count, interval, limit
from deadlines.rule import EACH, PER, Per, events_of

WORD = re.compile(r"\w+")
FILTERED = {"start_where": "starts_on", "satisfied_where": "satisfied_by", "stopped_where": "stopped_by"}
ADVICE = ("advisory", "programme")
T = TypeVar("T")


@dataclass(frozen=True)
class ToldRule:
    """One `[[rule]]` table, whatever is in it. A cell that cannot be read is None, or empty."""

    content: Mapping[str, Any]

    def cell(self, key: str) -> str:
        """The text of a cell, `gate.before` for one of its gate; empty where there is none."""
        table, _, inner = key.rpartition(".")
        holder = self.content.get(table) if table else self.content
        value = holder.get(inner) if isinstance(holder, Mapping) else None
        return value if isinstance(value, str) else ""

    @property
    def id(self) -> str:
        return self.cell("id")

    @property
    def kind(self) -> str:
        return self.cell("kind")

    @property
    def enforce(self) -> str:
        return self.cell("enforce")

    @property
    def advisory(self) -> bool:
        """Whether it is a prompt for people only, and reads no fact."""
        return self.enforce == "advisory"

    def events(self, key: str) -> tuple[str, ...]:
        return tuple(event for event in events_of(self.cell(key)) if WORD.fullmatch(event))

    @cached_property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """The events of each column that names some."""
        keys = (*FILTERED.values(), "gate.before")
        return {key: events for key in keys if (events := self.events(key))}

    @property
    def concerned(self) -> tuple[str, ...]:
        """Every event of its columns, once."""
        return tuple(dict.fromkeys(event for events in self.columns.values() for event in events))

    @cached_property
    def filters(self) -> Mapping[str, Filters]:
        """The filters of each cell that can be read."""
        keys = (*FILTERED, "applies_where", "gate.where")
        told = {key: _read(parse, self.cell(key), UnreadableFilter) for key in keys if self.cell(key)}
        return {key: found for key, found in told.items() if found is not None}

    @cached_property
    def limit(self) -> Limit | None:
        return _read(limit, self.cell("due"), UnreadableLimit, UnreadableLength) if self.cell("due") else None

    @cached_property
    def interval(self) -> Interval | None:
        every = self.cell("every")
        return _read(interval, every, UnreadableLimit, UnreadableLength) if every and every != EACH else None

    @cached_property
    def number(self) -> Count | None:
        return _read(count, self.cell("count"), UnreadableLimit) if self.cell("count") else None

    def length(self, key: str) -> Length | None:
        return _read(Length.parse, self.cell(key), UnreadableLength) if self.cell(key) else None

    @cached_property
    def things(self) -> Per | None:
        match = PER.fullmatch(self.cell("per"))
        return Per(**match.groupdict() | {"any": bool(match["any"])}) if match else None

    def settings(self) -> Iterator[tuple[str, Any]]:
        told = self.content.get("settings")
        yield from told.items() if isinstance(told, Mapping) else ()


def _read(read: Callable[[str], T], cell: str, *unreadable: type[ValueError]) -> T | None:
    try:
        return read(cell)
    except unreadable:
        return None
