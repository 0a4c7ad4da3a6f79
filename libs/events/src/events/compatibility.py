"""Whether a changed contract still serves everybody who relies on the one before.

Two kinds of readers rely on a released contract: those that still read with it what is sent from now on, and those that
read with the changed one what was sent before (the topics keep their history). So a version only ever gains optional
fields. Everything else is a new version beside the old one. An enumeration is closed: readers refuse a value that they
do not know. A field that may gain values says `"x-open": true` from its first release, and is read as text.
What is not known to be harmless counts as breaking.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from events.catalogue import public_events
from events.documents import RELEASED, as_json, schema_path
from events.schemas import Schema, schema_of

ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "examples"})
COMPARED_IN_DEPTH = frozenset({"properties", "required", "items", "enum"})
ADVICE = "leave this version as it was released, and add the next version beside it"


def breaks(old: Schema, new: Schema) -> list[str]:
    """What in `new` breaks those who rely on `old`, a line each; none when the change is safe."""
    return list(_breaks(_plain(old, old.get("$defs", {})), _plain(new, new.get("$defs", {})), "the event"))


def broken_releases(directory: Path) -> list[str]:
    """What today's contracts break of those released below `directory`, with the event's type in front of each line."""
    current = {schema_path(event): schema_of(event) for event in public_events()}
    lines = []
    for path, old in released(directory).items():
        found = breaks(old, current[path]) if path in current else ["the event was withdrawn"]
        lines += [f"{old['x-event-type']}: {line}; {ADVICE}" for line in found]
    return lines


def released(directory: Path) -> dict[Path, Schema]:
    """The released schemas by their path, as they were last released."""
    root = directory / RELEASED
    return {
        path.relative_to(root): json.loads(path.read_text(encoding="utf-8")) for path in sorted(root.rglob("*.json"))
    }


def release(directory: Path) -> list[Path]:
    """Record today's contracts as released. Raises ValueError, and records nothing, when one breaks a release."""
    if lines := broken_releases(directory):
        raise ValueError("not released: " + "; ".join(lines))
    written = []
    for event in public_events():
        path = directory / RELEASED / schema_path(event)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_json(schema_of(event)), encoding="utf-8")
        written.append(path)
    return written


def _plain(schema: Schema, definitions: Schema) -> Schema:
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    return {key: _plain_value(key, value, definitions) for key, value in schema.items() if key not in ANNOTATIONS}


def _plain_value(keyword: str, value: Any, definitions: Schema) -> Any:
    match keyword:
        case "properties":
            return {name: _plain(schema, definitions) for name, schema in value.items()}
        case "prefixItems" | "anyOf" | "oneOf" | "allOf":
            return [_plain(schema, definitions) for schema in value]
        case "items" | "additionalProperties" if isinstance(value, dict):
            return _plain(value, definitions)
        case _:
            return value


def _breaks(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for keyword in sorted((old.keys() | new.keys()) - COMPARED_IN_DEPTH):
        if old.get(keyword) != new.get(keyword):
            yield f"{where}: {keyword} changed from {_shown(old, keyword)} to {_shown(new, keyword)}"
    yield from _values(old, new, where)
    yield from _properties(old.get("properties", {}), new.get("properties", {}), where)
    yield from _required(old, new)
    if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
        yield from _breaks(old["items"], new["items"], f"{where}, each item")
    elif old.get("items") != new.get("items"):
        yield f"{where}: the kind of its items changed"


def _values(old: Schema, new: Schema, where: str) -> Iterator[str]:
    before, after = old.get("enum", []), new.get("enum", [])
    if bool(before) != bool(after):
        yield f"{where}: the list of values was {'removed' if before else 'added'}"
        return
    if removed := [value for value in before if value not in after]:
        yield f"{where}: no longer knows {_listed(removed)}, which was sent before"
    if (added := [value for value in after if value not in before]) and not old.get("x-open"):
        yield f"{where}: readers do not know {_listed(added)}, and the field is not open"


def _properties(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for name, schema in old.items():
        if name in new:
            yield from _breaks(schema, new[name], f"property {name}")
        else:
            yield f"{where}: property {name} was removed"


def _required(old: Schema, new: Schema) -> Iterator[str]:
    was, now = set(old.get("required", [])), set(new.get("required", []))
    for name in sorted((was - now) & new.get("properties", {}).keys()):
        yield f"property {name}: was required and became optional"
    for name in sorted(now - was):
        known = name in old.get("properties", {})
        yield f"property {name}: {'was optional and became required' if known else 'is new and required'}"


def _shown(schema: Schema, keyword: str) -> str:
    return json.dumps(schema[keyword]) if keyword in schema else "nothing"


def _listed(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values)
