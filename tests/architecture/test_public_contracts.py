"""Private facts, public contracts: nothing that is announced can carry a confidential field."""

from collections.abc import Iterator
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel
from tests.architecture.workspace import services, vocabulary

from events.catalogue import public_events
from events.event import PublicEvent
from events.private import Private

CONFIDENTIAL = frozenset(
    {
        *("name", "names", "address", "addresses", "street", "email", "phone", "telephone", "ssn", "birth", "born"),
        *("narrative", "narratives", "text", "texts", "description", "summary", "note", "notes", "reason", "comment"),
        *("complainant", "reporter", "judge", "whereabouts"),
    }
)
# A code that is no closed list: why a clock is where it is.
CODED = {("deadlines", "reason")}
each_event = pytest.mark.parametrize("event", public_events(), ids=lambda event: event.event_type)


def fields(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a model by its path, at any depth, with its type."""
    for name, field in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        for kind in kinds(field.annotation):
            yield here, kind
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from fields(kind, here)


def kinds(annotation: Any) -> Iterator[Any]:
    """The types that an annotation is made of."""
    yield get_origin(annotation) or annotation
    for argument in get_args(annotation):
        yield from kinds(argument)


def confidential(topic: str, path: str) -> set[str]:
    """The words in a field's name that announce confidential content."""
    name = path.rsplit(".", 1)[-1]
    return set() if (topic, name) in CODED else {word for word in name.split("_") if word in CONFIDENTIAL}


def coded(annotation: Any) -> bool:
    """Whether a type admits nothing but values of a closed list, or yes and no: what kind of reporter, which reason."""
    if get_origin(annotation) is Literal:
        return True
    return all(coded(part) for part in get_args(annotation)) if get_args(annotation) else annotation in (bool, NoneType)


@each_event
def test_no_public_event_carries_a_private_value(event: type[PublicEvent]) -> None:
    assert [path for path, kind in fields(event) if kind is Private] == []


@each_event
def test_no_public_event_has_a_field_for_a_name_an_address_a_narrative_or_a_reason(event: type[PublicEvent]) -> None:
    free = {path for path, _ in fields(event) if path not in event.model_fields}
    free |= {name for name, field in event.model_fields.items() if not coded(field.annotation)}
    assert {path: words for path in free if (words := confidential(event.topic, path))} == {}


@each_event
def test_every_field_of_a_public_event_has_a_shape_of_its_own(event: type[PublicEvent]) -> None:
    """A field that takes anything could carry anything."""
    assert [path for path, kind in fields(event) if kind in (Any, object, dict)] == []


def test_the_check_looks_into_the_parts_of_an_event() -> None:
    class Part(BaseModel):
        first_name: str
        told: tuple[Private[str] | None, ...]

    class Told(PublicEvent):
        parts: dict[str, tuple[Part, ...]]
        reason: Literal["moved", "refused"] | None = None
        summary: Literal["short"] | str

    found = dict(fields(Told))
    assert [path for path, kind in fields(Told) if kind is Private] == ["parts.told"]
    assert confidential("intake", next(path for path in found if path.endswith("first_name"))) == {"name"}
    assert [name for name, field in Told.model_fields.items() if coded(field.annotation)] == ["reason"]


def test_every_topic_is_a_service_and_every_key_is_a_field_that_is_always_there() -> None:
    names = {service.name for service in services()} | set(vocabulary().values())
    for event in public_events():
        assert event.topic in names
        assert event.model_fields[event.key_field].is_required(), event.event_type
