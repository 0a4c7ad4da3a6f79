"""`Private[str]`: a confidential text that belongs to one person and is only ever stored under that person's key.

A private value is in one of three states: clear (just entered, or opened for a reader who may see it), sealed (as stored)
or erased (its person was forgotten). It prints as dots in every state, so that no log or traceback can show it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args
from uuid import UUID

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")


class PrivateInClear(RuntimeError):
    """A private value in the clear was about to be written or sent. Seal it, or open it for a reader on purpose."""


@dataclass(frozen=True, slots=True)
class Private(Generic[T]):
    """A confidential text of `person`. Build it in the clear with `Private(person, "text")`."""

    person: UUID
    value: str | None = None
    sealed: str | None = None

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
    return Private(UUID(data["person"]), sealed=data.get("sealed"))


def _serialize(private: Private[str]) -> dict[str, Any]:
    if private.value is not None:
        raise PrivateInClear("a private value would be written in the clear")
    if private.sealed is None:
        return {"person": str(private.person), "erased": True}
    return {"person": str(private.person), "sealed": private.sealed}


def located(value: Any, path: str = "") -> Iterator[tuple[str, Private[str]]]:
    """Every private value inside a model, at any depth, with the path of field names that leads to it."""
    if isinstance(value, Private):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, item in value.__dict__.items():
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
