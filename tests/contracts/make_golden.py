"""Writes a golden file for every stored (name, version) that has none: `python -m tests.contracts.make_golden`.

A golden file is an event exactly as the log keeps it. It is never changed: rows like it are stored somewhere for ever.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from events.event import Event
from events.schemas import example
from events.service import installed

GOLDEN = Path(__file__).parent / "golden"
CHECKSUMS = GOLDEN / "golden.sha256"


def golden_path(name: str, version: int) -> Path:
    """Where the golden file of a stored name and version is kept."""
    service, fact = name.split(".", 1)
    return GOLDEN / service / f"{fact}.v{version}.json"


def as_stored(event: Event) -> str:
    """The event as it stands in the log, laid out for reading."""
    return json.dumps(json.loads(event.model_dump_json()), indent=2, ensure_ascii=False) + "\n"


def sample(kind: type[Event]) -> Event:
    """One event of this class with every field filled and every private value sealed."""
    return kind.model_validate_json(json.dumps(example(kind.model_json_schema())))


def checksum(path: Path) -> str:
    """One line of the list: the file's digest and its path, as `sha256sum` writes them."""
    return f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(GOLDEN).as_posix()}"


def kinds() -> list[type[Event]]:
    """Every class of event that an installed service stores."""
    return [kind for service in installed() for kind in service.registry.classes.values()]


def add_missing(stored: Iterable[type[Event]]) -> list[Path]:
    """Write the golden files that do not exist yet and note their checksums. Returns them."""
    added = []
    for kind in stored:
        path = golden_path(kind.stored_name, kind.stored_version)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(as_stored(sample(kind)), encoding="utf-8")
            added.append(path)
    known = CHECKSUMS.read_text(encoding="utf-8").splitlines() if CHECKSUMS.exists() else []
    lines = sorted([*known, *(checksum(path) for path in added)], key=lambda line: line.split()[1])
    CHECKSUMS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return added


if __name__ == "__main__":
    for new in add_missing(kinds()):
        print(f"wrote {new.relative_to(GOLDEN.parent)}")
