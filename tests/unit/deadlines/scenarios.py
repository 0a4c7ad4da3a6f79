"""Scenarios made from the cells of a rule and the contracts of its events alone: what happens, and how its clock must stand.

The due time itself is proved by hand in `expectations`; here it is asked of the running clock, and everything else must
agree with it: an act at the due time is in time, one a minute later is late.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from itertools import product

from tests.unit.deadlines.payloads import NoSuchPayload, Wanted, fact, id_of, payload

from deadlines.facts import Fact
from deadlines.filters import Filter, parse
from deadlines.gates import gates
from deadlines.judge import judge
from deadlines.lengths import Length
from deadlines.rule import EACH, Rule, events_of
from deadlines.subjects import FOR_EVERYBODY, KINDS_OF_FIELDS, TIED, TIED_TO, scopes_of
from deadlines.testing import CALENDAR, local, rules
from deadlines.view import ClockView
from deadlines.vocabulary import fields_of, words

START = local("2026-03-02 10:00")  # a Monday
CLOSED = local("2026-04-01 10:00")  # the day after the end of a month and of a quarter
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOLERANCE = 60
DAYS_OF = {"hours": 1, "days": 1, "calendar-days": 1, "business-days": 2, "weeks": 7, "months": 31, "years": 366}
Happening = tuple[Wanted, datetime]
Answer = str


@dataclass(frozen=True)
class Scenario:
    """What happened to one rule, and how its clock stands then: `state` of its first period, or no clock at all (None).

    `last`: the clock of the last start is meant. With an `attempt`, the gate gives `answer`.
    """

    rule: Rule
    name: str
    facts: tuple[Fact, ...]
    as_of: datetime
    state: str | None = None
    over: bool = False
    last: bool = False
    attempt: Fact | None = None
    answer: Answer = ""

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.name}"

    @cached_property
    def views(self) -> tuple[ClockView, ...]:
        """The clocks of the first period, or of the only one."""
        told = judge(self.facts, [self.rule], CALENDAR, self.as_of)
        first = min((view.period or 0 for view in told), default=0)
        shown = tuple(view for view in told if (view.period or 0) == first)
        return shown[-1:] if self.last else shown

    @property
    def after(self) -> "Scenario":
        """The same when what was attempted has happened."""
        assert self.attempt is not None
        return replace(self, facts=(*self.facts, self.attempt), as_of=self.attempt.recorded_at)

    @cached_property
    def verdict(self) -> str:
        """The answer of the gate; a gate that nobody has opened guards nothing."""
        assert self.attempt is not None
        told = self.attempt
        learned = told.recorded_at if told.recorded_at > told.occurred_at else None
        answers = gates(self.facts, [self.rule], told.type, told.data, told.occurred_at, CALENDAR, learned)
        return answers[0].answer if answers else "yes"


@dataclass(frozen=True)
class Plot:
    """One rule with what its cells ask for: a start, the acts, the stops and the facts of its condition."""

    rule: Rule
    start: Wanted
    truth: Mapping[str, Wanted] = field(default_factory=dict)

    @property
    def begins(self) -> datetime:
        return CLOSED if self.start.event == FOR_EVERYBODY else START

    @property
    def thing(self) -> Mapping[str, object]:
        """The thing under the key by which acts and stops name it."""
        things = self.rule.things
        if things is None:
            return {}
        if things.list is not None:
            listed = payload(self.start, self.begins)[things.list]
            first = listed[0] if isinstance(listed, list) and listed else ""
            return {things.key: _id_in(first, things.key)}
        told = payload(self.start, self.begins).get(things.key)
        return {things.key: told} if told is not None else {}

    def true(self, wanted: Wanted) -> Wanted:
        """The same fact as the condition wants it, if it can be both."""
        asked = self.truth.get(wanted.event)
        both = wanted.also(*asked.must).but(*asked.never) if asked else wanted
        return both if _possible(both) else wanted

    def story(self, *happenings: Happening, known: bool = True, started: bool = True) -> tuple[Fact, ...]:
        """The facts: what ties the ids, the facts of the condition, the start, and what happened then."""
        told = [(wanted, self.begins - 30 * DAY) for wanted in ties(self.rule)]
        if known:
            told += [(_no_act(self.rule, wanted), self.begins - DAY) for wanted in self._conditions()]
        told += [(self.start, self.begins)] if started else []
        told += [(wanted, at) for wanted, at in happenings]
        return tuple(fact(wanted, at, number) for number, (wanted, at) in enumerate(told))

    def dated(self) -> tuple[Happening, ...]:
        """What the due time hangs on beside the start: the day of another event, or the date that it carries."""
        limit = self.rule.limit if self.rule.due else None
        if limit is None or not limit.events or (limit.field and self.start.event in limit.events):
            return ()
        day = (CALENDAR.day(self.begins) + 30 * DAY).isoformat()
        at = self.begins + (HOUR if limit.field else 10 * DAY)
        named = {limit.field: day} if limit.field else {}
        event = min(limit.events, key=lambda event: event in self.rule.starts)
        return ((self.true(Wanted(event, named={**self.thing, **named})), at),)

    def acts(self, at: datetime, number: int | None = None) -> tuple[Happening, ...]:
        """What meets the duty, complete at an instant; as often as its number says."""
        way = next(way for way in ways(self.rule.satisfied_by, self.rule.satisfied_where) if all(map(_possible, way)))
        named = self.thing if not self._by_date else {self._by_date: self.rule.interval.dates[0]}
        asked = [self.true(wanted.also(**named)) for wanted in way]
        if number is None:
            return tuple((wanted, at) for wanted in asked)
        others = tuple((each, at) for each in asked[1:])
        counted = sum(_passes(each, asked[0]) for each, _ in others)
        return tuple((asked[0], at - n * MINUTE / 10) for n in range(number - counted)) + others

    def stop(self, at: datetime) -> tuple[Happening, ...]:
        """What stops the duty."""
        found = options(self.rule.stopped_by, self.rule.stopped_where)
        return ((self.true(next(filter(_possible, found)).also(**self.thing)), at),)

    @property
    def _by_date(self) -> str:
        """The field in which an act names its date, where there is a list of dates."""
        dated = self.rule.every not in ("", EACH) and self.rule.interval.dates
        return self.rule.things.key if dated and self.rule.things else ""

    def _conditions(self) -> Iterator[Wanted]:
        given = {self.start.event, *(wanted.event for wanted, _ in self.dated())}
        yield from (wanted.also(**self.thing) for event, wanted in self.truth.items() if event not in given)


def plot(rule: Rule, holds: bool = True) -> Plot:
    """The first start, and the first way for its condition to hold or not, that can be. Raises NoSuchPayload."""
    for start in options(rule.starts_on, rule.start_where):
        for truth in (truths if holds else untruths)(rule, start.event):
            asked = truth.get(start.event)
            merged = start.also(*asked.must).but(*asked.never) if asked else start
            told = _no_act(rule, _of_a_thing(rule, _dated(rule, merged)))
            if _possible(told) and all(map(_possible, truth.values())):
                return Plot(rule, told, truth)
    raise NoSuchPayload(f"{rule.id}: no start with a condition that {'holds' if holds else 'does not hold'}")


def options(events: str, where: str) -> list[Wanted]:
    """Every fact that counts in a column, by itself."""
    return [wanted for way in ways(events, where) for wanted in way]


def ways(events: str, where: str) -> list[tuple[Wanted, ...]]:
    """The ways in which a column is complete: each event alone (`+`: all), each filter alone (`and`: all)."""
    filters, names = parse(where), events_of(events)
    if "+" in events:
        return list(product(*([_wanted(f) for f in filters.items if f.event == n] or [Wanted(n)] for n in names)))
    filtered = [_wanted(item) for item in filters.items]
    bare = [(Wanted(name),) for name in names if name not in filters.events]
    return [*([tuple(filtered)] if filters.joint == "and" and filtered else [(each,) for each in filtered]), *bare]


def truths(rule: Rule, start: str) -> Iterator[Mapping[str, Wanted]]:
    """The ways in which the condition holds: by event, what its latest fact says."""
    filters = rule.conditions
    if not filters.items:
        yield {}
    elif filters.joint == "and":
        yield _merged(filters.items)
    else:
        yield from (_merged([item]) for item in sorted(filters.items, key=lambda item: item.event != start))


def untruths(rule: Rule, start: str) -> Iterator[Mapping[str, Wanted]]:
    """The ways in which the condition is known not to hold."""
    items = sorted(rule.conditions.items, key=lambda item: item.event != start)
    if rule.conditions.joint == "and":
        for wrong in items:
            others = _merged([item for item in items if item is not wrong])
            for test in wrong.tests:
                yield {**others, wrong.event: others.get(wrong.event, Wanted(wrong.event)).but(test)}
    else:
        events = list(dict.fromkeys(item.event for item in items))
        told = [event for event in events if event in rule.starts] or events[:1]
        for never in product(*(item.tests for item in items if item.event in told)):
            found: dict[str, Wanted] = {}
            for item, test in zip((item for item in items if item.event in told), never, strict=True):
                found[item.event] = found.get(item.event, Wanted(item.event)).but(test)
            yield found


def ties(rule: Rule) -> tuple[Wanted, ...]:
    """Facts that tie the ids of the rule's subject to one another, of events that the rule does not read."""
    kinds = {each for kind in scopes_of(rule) for each in (kind, *TIED_TO[kind])}
    pairs = [frozenset(pair) for pair in sorted(map(sorted, TIED)) if set(pair) <= kinds]
    if rule.starts == {FOR_EVERYBODY}:  # it names nobody: another fact tells that there is such a subject
        pairs.append(frozenset((scopes_of(rule)[0],)))
    found = [next((event for event in _tying(pair) if event not in rule.events), None) for pair in pairs]
    return tuple(Wanted(event) for event in dict.fromkeys(filter(None, found)))


