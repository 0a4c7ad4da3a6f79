"""One time limit as a pack states it, in the words and columns of the policy analyst's table."""

import re
from datetime import date
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from deadlines.filters import Filters, parse
from deadlines.ladder import Escalation, Rung, Told
from deadlines.lengths import Length
from deadlines.limits import Count, Interval, Limit, count, interval, limit
from deadlines.readings import Readings

EVENTS = re.compile(r"[A-Z]\w+(?:(?: |\+)[A-Z]\w+)*")
PER = re.compile(r"(?P<any>any )?(?P<thing>[a-z][a-z -]*)\[(?:(?P<list>\w+)=)?(?P<key>\w+)\]")
WARNING_UNITS = ("hours", "days", "weeks")
EACH = "each"
ONE_DAY, ONE_MONTH = Length(24, "hours"), Length(1, "months")
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "once": (("due",),),
    "age": (("due",),),
    "lead": (("due",),),
    "recurring": (("every",),),
    "quota": (("runs", "every"), ("count",)),
    "cap": (("due", "count"),),
    "gate": (("gate",),),
    "monitor": (("due", "count"),),
}

Subject = Literal[
    "report", "investigation", "case", "child", "person", "placement", "fps-service", "resource-home", "facility",
    "worker", "provider", "county", "region",
]  # fmt: skip
Settings = dict[str, str | int]
Kind = Literal["once", "recurring", "quota", "cap", "gate", "lead", "age", "monitor"]
Enforce = Literal["clock", "quota", "gate", "cap", "monitor", "advisory", "programme"]
ENFORCED: dict[str, Enforce] = {"quota": "quota", "gate": "gate", "cap": "cap", "monitor": "monitor"}


def events_of(cell: str) -> tuple[str, ...]:
    """The event names of a cell, whichever way they are joined."""
    return tuple(cell.replace("+", " ").split())


# What the threshold of a gate measures; without it the threshold only repeats a number of the filters.
Measure = Literal[
    "",
    "length of the act",
    "time until the attempt",
    "time until it is owed",
    "hours of the acts",
    "age in the list",
    "age limit",
]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gate(Strict):
    """What a gate holds back: the blocked event, what its own payload must say, how hard it holds, what it measures."""

    before: str
    where: str = ""
    mode: Literal["block", "flag"]
    threshold: str = ""
    measures: Measure = ""

    @field_validator("before")
    @classmethod
    def _names_events(cls, cell: str) -> str:
        if not EVENTS.fullmatch(cell):
            raise ValueError(f"not a list of events: {cell}")
        return cell

    @field_validator("threshold")
    @classmethod
    def _is_a_length(cls, cell: str) -> str:
        if cell:
            Length.parse(cell)
        return cell


class Per(Strict):
    """The thing that each owes a duty of its own; `list` names the field of the start that holds their ids.

    `any`: owed once per subject over all things together, from the first start until the last has ended.
    """

    any: bool
    thing: str
    list: str | None
    key: str


