"""Which private fields there are, and which of them are stored: read off the classes and off the log."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from events.private import Private

Place = tuple[str, str]


def private_fields(classes: Iterable[type[BaseModel]]) -> set[Place]:
    """Every private field of these events, as the name of the event and the path of field names."""
    return {(cls.__name__, path) for cls in classes for path in _paths(cls, "")}


def _paths(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        for part in _parts(field.annotation):
            if part is Private:
                yield f"{prefix}{name}"
            elif isinstance(part, type) and issubclass(part, BaseModel):
                yield from _paths(part, f"{prefix}{name}.")


def _parts(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    yield origin or annotation
    if origin is not Private:
        for argument in get_args(annotation):
            yield from _parts(argument)


def sealed_places(event: str, data: Any, path: str = "") -> Iterator[Place]:
    """Every place in the stored data of an event where a sealed value lies."""
    if isinstance(data, dict) and "sealed" in data:
        yield event, path.removesuffix(".")
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from sealed_places(event, value, f"{path}{name}.")
    elif isinstance(data, list):
        for value in data:
            yield from sealed_places(event, value, path)