@cache
def _tying(pair: frozenset[str]) -> tuple[str, ...]:
    """The events that name both, those that name the fewest kinds of things first."""
    fitting = [event for event in words() if pair <= _named(event)]
    return tuple(sorted(fitting, key=lambda event: (len(_named(event)), event)))


@cache
def _named(event: str) -> frozenset[str]:
    return frozenset(kind for name in fields_of(event) or () for kind in KINDS_OF_FIELDS.get(name, ()))


def _no_act(rule: Rule, wanted: Wanted) -> Wanted:
    """The same fact, so that it meets nothing by itself, if that can be."""
    filters = [item for item in parse(rule.satisfied_where).items if item.event == wanted.event]
    choices = product(*(item.tests for item in filters))
    tried = (wanted.but(*never) for never in choices if never)
    return next(filter(_possible, tried), wanted)


def _wanted(item: Filter) -> Wanted:
    return Wanted(item.event, item.tests)


def _merged(items: Iterable[Filter]) -> dict[str, Wanted]:
    found: dict[str, Wanted] = {}
    for item in items:
        found[item.event] = found.get(item.event, Wanted(item.event)).also(*item.tests)
    return found


def _possible(wanted: Wanted) -> bool:
    try:
        payload(wanted, START)
    except NoSuchPayload:
        return False
    return True


