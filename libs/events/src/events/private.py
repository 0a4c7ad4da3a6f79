"""`Private[str]`: a confidential text that belongs to one person and is only ever stored under that person's key.

A private value is in one of three states: clear (just entered, or opened for a reader who may see it), sealed (as stored)
or erased (its person was forgotten). It prints as dots in every state, so that no log or traceback can show it.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Generic, NoReturn, TypeVar, get_args
from uuid import UUID

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")


class PrivateInClear(RuntimeError):
    """A private value in the clear was about to be written or sent. Seal it, or open it for a reader on purpose."""


class Private(Generic[T]):
    """A confidential text of `person`. Build it in the clear with `Private(person, "text")`. It cannot be changed.

    Not a dataclass on purpose: pydantic would write and read the fields of one in its own way, past the guard below.
    """

    __slots__ = ("person", "sealed", "value")
    person: UUID
    value: str | None
    sealed: str | None

    def __init__(self, person: UUID, value: str | None = None, sealed: str | None = None) -> None:
        for name, content in (("person", person), ("value", value), ("sealed", sealed)):
            object.__setattr__(self, name, content)

    def __setattr__(self, name: str, content: object) -> NoReturn:
        raise AttributeError("a private value cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a private value cannot be changed")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Private) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    def __reduce__(self) -> tuple[Any, ...]:
        return Private, self._content

    @property
    def _content(self) -> tuple[UUID, str | None, str | None]:
        return self.person, self.value, self.sealed

    def belonging_to(self, person: UUID) -> "Private[T]":
        """The same text as another person's, before it is sealed."""
        if self.sealed is not None:
            raise ValueError("a sealed text cannot change its person")
        return Private(person, self.value)

    @property
    def erased(self) -> bool:
        """Whether the key of this person was destroyed, so that nobody can read the value again."""
        return self.value is None and self.sealed is None

    def __repr__(self) -> str:
        return f"Private({self.person}, ***)"

    __str__ = __repr__

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if get_args(source) not in ((), (str,)):
            raise TypeError("only text can be private: write dates and numbers as text (ISO 8601)")
        stored = core_schema.no_info_after_validator_function(_stored, core_schema.dict_schema())
        return core_schema.json_or_python_schema(
            json_schema=stored,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(Private), stored]),
            serialization=core_schema.plain_serializer_function_ser_schema(_serialize),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "object", "x-private": True}


def _stored(data: dict[str, Any]) -> Private[str]:
    if "person" not in data or "value" in data:
        raise ValueError("not a private value as it is stored")
    return Private(UUID(data["person"]), sealed=data.get("sealed"))


def _serialize(private: Private[str]) -> dict[str, Any]:
    if private.value is not None:
        raise PrivateInClear("a private value would be written in the clear")
    if private.sealed is None:
        return {"person": str(private.person), "erased": True}
    return {"person": str(private.person), "sealed": private.sealed}


PLAIN = (str, int, bool, type(None), float, UUID, datetime, date)


def located(value: Any, path: str = "") -> Iterator[tuple[str, Private[str]]]:
    """Every private value inside a model, at any depth, with the path of field names that leads to it."""
    if isinstance(value, Private):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, item in value.__dict__.items():
            if type(item) not in PLAIN:  # of exactly these kinds nothing is inside; every command comes through here
                yield from located(item, f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from located(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from located(item, path)


def privates(value: Any) -> Iterator[Private[str]]:
    """Every private value inside a model, at any depth."""
    return (private for _, private in located(value))


def map_privates(value: Any, change: Callable[[Private[str]], Private[str]]) -> Any:
    """The same model with every private value replaced by `change(value)`; everything else is shared, not copied."""
    if isinstance(value, Private):
        return change(value)
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: map_privates(item, change) for name, item in value.__dict__.items()})
    if isinstance(value, dict):
        return {name: map_privates(item, change) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map_privates(item, change) for item in value)
    return value
