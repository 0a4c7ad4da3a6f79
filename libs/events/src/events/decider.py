"""The form of every business rule: `decide(command, state) -> events`, `evolve(state, event) -> state`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Generic, TypeVar

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


class Rejected(Exception):
    """The rules say no. `code` is stable and part of the API; `rule` and `source` say where the refusal comes from.

    `field` names the offending field when there is one; `status` is the HTTP status that carries the refusal.
    """

    def __init__(
        self, code: str, detail: str = "", *, rule: str = "", source: str = "", field: str = "", status: int = 409
    ) -> None:
        super().__init__(detail or code)
        self.code, self.detail, self.rule, self.source = code, detail or code, rule, source
        self.field, self.status = field, status


@dataclass(frozen=True)
class Decider(Generic[C, S, E]):
    """One kind of stream: its initial state, its rules and its memory. `category` begins the name of each stream."""

    category: str
    decide: Callable[[C, S], list[E]]
    evolve: Callable[[S, E], S]
    initial: S = field(kw_only=True)

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        """The state after `events`, from the beginning or from a known state."""
        return reduce(self.evolve, events, self.initial if state is None else state)

    def stream(self, key: Any) -> str:
        """The name of one stream: the category and the key."""
        return f"{self.category}-{key}"