def _dated(rule: Rule, start: Wanted) -> Wanted:
    """The date that a due time hangs on, a month ahead; for a lead, longer ahead than the lead itself."""
    limit = rule.limit if rule.due else None
    if limit is None or not limit.field or start.event not in limit.events:
        return start
    ahead = 30 * DAY + (_about(limit.length) if limit.length else timedelta(0))
    return start.also(**{limit.field: (CALENDAR.day(START) + ahead).isoformat()})


def _of_a_thing(rule: Rule, start: Wanted) -> Wanted:
    """The start, with the thing or the list of one thing that owes; ages old enough for what the gate tests."""
    things, fields = rule.things, fields_of(start.event) or {}
    if things is None:
        return start
    name = things.list or things.key
    held = fields.get(name)
    if held is None or name in start.named or any(test.field == name for test in start.must):
        return start
    if held.sort == "part":
        age = Length.parse(rule.gate.threshold).amount if rule.gate and rule.gate.threshold else 8
        return start.also(**{name: [{part: age if part == "age" else id_of(part) for part in held.parts}]})
    if held.sort not in ("id", "text"):
        return start
    return start.also(**{name: [id_of(name)] if held.many else id_of(name)})


def _id_in(item: object, key: str) -> object:
    if not isinstance(item, dict):
        return item
    return item.get(key) or next(value for name, value in item.items() if name.endswith("Id"))


