"""Payloads made from nothing but a contract: every required field, every id, and values that pass or fail some tests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations

from deadlines.facts import Fact
from deadlines.filters import Comparison
from deadlines.subjects import KINDS_OF_FIELDS
from deadlines.testing import CALENDAR
from deadlines.vocabulary import Held, fields_of
from events.ids import derived

HOME = "home"
# Things that carry one id under several names: whatever a fact calls it, it is the same home, child, person.
SAME = {"homeId": HOME, "resourceHomeId": HOME, "homeOrFacilityId": HOME, "facilityId": HOME, "victims": "childId"}
PLACES = {"county": "Alder", "counties": "Alder", "countyOfResponsibility": "Alder", "region": "north"}


class NoSuchPayload(ValueError):
    """No payload passes all tests that must pass and fails those that must fail."""


@dataclass(frozen=True)
class Wanted:
    """What a fact must say (`must`), must not say (`never`), and which thing it names under which key (`named`)."""

    event: str
    must: tuple[Comparison, ...] = ()
    never: tuple[Comparison, ...] = ()
    named: Mapping[str, object] = field(default_factory=dict)

    def also(self, *must: Comparison, **named: object) -> "Wanted":
        return Wanted(self.event, (*self.must, *must), self.never, {**self.named, **named})

    def but(self, *never: Comparison) -> "Wanted":
        return Wanted(self.event, self.must, (*self.never, *never), self.named)


def fact(wanted: Wanted, at: datetime, number: int, learned: datetime | None = None) -> Fact:
    """A fact of the contract. Raises NoSuchPayload."""
    return Fact(derived("scenario", number), wanted.event, at, learned or at, payload(wanted, at))


def payload(wanted: Wanted, at: datetime) -> dict[str, object]:
    """What it carries. Raises NoSuchPayload."""
    fields = fields_of(wanted.event)
    assert fields is not None, wanted.event
    tested = {test.field for test in (*wanted.must, *wanted.never)}
    given = {name: value for name, value in wanted.named.items() if name in fields}
    told = {
        name: _value(name, held, wanted, at)
        for name, held in fields.items()
        if name not in given and (not held.optional or name in tested or _names_a_thing(name))
    }
    return told | given


def id_of(name: str) -> str:
    """The one id that goes by a field name."""
    thing = SAME.get(name) or (f"{name.removesuffix('Ids')}Id" if name.endswith("Ids") else name)
    return PLACES.get(name) or str(derived("scenario", thing))


def _names_a_thing(name: str) -> bool:
    return name in KINDS_OF_FIELDS


def _value(name: str, held: Held, wanted: Wanted, at: datetime) -> object:
    must = [test for test in wanted.must if test.field == name]
    never = [test for test in wanted.never if test.field == name]
    for candidate in _candidates(name, held, (*must, *never), at):
        data = {name: candidate}
        if all(test.passes(data) for test in must) and not any(test.passes(data) for test in never):
            return candidate
    raise NoSuchPayload(
        f"{wanted.event}.{name}: {[str(test) for test in must]} and none of {[str(test) for test in never]}"
    )


def _candidates(name: str, held: Held, tests: Sequence[Comparison], at: datetime) -> Iterator[object]:
    single = list(_singles(name, held, tests, at))
    if not held.many:
        yield from single
        return
    yield [single[0]]
    yield from ([each] for each in single[1:])
    yield from (list(some) for number in (2, 3) for some in combinations(single, number))
    yield []


def _singles(name: str, held: Held, tests: Iterable[Comparison], at: datetime) -> Iterator[object]:
    values = [value for test in tests for value in test.values]
    match held.sort:
        case "code":
            yield from held.codes
        case "true or false":
            yield from (False, True)
        case "number" | "whole number":
            yield 1
            yield from (_number(Decimal(value) + step) for value in values for step in (0, 1, -1))
        case "date":
            day = CALENDAR.day(at)
            yield (day - timedelta(days=1) if name == "endsOn" else day).isoformat()
        case "time":
            yield at.isoformat()
        case "id":
            yield id_of(name)
        case "part":
            yield {part: 8 if part == "age" else id_of(part) for part in held.parts}
        case "text":
            yield from values
            yield PLACES.get(name) or (id_of(name) if name.endswith(("Id", "Ids")) else "other-word")


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
