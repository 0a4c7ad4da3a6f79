"""A released contract only gains optional fields; everything else is a new version beside it."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.test_documents import CONTRACTS, each_event

from events.catalogue import public_events
from events.compatibility import breaks, broken_releases, release, released
from events.documents import RELEASED, schema_path
from events.schemas import schema_of

Schema = dict[str, Any]
OLD: Schema = {
    "type": "object",
    "description": "A report was screened.",
    "x-topic": "intake",
    "x-key": "reportId",
    "properties": {
        "reportId": {"type": "string", "format": "uuid"},
        "level": {"type": "string", "enum": ["1", "2"]},
        "channel": {"type": "string", "enum": ["phone"], "x-open": True},
        "county": {"type": "string", "maxLength": 40},
        "kind": {"const": "report"},
        "victims": {"type": "array", "items": {"$ref": "#/$defs/Victim"}, "default": []},
        "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]},
    },
    "required": ["reportId", "level"],
    "$defs": {"Victim": {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]}},
}


def changed(change: Callable[[Schema], object]) -> list[str]:
    """What a change of the old contract breaks."""
    new = copy.deepcopy(OLD)
    change(new)
    return breaks(OLD, new)


def properties(schema: Schema) -> Schema:
    found: Schema = schema["properties"]
    return found


SAFE: dict[str, Callable[[Schema], object]] = {
    "nothing": lambda new: None,
    "a new optional property": lambda new: properties(new).update(setting={"type": "string"}),
    "other words": lambda new: new.update(description="The report was screened.", title="ReportScreened"),
    "a new value of an open list": lambda new: properties(new)["channel"]["enum"].append("in-person"),
    "another order of the required": lambda new: new["required"].reverse(),
    "a part written in place": lambda new: properties(new)["victims"].update(items=new["$defs"]["Victim"]),
    "a new optional property of a part": lambda new: new["$defs"]["Victim"]["properties"].update(
        sex={"type": "string"}
    ),
}
BREAKING: dict[str, tuple[Callable[[Schema], object], str]] = {
    "removed": (lambda new: properties(new).pop("county"), "the event: property county was removed"),
    "optional now": (lambda new: new["required"].remove("level"), "property level: was required and became optional"),
    "required now": (lambda new: new["required"].append("county"), "property county: was optional and became required"),
    "new and required": (
        lambda new: (properties(new).update(by={"type": "string"}), new["required"].append("by")),
        "property by: is new and required",
    ),
    "type": (
        lambda new: properties(new)["county"].update(type="integer"),
        'property county: type changed from "string" to "integer"',
    ),
    "format": (
        lambda new: properties(new)["reportId"].pop("format"),
        'property reportId: format changed from "uuid" to nothing',
    ),
    "const": (
        lambda new: properties(new)["kind"].update(const="call"),
        'property kind: const changed from "report" to "call"',
    ),
    "narrowed": (
        lambda new: properties(new)["county"].update(maxLength=10),
        "property county: maxLength changed from 40 to 10",
    ),
    "widened": (
        lambda new: properties(new)["county"].pop("maxLength"),
        "property county: maxLength changed from 40 to nothing",
    ),
    "a value more": (
        lambda new: properties(new)["level"]["enum"].append("3"),
        "property level: readers do not know 3, and the field is not open",
    ),
    "a value less": (
        lambda new: properties(new)["level"]["enum"].remove("2"),
        "property level: no longer knows 2, which was sent before",
    ),
    "a value less of an open list": (
        lambda new: properties(new)["channel"].update(enum=["in-person"]),
        "property channel: no longer knows phone, which was sent before",
    ),
    "opened afterwards": (
        lambda new: properties(new)["level"].update({"x-open": True}),
        "property level: x-open changed from nothing to true",
    ),
    "any text": (lambda new: properties(new)["level"].pop("enum"), "property level: the list of values was removed"),
    "only these": (
        lambda new: properties(new)["county"].update(enum=["Alder"]),
        "property county: the list of values was added",
    ),
    "default": (
        lambda new: properties(new)["victims"].pop("default"),
        "property victims: default changed from [] to nothing",
    ),
    "a part's property removed": (
        lambda new: new["$defs"]["Victim"].update(properties={}, required=[]),
        "property victims, each item: property age was removed",
    ),
    "any items": (
        lambda new: properties(new)["victims"].pop("items"),
        "property victims: the kind of its items changed",
    ),
    "key": (lambda new: new.update({"x-key": "level"}), 'the event: x-key changed from "reportId" to "level"'),
    "topic": (lambda new: new.update({"x-topic": "calls"}), 'the event: x-topic changed from "intake" to "calls"'),
}


@pytest.mark.parametrize("change", SAFE.values(), ids=SAFE)
def test_a_change_that_nobody_notices_is_safe(change: Callable[[Schema], object]) -> None:
    assert changed(change) == []


@pytest.mark.parametrize(("change", "said"), BREAKING.values(), ids=BREAKING)
def test_a_change_that_breaks_a_reader_is_named(change: Callable[[Schema], object], said: str) -> None:
    assert changed(change) == [said]


def test_the_items_of_a_pair_are_compared_one_by_one() -> None:
    (line,) = changed(lambda new: properties(new)["pair"]["prefixItems"].reverse())
    assert line.startswith("property pair: prefixItems changed from")


def test_todays_contracts_break_no_released_one() -> None:
    assert broken_releases(CONTRACTS) == []


def test_what_was_released_is_kept_where_the_build_compares_with_it() -> None:
    assert released(CONTRACTS), "docs/contracts/released is empty: hearthline contracts --release"


@each_event
def test_every_contract_is_released_or_waits_for_the_next_release(event: Any) -> None:
    schema = released(CONTRACTS).get(schema_path(event))
    assert schema is None or schema["x-event-type"] == event.event_type


def test_a_release_that_would_break_a_reader_is_refused_and_nothing_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, other = public_events()[:2]
    monkeypatch.setattr("events.compatibility.public_events", lambda: (event,))
    assert [path.relative_to(tmp_path / RELEASED) for path in release(tmp_path)] == [schema_path(event)]
    assert broken_releases(tmp_path) == []
    promised = schema_of(event)
    promised["properties"]["extra"] = {"type": "string"}
    path = tmp_path / RELEASED / schema_path(event)
    path.write_text(json.dumps(promised))
    monkeypatch.setattr("events.compatibility.public_events", lambda: (event, other))
    with pytest.raises(
        ValueError, match="property extra was removed; leave this version as it was released, and add the"
    ):
        release(tmp_path)
    assert list(released(tmp_path)) == [schema_path(event)]


def test_a_released_event_cannot_be_withdrawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    event, *others = public_events()
    release(tmp_path)
    monkeypatch.setattr("events.compatibility.public_events", lambda: tuple(others))
    (line,) = broken_releases(tmp_path)
    assert line.startswith(f"{event.event_type}: the event was withdrawn")