def _about(length: Length) -> timedelta:
    """At least so long, whatever the calendar."""
    return length.amount * DAYS_OF[length.unit] * DAY + DAY


# ---------------------------------------------------------------------------------------------- each kind


def scenarios(rule: Rule) -> tuple[Scenario, ...]:
    """All scenarios that the rule has."""
    told = plot(rule)
    found = [*_around_the_start(told), *OF_KIND[rule.kind](told)]
    if rule.applies_where and rule.kind != "gate":
        found += _of_the_condition(told)
    return tuple(found)


def _around_the_start(told: Plot) -> Iterator[Scenario]:
    rule, as_of = told.rule, told.begins + MINUTE
    if rule.kind == "gate":
        return
    yield Scenario(rule, "not started", told.story(started=False), as_of, None)
    for start in options(rule.starts_on, rule.start_where):
        for test in start.must:
            wrong = Wanted(start.event, tuple(each for each in start.must if each != test), (test,))
            passes = any(_passes(wrong, other) for other in options(rule.starts_on, rule.start_where))
            if _possible(wrong) and not passes:
                facts = replace(told, start=_of_a_thing(rule, _dated(rule, wrong))).story()
                yield Scenario(rule, f"started by a fact that must say {test}", facts, as_of, None)


def _passes(wanted: Wanted, other: Wanted) -> bool:
    """Whether what is wanted passes the tests of another option as well."""
    if wanted.event != other.event or not _possible(wanted):
        return False
    data = payload(wanted, START)
    return all(test.passes(data) for test in other.must)


def _of_the_condition(told: Plot) -> Iterator[Scenario]:
    rule, known = told.rule, running(told)
    at = known.as_of
    try:
        wrong = plot(rule, holds=False)
    except NoSuchPayload:
        pass
    else:
        state = None if _of_closed_periods(rule) else "not-applicable"
        yield Scenario(rule, "condition false", wrong.story(*wrong.dated()), at, state)
    told_by = {told.start.event, *(wanted.event for wanted, _ in told.dated())}
    events = set(rule.conditions.events)
    if (events - told_by) if rule.conditions.joint == "and" else not (events & told_by):
        state = None if _of_closed_periods(rule) else "unknown"
        yield Scenario(rule, "condition unknown", told.story(*told.dated(), known=False), at, state)


def running(told: Plot) -> Scenario:
    """The duty while nothing is done. A quota runs when its first period has begun, a monitor while it has not tripped."""
    at = told.begins + MINUTE
    if told.rule.kind == "quota":
        every = told.rule.interval.length if told.rule.every else Length(1, "days")
        at = told.begins + (_about(every) if told.rule.every else MINUTE)
        first = judge(told.story(), [told.rule], CALENDAR, at)
        at = max(min(view.started_at for view in first), told.begins) + MINUTE
    return Scenario(told.rule, "running", told.story(*told.dated()), at, "running")


def _first(rule: Rule) -> ClockView:
    """The clock of the first period while nothing is done."""
    shown = running(plot(rule)).views
    if not shown:
        raise AssertionError(f"{rule.id}: nothing runs")
    return shown[0]


