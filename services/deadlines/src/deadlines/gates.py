"""Gates: acts that must be done before another act. A gate answers an attempt; it has no due time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from deadlines.calendar import Calendar
from deadlines.duties import Duty, concerning, duties, id_in
from deadlines.evidence import alternatives, completed, condition, matching, reached
from deadlines.facts import Fact, Facts, after, counted, since
from deadlines.filters import number_of, parse
from deadlines.lengths import Length
from deadlines.rule import EACH, Rule
from deadlines.subjects import Scope, World, concerns, members, mentions, scopes_of
from deadlines.view import CONDITION_FALSE, CONDITION_UNKNOWN, STOPPED, ClockView, State, view_of

INSTANCE_KEYS = ("planId", "meetingId", "hearingId", "conferenceId", "referralId", "reportId")
ATTEMPT = UUID(int=0)
ALREADY_HAPPENED = "already-happened"
May = Literal["yes", "no", "exception"]


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """Whether an attempt may pass; if not, `mode` says how hard the gate holds and `missing` what it waits for.

    `because` says why a gate that blocks lets an exception pass: its condition is not known, or it has already happened.
    """

    passes: bool
    mode: str
    missing: tuple[str, ...]
    rule: str
    source: str
    title: str = ""
    because: str = ""

    @property
    def answer(self) -> May:
        """`yes`, `no`, or `exception`: it may be done, and a supervisor sees and closes it with a reason."""
        return "yes" if self.passes else "no" if self.mode == "block" else "exception"


@dataclass(frozen=True, slots=True)
class Owed:
    """What a gate asks for one thing: whether it asks at all, and what is missing for it."""

    applies: bool | None
    missing: tuple[str, ...] = ()
    facts: Facts = ()
    reason: str = ""


def gate(
    facts: Iterable[Fact],
    rule: Rule,
    attempted_type: str,
    attempted_data: Mapping[str, object],
    at: datetime,
    calendar: Calendar | None = None,
    learned_at: datetime | None = None,
) -> GateVerdict:
    """The answer of one gate to an attempt, on what had happened and was known at that time.

    `learned_at` later than `at`: it has already happened, and what has happened is never refused. Raises ValueError when
    the rule does not guard the attempted event.
    """
    if attempted_type not in rule.blocked:
        raise ValueError(f"{rule.id} does not guard {attempted_type}")
    attempt = Fact(ATTEMPT, attempted_type, at, at, attempted_data)
    world = World((*counted(facts, at, at), attempt))
    answers = tuple(_answers(rule, attempt, world, calendar or Calendar()))
    missing = tuple(dict.fromkeys(text for answer in answers for text in answer.missing))
    unproven = any(answer.applies is None for answer in answers) and not any(answer.applies for answer in answers)
    already = learned_at is not None and learned_at > at
    because = (CONDITION_UNKNOWN if unproven else ALREADY_HAPPENED if already else "") if missing else ""
    mode = "flag" if unproven or already or rule.gate is None else rule.gate.mode
    return GateVerdict(not missing, mode, missing, rule.id, rule.source, rule.title, because)


def gates(
    facts: Iterable[Fact],
    rules: Iterable[Rule],
    attempted_type: str,
    attempted_data: Mapping[str, object],
    at: datetime,
    calendar: Calendar | None = None,
    learned_at: datetime | None = None,
) -> tuple[GateVerdict, ...]:
    """The answers of all gates that guard the attempted event."""
    known = tuple(facts)
    guarding = [rule for rule in rules if attempted_type in rule.blocked]
    return tuple(gate(known, rule, attempted_type, attempted_data, at, calendar, learned_at) for rule in guarding)


def gate_views(rule: Rule, facts: Facts, calendar: Calendar, as_of: datetime, scope: Scope) -> tuple[ClockView, ...]:
    """How each gate stands: pending until it is attempted, then met or missed by the latest attempt."""
    first: dict[str | None, Duty] = {}
    for duty in _aged(rule, duties(rule, facts, calendar, scope)):
        first.setdefault(duty.thing, replace(duty, origin=scope.key))
    return tuple(_view(duty, calendar) for duty in first.values())


def _view(duty: Duty, calendar: Calendar) -> ClockView:
    attempts = [fact for fact in since(duty.facts, duty.started_at) if _attempts(fact, duty)]
    if not attempts:
        owed = _owed(duty, None, calendar)
        return view_of(duty, duty.clock_id(), _state(owed, "pending"), used=owed.facts, reasons=_reasons(owed))
    attempt = attempts[-1]
    known = counted(duty.facts, attempt.occurred_at, attempt.recorded_at)
    owed = _owed(replace(duty, facts=_of_instance(known, attempt)), attempt, calendar)
    state = _state(owed, "missed" if owed.missing else "met")
    return view_of(
        duty,
        duty.clock_id(),
        state,
        used=(*owed.facts, attempt),
        met_at=attempt.occurred_at if state == "met" else None,
        met_by=owed.facts if state == "met" else (),
        missed_at=attempt.occurred_at if state == "missed" else None,
        reasons=_reasons(owed),
        done=int(state == "met"),
    )


def _state(owed: Owed, if_it_applies: State) -> State:
    if owed.applies is None:
        return "unknown"
    return if_it_applies if owed.applies else "not-applicable"


def _reasons(owed: Owed) -> tuple[str, ...]:
    return tuple(f"missing:{text}" for text in owed.missing) if owed.applies else (owed.reason,)


def _attempts(fact: Fact, duty: Duty) -> bool:
    return fact.type in duty.rule.blocked and fact.id != duty.start.id and bool(_of_instance((duty.start,), fact))


def _answers(rule: Rule, attempt: Fact, world: World, calendar: Calendar) -> Iterator[Owed]:
    """One answer for each thing that the attempt has to do with; none when nothing has started the gate."""
    named = mentions(attempt.data)
    for scope in world.scopes:
        if scope.kind not in scopes_of(rule):
            continue
        if not concerns(scope, members(scope, world.neighbours), attempt.type, named):
            continue
        own = tuple(fact for fact in _of_instance(world.of(scope), attempt) if fact.id != ATTEMPT)
        asked: dict[str | None, list[Duty]] = {}
        for duty in _aged(rule, duties(rule, own, calendar, scope)):
            if _about(duty, attempt):
                asked.setdefault(duty.thing, []).append(duty)
        yield from (_best(rule, owed, attempt, calendar) for owed in asked.values())


def _best(rule: Rule, owed: list[Duty], attempt: Fact, calendar: Calendar) -> Owed:
    """The answer where there are several starts: the first decides, for a time that begins again the latest, and any
    one that was long enough."""
    measures = rule.gate.measures if rule.gate else ""
    if measures == "length of the act":
        answers = [_owed(duty, attempt, calendar) for duty in owed]
        return min(answers, key=lambda answer: len(answer.missing))
    return _owed(owed[-1] if measures == "time until it is owed" else owed[0], attempt, calendar)


def _owed(duty: Duty, attempt: Fact | None, calendar: Calendar) -> Owed:
    rule = duty.rule
    thing, facts = _named(duty, attempt)
    applies = condition(rule.conditions, (*facts, attempt) if attempt else facts)
    if applies.holds is False:
        return Owed(False, facts=applies.facts, reason=CONDITION_FALSE)
    if attempt is not None and not _owed_yet(duty, attempt, calendar):
        return Owed(False, facts=applies.facts, reason=CONDITION_FALSE)
    stop = completed(rule.stopped_by, rule.stopped_where, after(facts, duty.started_at))
    if stop:
        return Owed(False, facts=(*applies.facts, *stop.facts), reason=STOPPED)
    if applies.holds is None:
        unknown = ", ".join(applies.unknown)
        return Owed(None, (f"not known yet: {unknown}",), applies.facts, f"{CONDITION_UNKNOWN}:{unknown}")
    missing, used = _lacking(duty, thing, facts, attempt, calendar)
    return Owed(True, (*_refused(rule, attempt), *missing), (*applies.facts, *used))


def _lacking(
    duty: Duty, thing: str | None, facts: Facts, attempt: Fact | None, calendar: Calendar
) -> tuple[tuple[str, ...], Facts]:
    """What is missing for the gate to open, and the facts that were done for it."""
    rule = duty.rule
    if _tests_itself(rule):
        too_soon = attempt is not None and not _long_enough(duty, attempt, calendar)
        return ((str(_threshold(rule)),) if too_soon else ()), ()
    acts = _since_last(duty, facts, attempt) if rule.every == EACH else facts
    if rule.readings.gate_act_since == "since_start":
        acts = since(acts, duty.started_at)
    measure = MEASURES.get(rule.gate.measures if rule.gate else "")
    if measure is not None:
        return measure(duty, acts, calendar)
    done = reached(rule.satisfied_by, rule.satisfied_where, rule.number.least, acts)
    return (() if done else _missing_acts(rule, thing, acts)), done.facts if done else ()


def _missing_acts(rule: Rule, thing: str | None, acts: Facts) -> tuple[str, ...]:
    """Each act that is missing where all of several are asked for; else the act, or the acts of which one is enough."""
    ways = alternatives(rule.satisfied_by, rule.satisfied_where)
    if len(ways) == 1 and len(ways[0]) > 1 and rule.number.least == 1:
        return tuple(str(wanted) for wanted in ways[0] if not any(wanted.passes(act) for act in acts))
    return (_missing_act(rule, thing),)


def _since_last(duty: Duty, facts: Facts, attempt: Fact | None) -> Facts:
    """The acts since the blocked event last happened: each passage asks for a new one."""
    last = [fact for fact in facts if fact.type in duty.rule.blocked and (attempt is None or fact.id != attempt.id)]
    return after(facts, last[-1].occurred_at) if last else facts


def _tests_itself(rule: Rule) -> bool:
    """Whether the act is the blocked event itself: then only its own payload and the time until it are tested."""
    return rule.acts == set(rule.blocked) and not rule.satisfied_where


def _long_enough(duty: Duty, until: Fact, calendar: Calendar) -> bool:
    if not _measures_start(duty.rule):
        return True
    day = calendar.add(calendar.day(duty.started_at), _threshold(duty.rule))
    return calendar.day(until.occurred_at) >= day


def _owed_yet(duty: Duty, attempt: Fact, calendar: Calendar) -> bool:
    """A gate that is owed only after some time does not ask before."""
    if duty.rule.gate is None or duty.rule.gate.measures != "time until it is owed":
        return True
    day = calendar.add(calendar.day(duty.started_at), _threshold(duty.rule))
    return calendar.day(attempt.occurred_at) >= day


def _length_of_the_act(duty: Duty, acts: Facts, calendar: Calendar) -> tuple[tuple[str, ...], Facts]:
    """From the start to the act, at least so long."""
    rule = duty.rule
    day = calendar.add(calendar.day(duty.started_at), _threshold(rule))
    ends = matching(rule.satisfied_by, rule.satisfied_where, after(acts, duty.started_at))
    long = tuple(end for end in ends[:1] if calendar.day(end.occurred_at) >= day)
    return (() if long else (f"{_missing_act(rule, None)} after {_threshold(rule)}",)), long


def _hours_of_the_acts(duty: Duty, acts: Facts, calendar: Calendar) -> tuple[tuple[str, ...], Facts]:
    """All acts together, at least so many hours."""
    rule = duty.rule
    done = matching(rule.satisfied_by, rule.satisfied_where, acts)
    hours = sum((number_of(act.data.get("hours")) or Decimal(0) for act in done), Decimal(0))
    enough = hours >= _threshold(rule).amount
    return (() if enough else (f"{_missing_act(rule, None)}: {hours} of {_threshold(rule)}",)), done


MEASURES: dict[str, Callable[[Duty, Facts, Calendar], tuple[tuple[str, ...], Facts]]] = {
    "length of the act": _length_of_the_act,
    "hours of the acts": _hours_of_the_acts,
}


def _aged(rule: Rule, owed: Iterable[Duty]) -> Iterator[Duty]:
    """Where a list tells ages, only things of at least the threshold owe."""
    for duty in owed:
        if rule.gate is None or rule.gate.measures != "age in the list" or _old_enough(duty):
            yield duty


def _old_enough(duty: Duty) -> bool:
    rule, things = duty.rule, duty.rule.things
    told = duty.latest.data.get(things.list or "") if things else None
    ages = [
        number_of(item.get("age")) or Decimal(0)
        for item in (told if isinstance(told, list | tuple) else ())
        if isinstance(item, Mapping) and things and str(id_in(item, things.key)) == duty.thing
    ]
    least = _threshold(rule).amount
    return any(age >= least if rule.readings.age_six == "inclusive" else age > least for age in ages)


def _measures_start(rule: Rule) -> bool:
    return rule.gate is not None and rule.gate.measures == "time until the attempt"


def _threshold(rule: Rule) -> Length:
    assert rule.gate is not None
    return Length.parse(rule.gate.threshold)


def _named(duty: Duty, attempt: Fact | None) -> tuple[str | None, Facts]:
    """The thing, and the facts that count for it: where neither list nor start names one, the blocked event does."""
    things = duty.rule.things
    if duty.thing is not None or things is None or attempt is None or not attempt.data.get(things.key):
        return duty.thing, duty.facts
    thing = str(attempt.data[things.key])
    return thing, concerning(duty.facts, things.key, thing)


def _about(duty: Duty, attempt: Fact) -> bool:
    """Whether the attempt has to do with this thing: a plan that is blocked says nothing about another plan."""
    things = duty.rule.things
    if things is None or things.list is not None or duty.thing is None:
        return True
    return str(attempt.data.get(things.key) or duty.thing) == duty.thing


def _of_instance(facts: Facts, attempt: Fact) -> Facts:
    """Without the facts that name another plan, meeting, hearing, referral or report than the attempt does."""
    wanted = {key: str(attempt.data[key]) for key in INSTANCE_KEYS if attempt.data.get(key)}
    return tuple(fact for fact in facts if all(str(fact.data.get(key) or own) == own for key, own in wanted.items()))


def _refused(rule: Rule, attempt: Fact | None) -> tuple[str, ...]:
    """The tests of the blocked event's own payload that fail."""
    if attempt is None or rule.gate is None:
        return ()
    filters = [item for item in parse(rule.gate.where).items if item.event == attempt.type]
    tests = [test for item in filters for test in item.tests]
    if rule.gate.measures == "age limit" and rule.readings.age_limit == "exclusive":
        tests = [replace(test, operator="<") if test.operator == "<=" else test for test in tests]
    failed = [test for test in tests if not test.passes(attempt.data)]
    return tuple(f"{attempt.type} must say {test}" for test in failed)


def _missing_act(rule: Rule, thing: str | None) -> str:
    act = rule.satisfied_where or " or ".join(rule.satisfied_by.split())
    name = rule.things.thing if rule.things else ""
    times = f", {rule.number.least} times" if rule.number.least > 1 else ""
    return act + (f" for {name} {thing}" if thing else "") + times
