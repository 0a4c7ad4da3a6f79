"""Every event ever stored still loads: one golden file for each stored name and version, and none is ever edited."""

import json
from pathlib import Path

import pytest
from tests.contracts.make_golden import CHECKSUMS, GOLDEN, as_stored, checksum, golden_path, kinds, sample

from events.private import privates
from events.registry import Registry
from events.service import installed

REGISTRIES = {service.schema: service.registry for service in installed()}
FILES = sorted(GOLDEN.rglob("*.json"))


def stored_as(path: Path) -> tuple[Registry, str, int]:
    """The registry, the stored name and the version that a golden file stands for."""
    fact, version = path.name.removesuffix(".json").rsplit(".v", 1)
    service = path.parent.name
    return REGISTRIES[service.replace("-", "_")], f"{service}.{fact}", int(version)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GOLDEN).as_posix())
def test_every_golden_file_loads_as_an_event_of_today(path: Path) -> None:
    registry, name, version = stored_as(path)
    event = registry.load(name, version, path.read_bytes())
    assert event.stored_name == name
    assert all(private.sealed and private.value is None for private in privates(event))
    if event.stored_version == version:
        assert as_stored(event) == path.read_text(encoding="utf-8")


def test_every_stored_name_and_version_has_a_golden_file() -> None:
    wanted = {
        golden_path(kind.stored_name, version) for kind in kinds() for version in range(1, kind.stored_version + 1)
    }
    missing = sorted(str(path.relative_to(GOLDEN)) for path in wanted if not path.exists())
    assert not missing, "run python -m tests.contracts.make_golden"


def test_nobody_edits_or_removes_a_golden_file() -> None:
    noted = CHECKSUMS.read_text(encoding="utf-8").splitlines()
    assert sorted(noted) == sorted(checksum(path) for path in FILES), "golden files are only ever added"


def test_a_golden_file_fills_every_field_of_its_event() -> None:
    """A field that the sample leaves out would not be proven to load again."""
    for kind in kinds():
        content = json.loads(as_stored(sample(kind)))
        assert content.keys() == kind.model_fields.keys()
        assert all(value is not None for value in content.values()), kind.stored_name