def _once(told: Plot) -> Iterator[Scenario]:
    """Met at the due time, missed by a minute, met late, stopped before: of everything that has a due time."""
    rule = told.rule
    yield running(told)
    if rule.due == "immediately":
        without = next(each for each in rules() if each.id == rule.id)
        yield Scenario(without, "no tolerance", told.story(), told.begins + MINUTE, "unknown")
    due = _due(told)
    dated = told.dated()
    if due is None:
        late = told.begins + 2 * DAY
        yield Scenario(rule, "met, without a due time", told.story(*dated, *told.acts(late)), late, "met")
        if rule.stopped_by:
            yield Scenario(rule, "stopped", told.story(*dated, *told.stop(late)), late, "cancelled")
        return
    after = due + MINUTE
    yield Scenario(rule, "met just in time", told.story(*dated, *told.acts(due)), due, "met")
    yield Scenario(rule, "missed by a minute", told.story(*dated), after, "missed")
    yield Scenario(rule, "met late", told.story(*dated, *told.acts(after)), after, "met-late")
    if rule.stopped_by:
        between = told.begins + (due - told.begins) / 2
        yield Scenario(rule, "stopped before due", told.story(*dated, *told.stop(between)), after, "cancelled")


def _due(told: Plot) -> datetime | None:
    """The due time that the running clock shows; where it hangs on another day, that day has come."""
    shown = running(told)
    later = max((at for _, at in told.dated()), default=shown.as_of)
    views = replace(shown, as_of=max(shown.as_of, later)).views
    return views[0].due_at if views else None


def _of_closed_periods(rule: Rule) -> bool:
    """One due date for each closed period: what is not known to be owed when it closes has no clock."""
    length = rule.limit.length if rule.due else None
    return rule.starts == {FOR_EVERYBODY} and length is not None and length.unit == "business-days"


def _quota(told: Plot) -> Iterator[Scenario]:
    rule, number = told.rule, told.rule.number
    first = running(told)
    yield first
    assert first.views, rule.id
    view = first.views[0]
    due, begins = view.due_at, max(view.started_at, told.begins)
    assert due is not None
    whole = told.acts(due, None if number.in_hours else number.least)
    if number.in_hours:
        whole = _hours(whole, number.least * 60)
    yield Scenario(rule, "met just in time", told.story(*whole), due, "met")
    yield Scenario(rule, "missed by a minute", told.story(*_moved(whole, MINUTE)), due + MINUTE, "missed")
    if number.in_hours or number.least > 1:
        part = _hours(whole, number.least * 60 - 1) if number.in_hours else told.acts(due, number.least - 1)
        yield Scenario(rule, "missed by one", told.story(*part), due + MINUTE, "missed")
    if number.most:
        more = _hours(whole, number.most * 60 + 1) if number.in_hours else told.acts(due, number.most + 1)
        most = _hours(whole, number.most * 60) if number.in_hours else told.acts(due, number.most)
        yield Scenario(rule, "as many as may be", told.story(*most), due + MINUTE, "met")
        yield Scenario(rule, "more than the maximum", told.story(*more), due + MINUTE, "met", over=True)
    if rule.stopped_by:
        between = begins + (due - begins) / 2
        yield Scenario(rule, "stopped before due", told.story(*told.stop(between)), due + MINUTE, "cancelled")


def _hours(acts: tuple[Happening, ...], minutes: int) -> tuple[Happening, ...]:
    """The acts, with the first taking so many minutes and the others none."""
    first, *others = acts
    return ((first[0].also(minutes=minutes), first[1]), *((each.also(minutes=0), at) for each, at in others))


def _moved(happenings: tuple[Happening, ...], by: timedelta) -> tuple[Happening, ...]:
    """All of them later; of acts that lie close together the first ones stay in time otherwise."""
    last = max(at for _, at in happenings)
    return tuple((wanted, last + by) for wanted, at in happenings)


def _cap(told: Plot) -> Iterator[Scenario]:
    """A length is met when it ends in time; a number is passed by the start after it."""
    rule = told.rule
    yield from _once(told)
    if not rule.count:
        return
    starts = [(told.start, told.begins + n * MINUTE) for n in range(1, rule.number.least + 1)]
    at = starts[-1][1]
    yield Scenario(rule, "as many as may be", told.story(*starts[:-1]), at, "running")
    yield Scenario(rule, "one too many", told.story(*starts), at, "missed", last=True)


