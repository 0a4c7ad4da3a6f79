"""The generated documents are the contracts of today, and other people's tools can read them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from events.asyncapi import ATTRIBUTES, REQUIRED
from events.catalogue import public_events
from events.cloudevents import to_headers
from events.documents import differs, documents, schema_path, write
from events.event import PublicEvent
from events.message import Message
from events.schemas import schema_of

CONTRACTS = Path(__file__).parents[2] / "docs" / "contracts"
each_event = pytest.mark.parametrize("event", public_events(), ids=lambda event: event.event_type)


def asyncapi() -> dict[str, Any]:
    """The committed AsyncAPI document."""
    document: dict[str, Any] = json.loads((CONTRACTS / "asyncapi.json").read_text(encoding="utf-8"))
    return document


def references(value: Any) -> Iterator[str]:
    """Every `$ref` inside a document."""
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from references(item)


def test_the_committed_documents_are_those_of_todays_contracts() -> None:
    assert differs(CONTRACTS) == [], "run make contracts"


def test_a_stale_a_missing_and_a_left_over_document_are_each_noticed_and_mended(tmp_path: Path) -> None:
    directory = tmp_path / "contracts"
    paths = write(directory)
    assert sorted(paths) == sorted(documents(directory))
    assert differs(directory) == []
    stale, missing, left_over = paths[0], paths[1], directory / "nobody" / "Gone.v1.json"
    kept = directory / "released" / "intake" / "Old.v1.json"
    for path in (left_over, kept):
        path.parent.mkdir(parents=True)
        path.write_text("{}")
    stale.write_text("{}")
    missing.unlink()
    assert differs(directory) == [f"{left_over} is left over", f"{stale} is stale", f"{missing} is missing"]
    write(directory)
    assert differs(directory) == []
    assert kept.exists()


@each_event
def test_an_example_of_every_event_fits_its_schema_and_is_read_back_unchanged(event: type[PublicEvent]) -> None:
    schema = schema_of(event)
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    for example in schema["examples"]:
        checker.validate(example)
        assert json.loads(event.from_json(json.dumps(example)).to_json()) == example


@each_event
def test_a_message_with_only_its_required_fields_is_read_and_fits_its_schema(event: type[PublicEvent]) -> None:
    """What is not known is absent, never null: so no field that may be unknown is required."""
    schema = schema_of(event)
    least = {name: schema["examples"][0][name] for name in schema.get("required", [])}
    written = event.from_json(json.dumps(least)).to_json()
    jsonschema.Draft202012Validator(schema).validate(json.loads(written))
    assert least.items() <= json.loads(written).items()


@each_event
def test_every_event_says_its_topic_and_its_key_and_what_it_means(event: type[PublicEvent]) -> None:
    schema = json.loads((CONTRACTS / schema_path(event)).read_text(encoding="utf-8"))
    assert schema["x-key"] in schema["required"]
    assert schema["x-topic"] == event.topic
    assert schema["description"].endswith(".")


def test_every_event_is_a_message_of_the_channel_of_its_topic() -> None:
    document = asyncapi()
    for event in public_events():
        messages = document["channels"][event.topic]["messages"]
        assert {"$ref": f"#/components/messages/{event.event_type}"} in messages.values()
    assert len(document["components"]["messages"]) == len(public_events())


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()
    for reference in references(document):
        if reference.startswith("./"):
            assert (CONTRACTS / reference).is_file()
            continue
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_the_headers_described_are_those_that_travel() -> None:
    attributes = {name: "1.0" if name == "specversion" else "x" for name in ATTRIBUTES}
    shared = {key: value for key, value in attributes.items() if key not in ("partitionkey", "sequence")}
    message = Message("intake", "k", 7, b"{}", {**shared, "datacontenttype": "application/json"})
    headers = {name: value.decode() for name, value in to_headers(message, b"k")}
    described = asyncapi()["components"]["schemas"]["CloudEventHeaders"]
    assert headers.keys() == described["properties"].keys()
    assert {f"ce_{name}" for name in REQUIRED} <= set(described["required"])
    jsonschema.Draft202012Validator(described).validate(headers)
