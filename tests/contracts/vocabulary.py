"""Reads docs/domain: the words of the vocabulary with their payloads, and what the rows of time limits need of them."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

DOMAIN = Path(__file__).parents[2] / "docs" / "domain"
FILTERED = {"start_where": "starts_on", "satisfied_where": "satisfied_by", "stopped_where": "stopped_by"}
FILTER = re.compile(r"(\w+)\(([^()]*)\)")
TEST = re.compile(r"(\w+)(?:!=|<=|>=|=|<|>)([\w.-]+(?:/[\w.-]+)*)")
PER = re.compile(r"(?:any )?[a-z][a-z -]*\[(?:(\w+)=)?(\w+)\]")
DATE_IN = re.compile(r"(?:before )?date in (\w+)\.(\w+)")
# Of one of these a gate looks at a single instance: what was planned, held or filed under the same id.
INSTANCES = frozenset({"planId", "meetingId", "hearingId", "conferenceId", "referralId", "reportId"})
# The fields by which a fact finds the clocks of a subject, itself or over the facts that tie one subject to another.
KEYS = {
    "report": {"reportId", "investigationId", "workerId"},
    "investigation": {"investigationId", "reportId", "investigationIds"},
    "case": {"caseId", "childId", "childIds"},
    "child": {"childId", "childIds", "victims", "caseId", "caseIds", "reportId", "placementId"},
    "person": {"personId", "parentId", "parentIds", "childId", "caseId", "needId"},
    "placement": {"placementId", "homeId"},
    "resource-home": {"homeId", "homeOrFacilityId", "resourceHomeId"},
    "facility": {"facilityId", "homeOrFacilityId"},
    "worker": {"workerId", "region"},
    "provider": {"providerId"},
    "county": {"county"},
    "region": {"region"},
    "fps-service": {"serviceId", "referralId", "caseId"},
}


@dataclass(frozen=True)
class Word:
    """An event of the vocabulary. `payload` gives each field with what stands in its brackets, empty without any."""

    event: str
    service: str
    payload: dict[str, str]


@dataclass(frozen=True)
class Need:
    """A row needs a field of an event; `values` are those that it writes down."""

    row: str
    event: str
    field: str
    values: tuple[str, ...] = ()


class Row(dict[str, str]):
    """A time limit, by column."""

    @property
    def enforceable(self) -> bool:
        """Whether a clock, a gate, a quota, a cap or a monitor enforces it."""
        return self["enforce"] not in ("advisory", "programme")

    @property
    def about_the_state(self) -> bool:
        """Whether the whole state is its subject, so that no fact has to find one."""
        return self["applies_if"].startswith("statewide")

    @cached_property
    def blocked(self) -> list[str]:
        """The acts that a gate may block."""
        return re.findall(r"before (\w+)", self["at"]) if self["kind"] == "gate" else []

    @cached_property
    def concerning(self) -> list[str]:
        """The events that must find the subject: those that start, meet or stop the duty, and those blocked."""
        return [
            event for column in FILTERED.values() for event in self[column].replace("+", " ").split()
        ] + self.blocked

    @cached_property
    def named(self) -> set[str]:
        """Every event that the row names."""
        same_day = self["at"].split()[3:] if self["at"].startswith("same day as ") else []
        return {*self.concerning, *same_day, *self["effective"].split()[-1:], *(need.event for need in self.needs)}

    @cached_property
    def needs(self) -> list[Need]:
        """Every field that the row needs."""
        return [*self._filtered(), *self._dated(), *self._per(), *self._counted()]

    def _filtered(self) -> Iterator[Need]:
        for column in (*FILTERED, "gate_where", "applies_where"):
            for event, tests in FILTER.findall(self[column]):
                for field, values in TEST.findall(tests):
                    yield Need(self["id"], event, field, tuple(values.split("/")))

    def _dated(self) -> Iterator[Need]:
        if found := DATE_IN.fullmatch(self["at"]):
            yield Need(self["id"], found[1], found[2])

    def _per(self) -> Iterator[Need]:
        if not (found := PER.fullmatch(self["per"])):
            return
        listed, key = found.groups()
        starts = self["starts_on"].replace("+", " ").split()
        for event in starts if listed else ():
            yield Need(self["id"], event, listed)
        for event in self.concerning:
            if key in vocabulary()[event].payload:
                yield Need(self["id"], event, key)

    def _counted(self) -> Iterator[Need]:
        for event in self["satisfied_by"].split():
            if self["kind"] == "quota" and self["count"].endswith(" hours"):
                yield Need(self["id"], event, "minutes")
            if self["kind"] == "gate" and self["unit"] == "hours":
                yield Need(self["id"], event, "hours")


@cache
def vocabulary() -> dict[str, Word]:
    """Every event by its word."""
    words = [Word(row["event"], row["service"], _payload(row["payload"])) for row in _table("events.csv")]
    return {word.event: word for word in words}


@cache
def rows() -> tuple[Row, ...]:
    """The time limits that are enforced or that a programme owes; advice is left out."""
    return tuple(row for row in map(Row, _table("timelines.csv")) if row["enforce"] != "advisory")


@cache
def named() -> list[str]:
    """Every event that one of these rows names."""
    return sorted({event for row in rows() for event in row.named})


def documented(word: Word, field: str) -> str:
    """What stands in the brackets of a field, or in those of the field that it refers to."""
    brackets = word.payload[field]
    if not brackets.startswith("as "):
        return brackets
    event, other = brackets.removeprefix("as ").split(".")
    return vocabulary()[event].payload[other]


def _table(name: str) -> list[dict[str, str]]:
    with (DOMAIN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _payload(cell: str) -> dict[str, str]:
    parts = (part.strip().partition("[") for part in cell.split(";"))
    return {name: rest.removesuffix("]") for name, _, rest in parts}
