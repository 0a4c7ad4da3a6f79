"""What the facts prove: whether an act is complete, how many acts count, and whether a condition holds."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import product

from deadlines.facts import Fact, Facts
from deadlines.filters import Filter, Filters, parse


@dataclass(frozen=True, slots=True)
class Evidence:
    """The instant at which something was complete, and the facts that show it."""

    at: datetime
    facts: Facts


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a condition holds (None: not known yet), the facts read, and the events nobody has reported yet."""

    holds: bool | None
    facts: Facts = ()
    unknown: tuple[str, ...] = ()


def matching(events: str, where: str, facts: Facts) -> Facts:
    """The facts of a column: its events, and where it filters one of them, those that pass."""
    wanted = _by_event(events, where)
    return tuple(fact for fact in facts if fact.type in wanted and any(each.passes(fact) for each in wanted[fact.type]))


def completed(events: str, where: str, facts: Facts) -> Evidence | None:
    """The first time that the acts of a column were complete; None while they are not."""
    acts = tuple(fact for fact in facts if fact.type in _by_event(events, where))
    if not acts:
        return None
    done = [evidence for way in alternatives(events, where) if (evidence := _all_of(way, acts))]
    return min(done, key=lambda evidence: evidence.at, default=None)


def reached(events: str, where: str, count: int, facts: Facts) -> Evidence | None:
    """The first time that `count` acts were done; a second filter after `and` must be met at least once among them."""
    if count == 1:
        return completed(events, where, facts)
    counting = countable(events, where, facts)
    filters = parse(where)
    extra = filters.items[1:] if filters.joint == "and" else ()
    for number in range(count, len(counting) + 1):
        done = counting[:number]
        if all(any(item.passes(fact) for fact in done) for item in extra):
            return Evidence(done[-1].occurred_at, done)
    return None


def countable(events: str, where: str, facts: Facts) -> Facts:
    """The facts that a number of acts counts: of filters joined by `and`, those that pass the first."""
    filters = parse(where)
    if filters.joint == "and" and len(filters.items) > 1:
        return tuple(fact for fact in facts if filters.items[0].passes(fact))
    return matching(events, where, facts)


def condition(filters: Filters, facts: Facts, until: datetime | None = None) -> Condition:
    """Read the latest fact of each event up to `until`; of an event that only came later, the first."""
    if not filters.items:
        return Condition(True)
    read = {event: fact for event in filters.events if (fact := _latest(event, facts, until))}
    unknown = tuple(event for event in filters.events if event not in read)
    answers = [item.passes(read[item.event]) for item in filters.items if item.event in read]
    return Condition(_joined(filters.joint, answers, unknown), tuple(read.values()), unknown)


@cache
def alternatives(events: str, where: str) -> tuple[tuple[Filter, ...], ...]:
    """The ways in which a column can be complete; all filters of one way must be met, by one fact or by several."""
    filters, names = parse(where), events.replace("+", " ").split()
    if "+" in events:
        return tuple(product(*(_of(filters, name) for name in names)))
    bare: list[tuple[Filter, ...]] = [(Filter(name),) for name in names if name not in filters.events]
    filtered = [filters.items] if filters.joint == "and" else [(item,) for item in filters.items]
    return tuple(bare + [way for way in filtered if way])


@cache
def _by_event(events: str, where: str) -> dict[str, tuple[Filter, ...]]:
    """The filters of a column, by the event that they test."""
    options = [option for way in alternatives(events, where) for option in way]
    return {event: tuple(each for each in options if each.event == event) for event in {each.event for each in options}}


def _of(filters: Filters, event: str) -> tuple[Filter, ...]:
    return tuple(item for item in filters.items if item.event == event) or (Filter(event),)


def _all_of(way: tuple[Filter, ...], facts: Facts) -> Evidence | None:
    firsts = [next((fact for fact in facts if wanted.passes(fact)), None) for wanted in way]
    found = tuple(fact for fact in firsts if fact is not None)
    if len(found) < len(way):
        return None
    return Evidence(max(fact.occurred_at for fact in found), tuple(dict.fromkeys(found)))


def _latest(event: str, facts: Facts, until: datetime | None) -> Fact | None:
    first_after = None
    for fact in reversed(facts):
        if fact.type == event:
            if until is None or fact.occurred_at <= until:
                return fact
            first_after = fact
    return first_after


def _joined(joint: str, answers: list[bool], unknown: tuple[str, ...]) -> bool | None:
    if joint == "or":
        return any(answers) if answers else None
    if not all(answers):
        return False
    return None if unknown else True
