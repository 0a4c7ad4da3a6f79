"""Policy packs: the law and policy of one authority as dated data, loaded strictly."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from itertools import combinations
from typing import Any

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from deadlines.calendar import Calendar
from deadlines.lengths import Length
from deadlines.readings import Readings
from deadlines.rule import Rule, RuleText, Strict

IN_FORCE = re.compile(r"(.+) after (\w+)")


class BrokenPack(ValueError):
    """A pack that does not say what a pack must say. The message names the file and the line."""


class Header(Strict):
    """The `[pack]` table: whose rules these are and when and where they hold. No counties named = all of them."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str = Field(min_length=1)
    authority: str = Field(min_length=1)
    standing: str = Field(min_length=1)
    relation: str = ""
    effective_from: date
    effective_until: date | None = None
    counties: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)
    note: str = ""


class PackText(Strict):
    """A whole pack file. `dates` holds dated settings that its rules refer to, such as the approval of an agreement."""

    pack: Header
    dates: dict[str, date] = Field(default_factory=dict)
    settings: Readings
    rule: tuple[RuleText, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Pack:
    """One version of one authority's rules."""

    header: Header
    readings: Readings
    dates: Mapping[str, date]
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        return self.header.name

    @property
    def version(self) -> str:
        return self.header.version

    def adjusted(self, changes: Mapping[str, object], rule_id: str = "") -> "Pack":
        """The same pack with some settings of the agency, for all rules or for one. Raises ValidationError.

        A setting that the pack itself makes for one rule stays, unless that rule is named.
        """
        rules = tuple(
            rule.model_copy(update={"readings": _with(rule.readings, changes, kept=() if rule_id else rule.settings)})
            if rule_id in ("", rule.id)
            else rule
            for rule in self.rules
        )
        readings = self.readings if rule_id else _with(self.readings, changes)
        return replace(self, readings=readings, rules=rules)

    def switched_on_in(self, counties: Iterable[str]) -> "Pack":
        """The same pack in force in these counties alone."""
        here = tuple(counties)
        rules = tuple(rule.model_copy(update={"counties": here}) for rule in self.rules)
        return replace(self, header=self.header.model_copy(update={"counties": here}), rules=rules)


def load_packs() -> tuple[Pack, ...]:
    """All packs that are delivered with the service. Raises BrokenPack."""
    files = sorted(resources.files("deadlines").joinpath("packs").iterdir(), key=lambda file: file.name)
    packs = tuple(read_pack(file.name, file.read_text("utf-8")) for file in files if file.name.endswith(".toml"))
    refuse_overlaps(packs)
    return packs


def read_pack(file: str, text: str) -> Pack:
    """One pack from its text. Raises BrokenPack."""
    try:
        content = PackText.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BrokenPack(f"{file}: {error}") from error
    except ValidationError as error:
        raise BrokenPack("; ".join(f"{file} {_told(text, each)}" for each in error.errors())) from error
    return _pack(file, text, content)


def refuse_overlaps(packs: Sequence[Pack]) -> None:
    """Two versions of one pack must not be in force on the same day. Raises BrokenPack."""
    for one, other in combinations(packs, 2):
        first, second = sorted((one.header, other.header), key=lambda header: header.effective_from)
        if one.name == other.name and (first.effective_until is None or second.effective_from < first.effective_until):
            raise BrokenPack(f"{one.name}: dates of version {first.version} and version {second.version} overlap")


def _pack(file: str, text: str, content: PackText) -> Pack:
    header = content.pack
    if header.effective_until is not None and header.effective_until <= header.effective_from:
        raise BrokenPack(f"{file} line {_line(text, ('pack', 'effective_until'))}: ends before it begins")
    rules: dict[str, Rule] = {}
    for index, rule in enumerate(content.rule):
        where = f"{file} line {_line(text, ('rule', index, 'id'))}"
        if rule.id in rules:
            raise BrokenPack(f"{where}: two rules of one id: {rule.id}")
        if not rule.id.endswith(f".{header.name}"):
            raise BrokenPack(f"{where}: {rule.id} does not belong to pack {header.name}")
        rules[rule.id] = _rule(where, rule, content)
    return Pack(header, content.settings, content.dates, tuple(rules.values()))


def _rule(where: str, text: RuleText, content: PackText) -> Rule:
    header = content.pack
    try:
        readings = _with(content.settings, text.settings)
    except ValidationError as error:
        raise BrokenPack(f"{where}: settings of {text.id}: {error.errors()[0]['msg']}") from error
    return Rule(
        **text.model_dump(),
        pack=header.name,
        pack_version=header.version,
        authority=header.authority,
        effective_from=max(header.effective_from, _in_force(where, text, content.dates)),
        effective_until=header.effective_until,
        counties=header.counties,
        readings=readings,
    )


def _in_force(where: str, text: RuleText, dates: Mapping[str, date]) -> date:
    if not text.in_force:
        return date.min
    match = IN_FORCE.fullmatch(text.in_force)
    if match is None or match.group(2) not in dates:
        raise BrokenPack(f"{where}: in_force of {text.id} names no date of the pack: {text.in_force}")
    return Calendar().add(dates[match.group(2)], Length.parse(match.group(1)))


def _with(readings: Readings, changes: Mapping[str, object], kept: Iterable[str] = ()) -> Readings:
    return Readings.model_validate(readings.model_dump() | {k: v for k, v in changes.items() if k not in set(kept)})


def _told(text: str, error: ErrorDetails) -> str:
    return f"line {_line(text, error['loc'])}: {'.'.join(map(str, error['loc']))}: {error['msg']}"


def _line(text: str, place: Sequence[int | str]) -> int:
    """The line of the file that a place in its content comes from: the key, else its table, else the first line."""
    table, index = str(place[0]), next((part for part in place[1:2] if isinstance(part, int)), 0)
    heads = [number for number, line in enumerate(text.splitlines(), 1) if line.strip("[] ") == table]
    if index >= len(heads):
        return 1
    key: Any = next((part for part in place[1:] if isinstance(part, str)), "")
    for number, line in enumerate(text.splitlines()[heads[index] :], heads[index] + 1):
        if line.startswith("[["):
            break
        if re.match(rf"{re.escape(key)}\s*=", line):
            return number
    return heads[index]
