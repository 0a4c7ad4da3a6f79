"""Stored (name, version) to class and back. The union type of a service's events is its registry."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import orjson

from events.event import Event

Reader = Callable[[str | bytes], Event]
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


class UnknownEvent(LookupError):
    """A stored event has a name or a version that this code does not know."""


class Registry:
    """The events of one service by stored name, with the upcasts that bring old versions up to date on read."""

    def __init__(self, classes: tuple[type[Event], ...], upcasts: Mapping[tuple[str, int], Upcast]) -> None:
        self.classes = {cls.stored_name: cls for cls in classes}
        self._today = {(cls.stored_name, cls.stored_version): _reader(cls) for cls in classes}
        if len(self.classes) != len(classes) or "" in self.classes:
            raise ValueError("every event needs a stored name of its own")
        for name, version in upcasts:
            if name not in self.classes or not 1 <= version < self.classes[name].stored_version:
                raise ValueError(f"upcast of {name} version {version} leads nowhere")
        self.upcasts = dict(upcasts)

    @classmethod
    def of(cls, union: Any, upcasts: Mapping[tuple[str, int], Upcast] | None = None) -> "Registry":
        """The registry of a union of event classes (or of one class)."""
        return cls(get_args(union) or (union,), upcasts or {})

    def load(self, name: str, version: int, data: str | bytes) -> Event:
        """The event stored as (name, version, data), upcast to today's version; private values stay sealed.

        Raises UnknownEvent for a name or version without a way to today's class.
        """
        if read := self._today.get((name, version)):
            return read(data)
        cls = self.classes.get(name)
        if cls is None:
            raise UnknownEvent(f"no event is stored under the name {name}")
        if version > cls.stored_version:
            raise UnknownEvent(f"{name} version {version} was stored by a newer release")
        content = orjson.loads(data)
        for step in range(version, cls.stored_version):
            if (name, step) not in self.upcasts:
                raise UnknownEvent(f"{name} version {version} has no upcast from version {step}")
            content = self.upcasts[name, step](content)
        return cls.model_validate_json(orjson.dumps(content))


def _reader(cls: type[Event]) -> Reader:
    """`model_validate_json` without the layer above the validator, which takes as long as the validation."""
    read: Reader = cls.__pydantic_validator__.validate_json
    return read