def _monitor(told: Plot) -> Iterator[Scenario]:
    rule = told.rule
    if rule.window:
        yield from _number_in_a_window(told)
    elif rule.count:
        yield from _number_in_a_length(told)
    elif rule.starts == rule.acts:
        yield Scenario(rule, "one fact trips", told.story(), told.begins + MINUTE, "missed")
    elif not rule.stopped_by:
        yield running(told)
        due = _first(rule).due_at
        assert due is not None
        yield Scenario(rule, "counted to the end", told.story(*told.acts(due - HOUR)), due + MINUTE, "met")
    else:
        yield running(told)
        due = _first(rule).due_at
        assert due is not None
        yield Scenario(rule, "tripped", told.story(), due + MINUTE, "missed")
        yield Scenario(rule, "answered", told.story(*told.acts(due + HOUR)), due + HOUR, "met-late")
        yield Scenario(rule, "stopped before it trips", told.story(*told.stop(due - HOUR)), due + HOUR, "cancelled")
        yield Scenario(rule, "off the list", told.story(*told.stop(due + HOUR)), due + HOUR, "cancelled")


def _number_in_a_window(told: Plot) -> Iterator[Scenario]:
    rule = told.rule
    starts = [(told.start, told.begins + n * DAY) for n in range(1, rule.number.least)]
    at = starts[-1][1]
    yield Scenario(rule, "running", told.story(*starts[:-1]), at, "running")
    yield Scenario(rule, "tripped", told.story(*starts), at, "missed")
    yield Scenario(rule, "answered", told.story(*starts, *told.acts(at + HOUR)), at + HOUR, "met-late")


def _number_in_a_length(told: Plot) -> Iterator[Scenario]:
    rule, number = told.rule, told.rule.number.least
    due = _first(rule).due_at
    assert due is not None
    yield running(told)
    yield Scenario(rule, "as many as may be", told.story(*told.acts(due - HOUR, number)), due + MINUTE, "met")
    yield Scenario(rule, "one too many", told.story(*told.acts(due - HOUR, number + 1)), due, "missed", over=True)


def _gate(told: Plot) -> Iterator[Scenario]:
    """Before, without and with the acts; by a payload that does not say what it must; where it does not apply."""
    rule, gate = told.rule, told.rule.gate
    assert gate is not None
    held = "no" if gate.mode == "block" else "exception"
    acts = _gate_acts(told)
    at = _attempt_at(told)
    yield _asked(told, "refused", told.story(), at, held) if acts else _asked(told, "passed", told.story(), at, "yes")
    if acts:
        yield _asked(told, "passed", told.story(*acts), at, "yes")
        if held == "no":
            yield _asked(told, "excepted: it has already happened", told.story(), at, "exception", learned=at + DAY)
    yield _asked(told, "nothing has opened it", told.story(started=False), at, "yes")
    yield from _by_payload(told, acts, at, held)
    yield from _by_time(told, acts, held)
    yield from _gate_condition(told, acts, at)
    if rule.stopped_by:
        yield _asked(told, "stopped before it", told.story(*told.stop(told.begins + HOUR)), at, "yes")
    if rule.every == EACH:
        passed = (_blocked(told), at)
        yield _asked(told, "passed once, not done again", told.story(*acts, passed), at + DAY, held)
        again = told.acts(at + HOUR)
        yield _asked(told, "passed once, done again", told.story(*acts, passed, *again), at + DAY, "yes")


def _blocked(told: Plot) -> Wanted:
    """The blocked act, saying what it must."""
    rule = told.rule
    assert rule.gate is not None
    filtered = [_wanted(item) for item in parse(rule.gate.where).items]
    wanted = filtered[0] if filtered else Wanted(rule.blocked[0])
    return told.true(wanted.also(**told.thing))


def _gate_acts(told: Plot) -> tuple[Happening, ...]:
    """What opens it; nothing where only the blocked act itself is tested."""
    rule = told.rule
    assert rule.gate is not None
    if rule.acts == set(rule.blocked) and not rule.satisfied_where:
        return ()
    acts = told.acts(_attempt_at(told) - HOUR, rule.number.least if rule.number.least > 1 else None)
    if rule.gate.measures == "hours of the acts":
        return tuple((wanted.also(hours=Length.parse(rule.gate.threshold).amount), at) for wanted, at in acts)
    return acts


