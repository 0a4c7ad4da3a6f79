"""The contracts as documents: a JSON Schema for each public event, one AsyncAPI 3 document, and a catalogue to read."""

import json
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Any

from events.asyncapi import asyncapi
from events.catalogue import public_events
from events.event import PublicEvent
from events.schemas import Schema, schema_of

RELEASED = "released"
CATALOGUE_HEAD = """# Public events

Every fact that a service announces, by topic. This page is written by `make contracts` from `events.contracts`; the JSON
Schemas and the AsyncAPI document are in `contracts/`. Messages are CloudEvents 1.0 (Kafka, binary mode). A field marked
`?` is absent when it is not known. All events of one key keep their order; nothing is promised across keys.

A released version only ever gains optional fields; `contracts/released/` is what the build compares with, and any other
change is a new version beside the old one. A list of values is closed unless its schema says `x-open`.
"""


def schema_path(event: type[PublicEvent]) -> Path:
    """Where the schema of an event goes, relative to the directory of the documents."""
    return Path(event.topic) / f"{event.__name__}.v{event.contract_version}.json"


def documents(directory: Path) -> dict[Path, str]:
    """The text of every document by its path. The same contracts give the same texts."""
    found = public_events()
    schemas = {directory / schema_path(event): as_json(schema_of(event)) for event in found}
    return {
        **schemas,
        directory / "asyncapi.json": as_json(asyncapi(found, schema_path)),
        directory.parent / "events.md": catalogue(found),
    }


def write(directory: Path) -> list[Path]:
    """Write every document below `directory`, and the catalogue `events.md` beside it; remove what is left over.

    Released schemas stay as they are. Returns the paths written.
    """
    current = documents(directory)
    for path in _left_over(directory, current):
        path.unlink()
    for path, text in current.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(current)


def differs(directory: Path) -> list[str]:
    """What `write` would change: a line for each missing, stale or left-over document; none when all are current."""
    current = documents(directory)
    lines = [f"{path} is left over" for path in _left_over(directory, current)]
    for path, text in current.items():
        if not path.is_file():
            lines.append(f"{path} is missing")
        elif path.read_text(encoding="utf-8") != text:
            lines.append(f"{path} is stale")
    return lines


def as_json(document: Any) -> str:
    """A document as text, the same on every machine."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def catalogue(events: Iterable[type[PublicEvent]]) -> str:
    """The page for readers: each event with its fields, by topic."""
    page, topic = [CATALOGUE_HEAD], ""
    for event in events:
        if event.topic != topic:
            topic = event.topic
            page.append(f"## {topic}\n")
        page.append(_entry(schema_of(event), schema_path(event)))
    return "\n".join(page)


def _entry(schema: Schema, path: Path) -> str:
    required = schema.get("required", [])
    fields = ", ".join(f"`{name}`" + ("" if name in required else "?") for name in schema["properties"])
    title = f"### {schema['title']} v{schema['x-version']}"
    links = f"Key `{schema['x-key']}`. [Schema](contracts/{path.as_posix()})."
    return "\n\n".join(part for part in (title, schema["description"], f"Fields: {fields}.", links) if part) + "\n"


def _left_over(directory: Path, current: Container[Path]) -> list[Path]:
    found = sorted(path for path in directory.rglob("*.json") if path.relative_to(directory).parts[0] != RELEASED)
    return [path for path in found if path not in current]
