"""Where something stands in a TOML file: the line of a key, else of its table, else the first line."""

import re
from collections.abc import Sequence

HEAD = re.compile(r"\s*\[(\[)?\s*([\w-]+(?:\.[\w-]+)*)\s*\](\])?\s*(?:#.*)?")
KEY = re.compile(r"\s*\"?([\w-]+)\"?(?:\.\"?[\w-]+\"?)*\s*=")
LONG_TEXT = ('"""', "'''")

Place = tuple[str | int, ...]


class Lines:
    """The lines of one file, by the place of what they say: `("rule", 3, "due")` is the due time of the fourth rule."""

    def __init__(self, text: str) -> None:
        self._of: dict[Place, int] = {(): 1}
        self._read(text)

    def of(self, place: Sequence[str | int]) -> int:
        """The line of a place, or of the nearest table that holds it."""
        wanted = tuple(place)
        while wanted not in self._of:
            wanted = wanted[:-1]
        return self._of[wanted]

    def _read(self, text: str) -> None:
        table: Place = ()
        counted: dict[str, int] = {}
        inside = ""
        for number, line in enumerate(text.splitlines(), 1):
            if inside:
                inside = "" if inside in line else inside
                continue
            if head := HEAD.fullmatch(line):
                table = _place(head[2], counted, repeated=bool(head[1]))
                self._of.setdefault(table, number)
            elif key := KEY.match(line):
                self._of.setdefault((*table, key[1]), number)
                inside = next((quotes for quotes in LONG_TEXT if line.count(quotes) == 1), "")


def _place(head: str, counted: dict[str, int], *, repeated: bool) -> Place:
    """The place of a table: of one that is repeated, with its number; of one inside it, with the number of the last."""
    first, *rest = head.split(".")
    if repeated and not rest:
        counted[first] = counted.get(first, -1) + 1
    return (first, *((counted[first],) if first in counted else ()), *rest)
