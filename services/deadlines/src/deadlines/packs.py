"""Policy packs: the law and policy of one authority as dated data, loaded strictly."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from deadlines.calendar import Calendar
from deadlines.ladder import Escalation, escalation
from deadlines.lengths import Length
from deadlines.lines import Lines
from deadlines.readings import Readings
from deadlines.rule import Rule, RuleText, Settings, Strict

EVERYWHERE = "*"
IN_FORCE = re.compile(r"(.+) after (\w+)")


class BrokenPack(ValueError):
    """A pack that does not say what a pack must say. The message names the file and the line."""


class Header(Strict):
    """The `[pack]` table: whose rules these are and when they hold; where they hold is for the agency to say."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    version: str = Field(min_length=1)
    authority: str = Field(min_length=1)
    standing: str = Field(min_length=1)
    relation: str = ""
    only_one_of: str = Field(default="", description="a group of packs of which exactly one holds on each day")
    effective_from: date
    effective_until: date | None = None
    sources: tuple[str, ...] = Field(min_length=1)
    note: str = ""


class PackText(Strict):
    """A whole pack file. `dates` holds dated settings that its rules refer to, such as the approval of an agreement."""

    pack: Header
    dates: dict[str, date] = Field(default_factory=dict)
    settings: Settings = Field(default_factory=dict)
    rule: tuple[RuleText, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Pack:
    """One version of one authority's rules, with the readings that hold for each, and those the agency switched off."""

    header: Header
    dates: Mapping[str, date]
    rules: tuple[Rule, ...]
    switched_off: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.header.name

    @property
    def version(self) -> str:
        return self.header.version


@dataclass(frozen=True)
class Agency:
    """What an installation sets: readings for all packs (`*`), for one pack or one rule, and the rows switched off."""

    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()
    ladders: Path | None = None

    @property
    def escalation(self) -> Escalation:
        """The ladders of this agency. Raises BrokenLadder."""
        return escalation(self.ladders)

    def of(self, name: str) -> Mapping[str, Any]:
        return self.settings.get(name, {})


STANDARD = Agency()


def load_packs(agency: Agency = STANDARD, folder: Path | None = None) -> tuple[Pack, ...]:
    """The packs delivered with the service and those of a folder, with the agency's settings. Raises BrokenPack."""
    delivered = resources.files("deadlines").joinpath("packs").iterdir()
    own = folder.glob("*.toml") if folder else ()
    files = sorted((*delivered, *own), key=lambda file: file.name)
    packs = tuple(read_pack(file.name, file.read_text("utf-8"), agency) for file in files)
    refuse_overlaps(packs)
    refuse_strangers(packs, agency)
    return packs


def read_pack(file: str, text: str, agency: Agency = STANDARD) -> Pack:
    """One pack from its text. Raises BrokenPack."""
    try:
        content = PackText.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BrokenPack(f"{file}: {error}") from error
    except ValidationError as error:
        raise BrokenPack("; ".join(f"{file} {_told(Lines(text), each)}" for each in error.errors())) from error
    return _pack(file, Lines(text), content, agency)


def refuse_overlaps(packs: Sequence[Pack]) -> None:
    """Two versions of one pack must not be in force on the same day. Raises BrokenPack."""
    for one, other in combinations(packs, 2):
        first, second = sorted((one.header, other.header), key=lambda header: header.effective_from)
        if one.name == other.name and (first.effective_until is None or second.effective_from < first.effective_until):
            raise BrokenPack(f"{one.name}: dates of version {first.version} and version {second.version} overlap")


def refuse_strangers(packs: Sequence[Pack], agency: Agency) -> None:
    """A setting or a switch for a pack or rule that is not there would be silent. Raises BrokenPack."""
    rules = {id for pack in packs for id in (*(rule.id for rule in pack.rules), *pack.switched_off)}
    for name in sorted({*agency.settings, *agency.switched_off}):
        if name not in {EVERYWHERE, *rules, *(pack.name for pack in packs)}:
            raise BrokenPack(f"the agency sets something for {name}, and there is no such pack or rule")


@cache
def standard_readings() -> Readings:
    """The readings that hold where nobody sets another: all of them are written in one file. Raises BrokenPack."""
    text = resources.files("deadlines").joinpath("readings.toml").read_text("utf-8")
    return _readings("readings.toml", tomllib.loads(text))


def _pack(file: str, lines: Lines, content: PackText, agency: Agency) -> Pack:
    header = content.pack
    if header.effective_until is not None and header.effective_until <= header.effective_from:
        raise BrokenPack(f"{file} line {lines.of(('pack', 'effective_until'))}: ends before it begins")
    for name, value in content.settings.items():
        _readings(f"{file} line {lines.of(('settings', name))}: settings", {name: value})
    rules: dict[str, Rule] = {}
    for index, rule in enumerate(content.rule):
        where = f"{file} line {lines.of(('rule', index, 'id'))}"
        if rule.id in rules:
            raise BrokenPack(f"{where}: two rules of one id: {rule.id}")
        if not rule.id.endswith(f".{header.name}"):
            raise BrokenPack(f"{where}: {rule.id} does not belong to pack {header.name}")
        rules[rule.id] = _rule(where, rule, content, agency)
    on = tuple(rule for rule in rules.values() if rule.id not in agency.switched_off)
    return Pack(header, content.dates, on, agency.switched_off & rules.keys())


def _rule(where: str, text: RuleText, content: PackText, agency: Agency) -> Rule:
    header = content.pack
    layers = {
        "agency": agency.of(EVERYWHERE),
        "pack": content.settings,
        "agency, for the pack": agency.of(header.name),
        "rule": text.settings,
        "agency, for the rule": agency.of(text.id),
    }
    set_by = {name: layer for layer, settings in layers.items() for name in settings}
    merged: dict[str, Any] = standard_readings().model_dump()
    for settings in layers.values():
        merged |= settings
    return Rule(
        **text.model_dump(),
        pack=header.name,
        pack_version=header.version,
        authority=header.authority,
        effective_from=max(header.effective_from, _in_force(where, text, content.dates)),
        effective_until=header.effective_until,
        readings=_readings(f"{where}: settings of {text.id}", merged),
        rungs=agency.escalation.rungs(text.length, text.warn, text.tells),
        escalation=agency.escalation,
        set_by=set_by,
    )


def _readings(where: str, settings: Mapping[str, Any]) -> Readings:
    try:
        return Readings.model_validate(settings)
    except ValidationError as error:
        first = error.errors()[0]
        raise BrokenPack(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _in_force(where: str, text: RuleText, dates: Mapping[str, date]) -> date:
    if not text.in_force:
        return date.min
    match = IN_FORCE.fullmatch(text.in_force)
    if match is None or match.group(2) not in dates:
        raise BrokenPack(f"{where}: in_force of {text.id} names no date of the pack: {text.in_force}")
    return Calendar().add(dates[match.group(2)], Length.parse(match.group(1)))


def _told(lines: Lines, error: ErrorDetails) -> str:
    return f"line {lines.of(error['loc'])}: {'.'.join(map(str, error['loc']))}: {error['msg']}"
