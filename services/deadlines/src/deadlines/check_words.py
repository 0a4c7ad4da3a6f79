"""Whether the words of a rule exist: its events, their fields, and the values that it compares."""

from collections.abc import Iterator
from difflib import get_close_matches

from deadlines.filters import ORDERINGS, Comparison, Filter, UnreadableFilter, parse
from deadlines.findings import Complaint
from deadlines.told_rule import FILTERED, ToldRule
from deadlines.vocabulary import Held, fields_of, words

COLUMN_OF = FILTERED | {"gate.where": "gate.before"}


def word_complaints(rule: ToldRule) -> Iterator[Complaint]:
    """What the rule names and no public contract carries. An advisory rule reads no fact, so its words bind nobody."""
    if rule.advisory:
        return
    for key, events in rule.columns.items():
        yield from (complaint for event in events for complaint in _event(key, event))
    yield from _gate_filter(rule)
    for key, filters in rule.filters.items():
        for wanted in filters.items:
            yield from _filter(rule, key, wanted)
    yield from _due(rule)
    yield from _things(rule)
    yield from _summed(rule)


def _event(key: str, event: str) -> Iterator[Complaint]:
    if fields_of(event) is None:
        yield Complaint(key, f"unknown event {event}", f"no service announces it{_perhaps(event, words())}")


def _gate_filter(rule: ToldRule) -> Iterator[Complaint]:
    """The cells of a gate that the loader leaves to the gate itself."""
    try:
        parse(rule.cell("gate.where"))
    except UnreadableFilter as error:
        yield Complaint("gate.where", "unreadable filter", str(error))


def _filter(rule: ToldRule, key: str, wanted: Filter) -> Iterator[Complaint]:
    column = COLUMN_OF.get(key)
    if column and wanted.event not in rule.events(column):
        yield Complaint(key, f"filter on {wanted.event}", f"{column} does not name that event, so it filters nothing")
    elif column is None:
        yield from _event(key, wanted.event)
    fields = fields_of(wanted.event)
    for test in wanted.tests if fields is not None else ():
        held = fields.get(test.field) if fields else None
        if held is None:
            near = _perhaps(test.field, tuple(fields or ()))
            yield Complaint(key, f"unknown field {wanted.event}.{test.field}", f"its contract does not carry it{near}")
        else:
            yield from _test(key, wanted.event, test, held)


def _test(key: str, event: str, test: Comparison, held: Held) -> Iterator[Complaint]:
    name = f"{event}.{test.field}"
    if held.sort in ("part", "time"):
        yield Complaint(key, f"{test} compares {name}", f"it holds {held}, which is compared with nothing")
    elif test.operator in ORDERINGS:
        if not held.numeric:
            yield Complaint(key, f"{test} orders {name}", f"it holds {held}, and only numbers are larger or smaller")
    else:
        for value in test.values:
            if not held.admits(value):
                yield Complaint(key, f"{name} is never {value}", f"it holds {held}")


def _due(rule: ToldRule) -> Iterator[Complaint]:
    """The event or the date that a due time hangs on."""
    told = rule.limit
    for event in told.events if told else ():
        fields = fields_of(event)
        if fields is None:
            yield from _event("due", event)
        elif told is not None and told.field and told.field not in fields:
            near = _perhaps(told.field, tuple(fields))
            yield Complaint("due", f"unknown field {event}.{told.field}", f"its contract does not carry it{near}")
        elif told is not None and told.field and not fields[told.field].dated:
            yield Complaint("due", f"{event}.{told.field} is no date", f"it holds {fields[told.field]}")


def _things(rule: ToldRule) -> Iterator[Complaint]:
    """Once for each thing: some fact must say which thing it is."""
    things = rule.things
    if things is None:
        return
    carried = {name: fields for event in rule.concerned if (fields := fields_of(event)) for name in (event,)}
    if not any(things.key in fields for fields in carried.values()):
        yield Complaint("per", f"no fact carries {things.key}", "nobody could tell for which thing something was done")
    if things.list is None:
        return
    naming = [*rule.events("starts_on"), *rule.events("gate.before")]
    lists = [fields[things.list] for event in naming if (fields := carried.get(event)) and things.list in fields]
    if not lists:
        yield Complaint("per", f"no start carries {things.list}", "nobody could tell for which things it is owed")
    elif not any(held.many for held in lists):
        yield Complaint("per", f"{things.list} is no list", f"it holds {lists[0]}")


def _summed(rule: ToldRule) -> Iterator[Complaint]:
    """Hours are added up from what the acts say they took."""
    in_hours = rule.kind == "quota" and rule.number is not None and rule.number.in_hours
    by_gate = rule.cell("gate.measures") == "hours of the acts"
    for key, field in (("count", "minutes"), ("gate", "hours")):
        if (in_hours if key == "count" else by_gate) and (without := _without(rule, field)):
            yield Complaint(key, "hours that cannot be added up", f"no field {field} in {', '.join(without)}")


def _without(rule: ToldRule, field: str) -> list[str]:
    told = {event: fields_of(event) for event in rule.events("satisfied_by")}
    return [event for event, fields in told.items() if fields is not None and field not in fields]


def _perhaps(word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.75)
    return f" (perhaps {near[0]})" if near else ""
