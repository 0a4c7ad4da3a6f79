"""One time limit as a pack states it, in the words and columns of the policy analyst's table."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from deadlines.filters import Filters, parse
from deadlines.lengths import Length
from deadlines.readings import Readings

IMMEDIATELY, SAME_DAY = "immediately", "same day"
EVENTS = re.compile(r"[A-Z]\w+(?:(?: |\+)[A-Z]\w+)*")
PER = re.compile(r"(?P<thing>[a-z][a-z -]*)\[(?:(?P<list>\w+)=)?(?P<key>\w+)\]")
WARNING_UNITS = ("hours", "days", "weeks")

Subject = Literal["report", "investigation", "child", "resource-home"]


def events_of(cell: str) -> tuple[str, ...]:
    """The event names of a cell, whichever way they are joined."""
    return tuple(cell.replace("+", " ").split())


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gate(Strict):
    """What a gate holds back: the blocked events, what their own payload must say, and how hard it holds."""

    before: str
    where: str = ""
    mode: Literal["block", "flag"]


class Per(Strict):
    """The thing that each owes a duty of its own; `list` names the field of the start that holds their ids."""

    thing: str
    list: str | None
    key: str


class RuleText(Strict):
    """A `[[rule]]` table, strictly checked."""

    id: str = Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")
    title: str = Field(min_length=1)
    area: str = Field(min_length=1)
    kind: Literal["once", "quota", "gate"]
    subject: Subject
    per: str = ""
    in_force: str = ""
    starts_on: str
    start_where: str = ""
    applies_if: str = ""
    applies_where: str = ""
    due: str = ""
    runs: str = ""
    every: str = ""
    count: int = Field(default=1, ge=1)
    gate: Gate | None = None
    satisfied_by: str
    satisfied_where: str = ""
    stopped_by: str = ""
    stopped_where: str = ""
    warn: tuple[str, ...] = ()
    responsible: str = Field(min_length=1)
    notify: tuple[str, ...] = ()
    conflicts_with: tuple[str, ...] = ()
    settings: dict[str, str | int] = Field(default_factory=dict)
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

    @field_validator("runs", "every")
    @classmethod
    def _is_a_length(cls, cell: str) -> str:
        if cell:
            Length.parse(cell)
        return cell

    @field_validator("due")
    @classmethod
    def _is_a_limit(cls, cell: str) -> str:
        if cell not in ("", IMMEDIATELY, SAME_DAY):
            Length.parse(cell)
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

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        needs = {"once": ("due",), "quota": ("runs", "every"), "gate": ("gate",)}[self.kind]
        missing = [name for name in needs if not getattr(self, name)]
        if missing:
            raise ValueError(f"a rule of kind {self.kind} without {', '.join(missing)}")
        if self.kind == "quota" and Length.parse(self.every).unit == "hours":
            raise ValueError("the period of a quota is made of days")
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
    def obligation(self) -> str:
        """The duty itself, whoever states it: rules of several authorities share it."""
        return self.id.partition(".")[0]


class Rule(RuleText):
    """A rule with what its pack says for all of them: authority, version, dates and readings."""

    pack: str
    pack_version: str
    authority: str
    effective_from: date
    effective_until: date | None
    counties: tuple[str, ...]
    readings: Readings

    @property
    def version(self) -> str:
        return f"{self.id}@{self.pack_version}"

    @property
    def source(self) -> str:
        return " ".join(self.sources)

    @cached_property
    def conditions(self) -> Filters:
        return parse(self.applies_where)

    @cached_property
    def things(self) -> Per | None:
        match = PER.fullmatch(self.per)
        return Per(**match.groupdict()) if match else None

    @cached_property
    def blocked(self) -> tuple[str, ...]:
        return events_of(self.gate.before) if self.gate else ()

    def in_force_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)


def in_county(rules: Iterable[Rule], county: str) -> tuple[Rule, ...]:
    """The rules that the packs switch on in a county."""
    return tuple(rule for rule in rules if not rule.counties or county in rule.counties)