class RuleText(Strict):
    """A `[[rule]]` table, strictly checked."""

    id: str = Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")
    title: str = Field(min_length=1)
    area: str = Field(min_length=1)
    kind: Kind
    enforce: Enforce
    subject: Subject
    per: str = ""
    in_force: str = ""
    starts_on: str
    start_where: str = ""
    applies_if: str = ""
    applies_where: str = ""
    due: str = ""
    when: str = Field(default="", description="the words of the source where no due time can be told from them")
    runs: str = ""
    every: str = ""
    count: str = ""
    window: str = ""
    gate: Gate | None = None
    satisfied_by: str
    satisfied_where: str = ""
    stopped_by: str = ""
    stopped_where: str = ""
    warn: tuple[str, ...] = ()
    responsible: str = Field(min_length=1)
    notify: tuple[str, ...] = ()
    tells: tuple[Told, ...] = Field(default=(), description="told together at every rung that would tell one of them")
    conflicts_with: tuple[str, ...] = ()
    settings: Settings = Field(default_factory=dict)
    note: str = ""
    sources: tuple[str, ...] = Field(min_length=1)

    @field_validator("starts_on", "satisfied_by", "stopped_by")
    @classmethod
    def _names_events(cls, cell: str) -> str:
        if cell and not EVENTS.fullmatch(cell):
            raise ValueError(f"not a list of events: {cell}")
        return cell

    @field_validator("start_where", "applies_where", "satisfied_where", "stopped_where")
    @classmethod
    def _is_readable(cls, cell: str) -> str:
        parse(cell)
        return cell

    @field_validator("runs", "window")
    @classmethod
    def _is_a_length(cls, cell: str) -> str:
        if cell:
            Length.parse(cell)
        return cell

    @field_validator("due")
    @classmethod
    def _is_a_limit(cls, cell: str) -> str:
        if cell:
            limit(cell)
        return cell

    @field_validator("every")
    @classmethod
    def _is_an_interval(cls, cell: str) -> str:
        if cell not in ("", EACH) and interval(cell).length.unit == "hours":
            raise ValueError(f"an interval is made of days: {cell}")
        return cell

    @field_validator("count")
    @classmethod
    def _is_a_number(cls, cell: str) -> str:
        count(cell)
        return cell

    @field_validator("warn")
    @classmethod
    def _are_leads(cls, leads: tuple[str, ...]) -> tuple[str, ...]:
        for lead in leads:
            if Length.parse(lead).unit not in WARNING_UNITS:
                raise ValueError(f"a warning comes hours, days or weeks before: {lead}")
        return leads

    @field_validator("per")
    @classmethod
    def _names_a_thing(cls, cell: str) -> str:
        if cell and not PER.fullmatch(cell):
            raise ValueError(f"per not readable: {cell}")
        return cell

    @model_validator(mode="before")
    @classmethod
    def _enforced_as_its_kind(cls, text: Any) -> Any:
        if isinstance(text, dict) and "enforce" not in text:
            return text | {"enforce": ENFORCED.get(str(text.get("kind")), "clock")}
        return text

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.enforce in ("advisory", "programme"):
            return self
        wanted = NEEDED[self.kind]
        missing = [" or ".join(either) for either in wanted if not any(getattr(self, name) for name in either)]
        if missing:
            raise ValueError(f"a rule of kind {self.kind} without {', '.join(missing)}")
        if self.every == EACH and self.kind != "gate":
            raise ValueError(f"only a gate asks for a new act each time, not a rule of kind {self.kind}")
        return self

    @model_validator(mode="after")
    def _filters_its_own_events(self) -> Self:
        columns = [
            (self.start_where, self.starts_on),
            (self.satisfied_where, self.satisfied_by),
            (self.stopped_where, self.stopped_by),
            *([(self.gate.where, self.gate.before)] if self.gate else []),
        ]
        for cell, events in columns:
            strangers = set(parse(cell).events) - set(events_of(events))
            if strangers:
                raise ValueError(f"filter on an event that its column does not name: {', '.join(sorted(strangers))}")
        return self

    @property
    def length(self) -> Length | None:
        """About how long it leaves, for the choice of a ladder; None where it is done at once."""
        if self.due:
            told = limit(self.due)
            return told.length or {"immediately": None, "same day": ONE_DAY}.get(told.anchor, ONE_MONTH)
        return interval(self.every).length if self.every not in ("", EACH) else None

    @property
    def obligation(self) -> str:
        """The duty itself, whoever states it: rules of several authorities share it."""
        return self.id.partition(".")[0]


class Rule(RuleText):
    """A rule with what its pack says for all of them: authority, version, dates and readings.

    `open_cases_from`: what starts in a case opened before `effective_from` is owed from that day (R-DDL-004).
    `set_by` names who set a reading: the agency, the pack or the rule; what is not there is the standard reading.
    """

    pack: str
    pack_version: str
    authority: str
    effective_from: date
    effective_until: date | None
    open_cases_from: date | None = None
    readings: Readings
    rungs: tuple[Rung, ...]
    escalation: Escalation
    set_by: dict[str, str]

    @property
    def version(self) -> str:
        return f"{self.id}@{self.pack_version}"

    @property
    def source(self) -> str:
        return " ".join(self.sources)

    @cached_property
    def limit(self) -> Limit:
        """When it is due. Raises UnreadableLimit for a rule without a due time."""
        return limit(self.due)

    @cached_property
    def interval(self) -> Interval:
        """How often. Raises UnreadableLimit for a rule without an interval."""
        return interval(self.every)

    @cached_property
    def number(self) -> Count:
        """How many acts or hours."""
        return count(self.count)

    @cached_property
    def starts(self) -> frozenset[str]:
        """The events that start it."""
        return frozenset(events_of(self.starts_on))

    @cached_property
    def acts(self) -> frozenset[str]:
        """The events that meet it."""
        return frozenset(events_of(self.satisfied_by))

    @cached_property
    def events(self) -> frozenset[str]:
        """Every event that it reads."""
        columns = (self.starts_on, self.satisfied_by, self.stopped_by, self.gate.before if self.gate else "")
        dated = self.limit.events if self.due else ()
        return frozenset((*(event for cell in columns for event in events_of(cell)), *self.conditions.events, *dated))

    @property
    def enforced(self) -> bool:
        """Whether it has clocks or answers gates; an advisory rule is a prompt only."""
        return self.enforce != "advisory"

    @cached_property
    def conditions(self) -> Filters:
        return parse(self.applies_where)

    @cached_property
    def things(self) -> Per | None:
        match = PER.fullmatch(self.per)
        return Per(**match.groupdict() | {"any": bool(match["any"])}) if match else None

    @cached_property
    def blocked(self) -> tuple[str, ...]:
        return events_of(self.gate.before) if self.gate else ()

    def in_force_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)
