"""What `due`, `every` and `count` of a rule may say, read once and strictly."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from deadlines.lengths import LENGTH, Length

IMMEDIATELY, SAME_DAY = "immediately", "same day"
END_OF_MONTH = ", to the end of the calendar month"
SAME_DAY_AS = re.compile(r"same day as (\w+(?: \w+)*)")
DATE_IN = re.compile(r"(?:(.+) before )?date in (\w+)\.(\w+)")
FROM_START = re.compile(r"(\d+(?:,\d+)+) (months) from start")
COUNT = re.compile(r"(\d+)(?:-(\d+))?( hours)?")

Anchor = Literal["start", "immediately", "same day", "same day as", "date"]


class UnreadableLimit(ValueError):
    """A limit, an interval or a number that does not follow the language of the packs."""


@dataclass(frozen=True, slots=True)
class Limit:
    """When a duty is due: a length from its start, a day, or a date that a fact carries (`length` before it, if any).

    `events` are those whose day counts, or the event that carries `field`. `to_month_end`: the whole month in which
    the length is reached counts.
    """

    anchor: Anchor
    length: Length | None = None
    events: tuple[str, ...] = ()
    field: str = ""
    to_month_end: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """How often: one length after the other, or fixed `dates` counted from the start, in `length.unit`."""

    length: Length
    dates: tuple[int, ...] = ()
    quarterly: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many: at least `least`, at most `most` (None: no maximum); `in_hours`: the sum of minutes is meant."""

    least: int
    most: int | None = None
    in_hours: bool = False


@cache
def limit(cell: str) -> Limit:
    """What a `due` cell says. Raises UnreadableLimit, UnreadableLength."""
    if cell in (IMMEDIATELY, SAME_DAY):
        return Limit("immediately" if cell == IMMEDIATELY else "same day")
    if match := SAME_DAY_AS.fullmatch(cell):
        return Limit("same day as", events=tuple(match.group(1).split()))
    if match := DATE_IN.fullmatch(cell):
        before, event, field = match.groups()
        return Limit("date", Length.parse(before) if before else None, (event,), field)
    length = Length.parse(cell.removesuffix(END_OF_MONTH))
    return Limit("start", length, to_month_end=cell.endswith(END_OF_MONTH))


@cache
def interval(cell: str) -> Interval:
    """What an `every` cell says; a quarter is three months. Raises UnreadableLimit, UnreadableLength."""
    if match := FROM_START.fullmatch(cell):
        dates = tuple(int(number) for number in match.group(1).split(","))
        if sorted(set(dates)) != list(dates):
            raise UnreadableLimit(f"fixed dates in order, each once: {cell}")
        return Interval(Length(dates[0], match.group(2)), dates)
    if (match := LENGTH.fullmatch(cell)) and match.group(2).removesuffix("s") == "quarter":
        return Interval(Length.parse(f"{3 * int(match.group(1))} months"), quarterly=True)
    return Interval(Length.parse(cell))


@cache
def count(cell: str) -> Count:
    """What a `count` cell says: `2`, `5-15`, `8 hours`. Empty: once. Raises UnreadableLimit."""
    match = COUNT.fullmatch(cell or "1")
    if match is None or int(match.group(1)) == 0 or (match.group(2) and int(match.group(2)) < int(match.group(1))):
        raise UnreadableLimit(f"not a number of acts or hours: {cell}")
    least, most, hours = match.groups()
    return Count(int(least), int(most) if most else None, in_hours=bool(hours))
