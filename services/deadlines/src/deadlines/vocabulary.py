"""What rules may compare: the public events, their fields, and what each field can hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from events.catalogue import public_events
from events.event import PublicEvent

NUMBER, WHOLE_NUMBER = re.compile(r"-?\d+(\.\d+)?"), re.compile(r"-?\d+")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Sort = Literal["code", "text", "id", "number", "whole number", "true or false", "date", "time", "part"]
FORMATS: dict[str, Sort] = {"uuid": "id", "date": "date", "date-time": "time"}
TYPES: dict[str, Sort] = {"boolean": "true or false", "integer": "whole number", "number": "number", "object": "part"}


@dataclass(frozen=True, slots=True)
class Held:
    """What a field holds, once or (`many`) several times: one of `codes`, or anything of its sort. `parts` are the
    fields of an object; `optional`: it may be absent."""

    sort: Sort
    many: bool = False
    codes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    optional: bool = False

    @property
    def numeric(self) -> bool:
        """Whether it can be larger or smaller than a number."""
        return self.sort in ("number", "whole number") or (bool(self.codes) and all(map(NUMBER.fullmatch, self.codes)))

    @property
    def dated(self) -> bool:
        """Whether a day can be read from it."""
        return not self.many and self.sort in ("date", "time")

    def admits(self, value: str) -> bool:
        """Whether a value, as the packs write it, can ever stand there."""
        match self.sort:
            case "code":
                return value in self.codes
            case "true or false":
                return value in ("true", "false")
            case "number":
                return NUMBER.fullmatch(value) is not None
            case "whole number":
                return WHOLE_NUMBER.fullmatch(value) is not None
            case "id":
                return ID.fullmatch(value) is not None
            case "date":
                return _is_date(value)
            case "text":
                return True
        return False

    def __str__(self) -> str:
        what = f"one of {', '.join(self.codes)}" if self.sort == "code" else self.sort
        return f"a list, each {what}" if self.many else what


@cache
def fields_of(event: str) -> Mapping[str, Held] | None:
    """The fields of a public event under the names that travel; None when there is no such event."""
    contract = _contracts().get(event)
    if contract is None:
        return None
    schema = contract.model_json_schema(by_alias=True)
    required = schema.get("required", ())
    definitions = schema.get("$defs", {})
    return {
        name: _held(field, definitions, optional=name not in required)
        for name, field in schema.get("properties", {}).items()
    }


@cache
def words() -> tuple[str, ...]:
    """The names of all public events."""
    return tuple(sorted(_contracts()))


@cache
def _contracts() -> Mapping[str, type[PublicEvent]]:
    return {event.__name__: event for event in public_events()}


def _held(field: Mapping[str, Any], definitions: Mapping[str, Any], *, optional: bool, many: bool = False) -> Held:
    if "$ref" in field:
        return _held(definitions[field["$ref"].rsplit("/", 1)[-1]], definitions, optional=optional, many=many)
    if "anyOf" in field:
        present = next(branch for branch in field["anyOf"] if branch.get("type") != "null")
        return _held(present, definitions, optional=optional, many=many)
    if field.get("type") == "array":
        return _held(field.get("items", {}), definitions, optional=optional, many=True)
    codes = tuple(
        str(code) for code in (field["enum"] if "enum" in field else [field["const"]] if "const" in field else ())
    )
    if codes:
        return Held("code", many, codes, optional=optional)
    sort = FORMATS.get(field.get("format", "")) or TYPES.get(field.get("type", ""), "text")
    return Held(sort, many, parts=tuple(field.get("properties", ())), optional=optional)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