def _attempt_at(told: Plot) -> datetime:
    rule = told.rule
    assert rule.gate is not None
    if rule.gate.threshold and rule.gate.measures not in ("hours of the acts", "age in the list", "age limit", ""):
        return told.begins + _about(Length.parse(rule.gate.threshold)) + DAY
    return told.begins + 3 * DAY


def _asked(
    told: Plot, name: str, facts: tuple[Fact, ...], at: datetime, answer: str, blocked: Wanted | None = None,
    learned: datetime | None = None,
) -> Scenario:  # fmt: skip
    attempt = fact(blocked or _blocked(told), at, len(facts), learned)
    return Scenario(told.rule, name, facts, at, attempt=attempt, answer=answer)


def _by_payload(told: Plot, acts: tuple[Happening, ...], at: datetime, held: str) -> Iterator[Scenario]:
    rule = told.rule
    assert rule.gate is not None
    for item in parse(rule.gate.where).items:
        for test in item.tests:
            others = tuple(each for each in item.tests if each != test)
            wrong = told.true(Wanted(item.event, others, (test,)).also(**told.thing))
            if _possible(wrong):
                name = f"the act itself must say {test}"
                yield _asked(told, name, told.story(*acts), at, held, blocked=wrong)


def _by_time(told: Plot, acts: tuple[Happening, ...], held: str) -> Iterator[Scenario]:
    """A gate that measures a time: too soon, or not asked yet."""
    rule, soon = told.rule, told.begins + 3 * DAY
    assert rule.gate is not None
    match rule.gate.measures:
        case "time until the attempt":
            yield _asked(told, "too soon", told.story(), soon, held)
        case "time until it is owed":
            yield _asked(told, "not asked so soon", told.story(), soon, "yes")
        case "length of the act":
            yield _asked(told, "too short", told.story(*told.acts(soon - HOUR)), soon, held)
        case "hours of the acts":
            least = Length.parse(rule.gate.threshold).amount
            few = tuple((wanted.also(hours=least - 1), at) for wanted, at in acts)
            yield _asked(told, "an hour too few", told.story(*few), soon, held)


def _gate_condition(told: Plot, acts: tuple[Happening, ...], at: datetime) -> Iterator[Scenario]:
    rule = told.rule
    if not rule.applies_where:
        return
    told_by = {told.start.event, _blocked(told).event}
    events = set(rule.conditions.events)
    try:
        wrong = plot(rule, holds=False)
    except NoSuchPayload:
        pass
    else:
        yield _asked(wrong, "condition false", wrong.story(), at, "yes")
    if (events - told_by) if rule.conditions.joint == "and" else not (events & told_by):
        yield _asked(told, "condition unknown", told.story(*acts, known=False), at, "exception")


OF_KIND: Mapping[str, Callable[[Plot], Iterator[Scenario]]] = {
    "once": _once,
    "age": _once,
    "lead": _once,
    "recurring": _once,
    "quota": _quota,
    "cap": _cap,
    "monitor": _monitor,
    "gate": _gate,
}


def of_two_things(rule: Rule) -> Scenario | None:
    """Two things owe, and one of them was done; None where the start lists no things that other facts may name."""
    told, things = plot(rule), rule.things
    if things is None or things.list is None or rule.kind == "gate" or "childId" in (things.key, things.list):
        return None
    if things.list in ("victims", "childIds"):  # each child is a subject of its own
        return None
    first = running(told)
    due = first.views[0].due_at
    assert due is not None
    thing = str(told.thing[things.key])
    both = replace(told, start=told.start.also(**{things.list: [thing, id_of("another")]}))
    acts = told.acts(due, rule.number.least if rule.kind == "quota" else None)
    return Scenario(rule, "one of two is done", both.story(*told.dated(), *acts), due + MINUTE)


def enforced() -> list[Rule]:
    """Every rule that is more than advice, with a tolerance for what is due immediately."""
    return [rule for rule in rules(TOLERANCE) if rule.enforced]
