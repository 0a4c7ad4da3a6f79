"""Everything that is wrong with a pack, at once, in words for whoever writes it. Loading stays strict by itself."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from deadlines.check_kinds import kind_complaints
from deadlines.check_words import word_complaints
from deadlines.findings import Complaint, Finding
from deadlines.lines import Lines, Place
from deadlines.packs import IN_FORCE, BrokenPack, PackText, read_pack
from deadlines.readings import Readings
from deadlines.told_rule import ToldRule

LINE_OF_TOML = " (at line "
WHOLE = "pack"
WHYS = {
    "missing": "every rule and pack says it",
    "extra_forbidden": "no such key; what is not read would be silent",
    "too_short": "at least one is needed",
    "string_too_short": "it must not be empty",
}


def check(file: str, text: str, beside: Mapping[str, str] | None = None) -> list[Finding]:
    """All that is wrong with a pack, in the order of its lines; none when it is clean and would load.

    `beside` are the texts of the packs that it is used with, by file; without them, those delivered with the service.
    A pack beside that has the same text is the pack itself.
    """
    others = [other for other in (delivered() if beside is None else beside).values() if other != text]
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [_of_toml(file, text, error)]
    found = {*_Pack(file, text, content).findings([_content(other) for other in others])}
    return sorted(found) or _refused(file, text)


def check_all(files: Mapping[str, str]) -> dict[str, list[Finding]]:
    """The findings of several packs that are used together, and with those delivered."""
    return {
        file: check(file, text, {**delivered(), **{name: other for name, other in files.items() if name != file}})
        for file, text in files.items()
    }


@cache
def delivered() -> Mapping[str, str]:
    """The texts of the packs delivered with the service, by file."""
    folder = resources.files("deadlines").joinpath("packs")
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")}


class _Pack:
    """One pack while it is checked."""

    def __init__(self, file: str, text: str, content: Mapping[str, Any]) -> None:
        self._file, self._content, self._lines = file, content, Lines(text)
        self._header = _table(content, WHOLE)
        self._rules = tuple(ToldRule(told) for told in _tables(content, "rule"))

    def findings(self, others: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
        yield from self._shape()
        yield from self._dates(others)
        yield from self._ids()
        yield from self._in_force()
        yield from self._conflicts(others)
        yield from self._settings(("settings",), _table(self._content, "settings"))
        for index, rule in enumerate(self._rules):
            yield from self._settings(("rule", index, "settings"), dict(rule.settings()))
            for complaint in chain(word_complaints(rule), kind_complaints(rule)):
                yield self._of(index, complaint)

    def _at(self, place: Place, what: str, why: str) -> Finding:
        index = place[1] if len(place) > 1 and place[0] == "rule" else None
        id = self._rules[index].id or f"rule {index + 1}" if isinstance(index, int) else WHOLE
        return Finding(self._file, self._lines.of(place), id, what, why)

    def _of(self, index: int, complaint: Complaint) -> Finding:
        keys = tuple(complaint.key.split(".")) if complaint.key else ()
        return self._at(("rule", index, *keys), complaint.what, complaint.why)

    def _shape(self) -> Iterator[Finding]:
        """What a pack cannot be read with: unknown keys, what is missing, cells that are not readable."""
        try:
            PackText.model_validate(self._content)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                if not _told_of_the_kind(each):
                    yield self._misshapen(each)

    def _misshapen(self, error: ErrorDetails) -> Finding:
        """The key, and what the reader of packs says about it."""
        place = error["loc"]
        named = [str(part) for part in place if isinstance(part, str) and part not in ("rule", WHOLE)]
        key = ".".join(named) or str(place[0])
        match error["type"]:
            case "missing":
                what = f"missing {key}"
            case "extra_forbidden":
                what = f"unknown key {key}"
            case _:
                what = key
        return self._at(place, what, WHYS.get(error["type"]) or error["msg"].removeprefix("Value error, "))

    def _dates(self, others: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
        """When the pack holds, and that no other version of it holds on the same day."""
        since, until = _span(self._header)
        if since and until and until <= since:
            yield self._at((WHOLE, "effective_until"), "ends before it begins", f"it begins on {since.isoformat()}")
        for other in (_table(each, WHOLE) for each in others):
            begins, ends = _span(other)
            if not since or not begins or other.get("name") != self._header.get("name"):
                continue
            if (until is None or begins < until) and (ends is None or since < ends):
                what = f"overlaps version {other.get('version')}"
                yield self._at((WHOLE, "effective_from"), what, "two versions would be in force on one day")

    def _ids(self) -> Iterator[Finding]:
        times = Counter(rule.id for rule in self._rules)
        name = self._header.get("name")
        seen: set[str] = set()
        for index, rule in enumerate(self._rules):
            if rule.id and times[rule.id] > 1 and rule.id in seen:
                yield self._at(("rule", index, "id"), "two rules of one id", "nobody could tell their clocks apart")
            seen.add(rule.id)
            if rule.id and isinstance(name, str) and not rule.id.endswith(f".{name}"):
                yield self._at(("rule", index, "id"), "id of another pack", f"it must end with .{name}")

    def _in_force(self) -> Iterator[Finding]:
        dates = _table(self._content, "dates")
        for index, rule in enumerate(self._rules):
            told = rule.cell("in_force")
            match = IN_FORCE.fullmatch(told)
            if told and (match is None or match[2] not in dates):
                known = ", ".join(dates) or "none"
                yield self._at(("rule", index, "in_force"), f"no date of the pack: {told}", f"its dates: {known}")

    def _conflicts(self, others: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
        """A conflict is one between two rules, and both say so."""
        told = {id: names for each in (*others, self._content) for id, names in _conflicts_of(each)}
        for index, rule in enumerate(self._rules):
            place = ("rule", index, "conflicts_with")
            for other in _words(rule.content.get("conflicts_with")):
                if other not in told:
                    yield self._at(place, f"conflicts with {other}", "there is no such rule")
                elif rule.id not in told[other]:
                    yield self._at(place, f"conflicts with {other}", "that rule does not say so too")

    def _settings(self, place: Place, told: Mapping[str, Any]) -> Iterator[Finding]:
        for name, value in told.items():
            if name not in Readings.model_fields:
                yield self._at((*place, name), f"unknown setting {name}", "readings.toml names all that there are")
                continue
            try:
                Readings.model_validate({name: value})
            except ValidationError as error:
                yield self._at((*place, name), f"{name} = {value} is not built", error.errors()[0]["msg"])


def _of_toml(file: str, text: str, error: tomllib.TOMLDecodeError) -> Finding:
    told, _, where = str(error).partition(LINE_OF_TOML)
    line = where.partition(",")[0]
    return Finding(file, int(line) if line.isdigit() else text.count("\n") + 1, WHOLE, "no TOML", told)


def _refused(file: str, text: str) -> list[Finding]:
    """What only the loader itself finds: the last word is its own."""
    try:
        read_pack(file, text)
    except BrokenPack as error:
        return [Finding(file, 1, WHOLE, "it does not load", str(error))]
    return []


def _told_of_the_kind(error: ErrorDetails) -> bool:
    """Whether it concerns a rule as a whole: that is checked in more detail elsewhere."""
    return error["type"] == "value_error" and len(error["loc"]) == 2 and error["loc"][0] == "rule"


def _content(text: str) -> Mapping[str, Any]:
    """Another pack as far as it can be read; what is wrong with it is its own finding."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _conflicts_of(content: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for rule in _tables(content, "rule"):
        yield str(rule.get("id")), _words(rule.get("conflicts_with"))


def _span(header: Mapping[str, Any]) -> tuple[date | None, date | None]:
    told = (header.get(key) for key in ("effective_from", "effective_until"))
    since, until = (each if isinstance(each, date) else None for each in told)
    return since, until


def _table(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = content.get(name)
    return value if isinstance(value, Mapping) else {}


def _tables(content: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    value = content.get(name)
    return tuple(each for each in value if isinstance(each, Mapping)) if isinstance(value, list) else ()


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
