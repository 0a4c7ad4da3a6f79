"""Gates: acts that must be done before another act. A gate answers an attempt; it has no due time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from deadlines.calendar import Calendar
from deadlines.duties import SUBJECT_KEYS, Duty, concerning, duties
from deadlines.evidence import completed, condition, reached
from deadlines.facts import Fact, Facts, after, counted, since
from deadlines.filters import parse
from deadlines.rule import Rule
from deadlines.view import CONDITION_FALSE, CONDITION_UNKNOWN, STOPPED, ClockView, State, view_of

INSTANCE_KEYS = ("planId", "meetingId", "hearingId", "conferenceId", "referralId", "reportId")
ATTEMPT = UUID(int=0)


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """Whether an attempt may pass; if not, `mode` says how hard the gate holds and `missing` what it waits for."""

    passes: bool
    mode: str
    missing: tuple[str, ...]
    rule: str
    source: str


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
) -> GateVerdict:
    """The answer of one gate to an attempt, on what had happened and was known at that time.

    Raises ValueError when the rule does not guard the attempted event.
    """
    if attempted_type not in rule.blocked:
        raise ValueError(f"{rule.id} does not guard {attempted_type}")
    attempt = Fact(ATTEMPT, attempted_type, at, at, attempted_data)
    answers = _answers(rule, attempt, counted(facts, at, at), calendar or Calendar())
    missing = tuple(dict.fromkeys(text for answer in answers for text in answer.missing))
    unproven = any(answer.applies is None for answer in answers) and not any(answer.applies for answer in answers)
    mode = "flag" if unproven or rule.gate is None else rule.gate.mode
    return GateVerdict(not missing, mode, missing, rule.id, rule.source)


def gates(
    facts: Iterable[Fact],
    rules: Iterable[Rule],
    attempted_type: str,
    attempted_data: Mapping[str, object],
    at: datetime,
    calendar: Calendar | None = None,
) -> tuple[GateVerdict, ...]:
    """The answers of all gates that guard the attempted event."""
    known = tuple(facts)
    guarding = [rule for rule in rules if attempted_type in rule.blocked]
    return tuple(gate(known, rule, attempted_type, attempted_data, at, calendar) for rule in guarding)


def gate_views(rule: Rule, facts: Facts, calendar: Calendar) -> tuple[ClockView, ...]:
    """How each gate stands: pending until it is attempted, then met or missed by the latest attempt."""
    first: dict[tuple[UUID, str | None], Duty] = {}
    for duty in duties(rule, facts, calendar):
        first.setdefault((duty.subject_id, duty.thing), replace(duty, origin=duty.subject_id))
    return tuple(_view(duty) for duty in first.values())


def _view(duty: Duty) -> ClockView:
    attempts = [fact for fact in since(duty.facts, duty.started_at) if _attempts(fact, duty)]
    if not attempts:
        owed = _owed(duty, None)
        return view_of(duty, duty.clock_id(), _state(owed, "pending"), used=owed.facts, reasons=_reasons(owed))
    attempt = attempts[-1]
    known = counted(duty.facts, attempt.occurred_at, attempt.recorded_at)
    owed = _owed(replace(duty, facts=_of_instance(known, attempt, duty.rule)), attempt)
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
    return fact.type in duty.rule.blocked and bool(_of_instance((duty.start,), fact, duty.rule))


def _answers(rule: Rule, attempt: Fact, facts: Facts, calendar: Calendar) -> tuple[Owed, ...]:
    """One answer for each thing that the attempt has to do with; none when nothing has started the gate."""
    own = _of_instance(facts, attempt, rule)
    started = [duty for duty in duties(rule, own, calendar) if _about(duty, attempt)]
    first: dict[str | None, Duty] = {}
    for duty in started:
        first.setdefault(duty.thing, duty)
    return tuple(_owed(duty, attempt) for duty in first.values())


def _owed(duty: Duty, attempt: Fact | None) -> Owed:
    rule = duty.rule
    thing, facts = _named(duty, attempt)
    applies = condition(rule.conditions, (*facts, attempt) if attempt else facts)
    if applies.holds is False:
        return Owed(False, facts=applies.facts, reason=CONDITION_FALSE)
    if applies.holds is None:
        unknown = ", ".join(applies.unknown)
        return Owed(None, (f"not known yet: {unknown}",), applies.facts, f"{CONDITION_UNKNOWN}:{unknown}")
    stop = completed(rule.stopped_by, rule.stopped_where, after(facts, duty.started_at))
    if stop:
        return Owed(False, facts=(*applies.facts, *stop.facts), reason=STOPPED)
    acts = since(facts, duty.started_at) if rule.readings.gate_act_since == "since_start" else facts
    done = reached(rule.satisfied_by, rule.satisfied_where, rule.count, acts)
    missing = (*_refused(rule, attempt), *(() if done else (_missing_act(rule, thing),)))
    return Owed(True, missing, (*applies.facts, *(done.facts if done else ())))


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


def _of_instance(facts: Facts, attempt: Fact, rule: Rule) -> Facts:
    """Without the facts that name another plan, meeting, report or subject than the attempt does."""
    groups = [(key,) for key in INSTANCE_KEYS] + [SUBJECT_KEYS[rule.subject]]
    wanted = [(group, ids) for group in groups if (ids := _ids(attempt, group))]
    return tuple(fact for fact in facts if all(not (ids := _ids(fact, group)) or ids & own for group, own in wanted))


def _ids(fact: Fact, keys: tuple[str, ...]) -> set[str]:
    return {str(fact.data[key]) for key in keys if fact.data.get(key)}


def _refused(rule: Rule, attempt: Fact | None) -> tuple[str, ...]:
    """The tests of the blocked event's own payload that fail."""
    if attempt is None or rule.gate is None:
        return ()
    filters = [item for item in parse(rule.gate.where).items if item.event == attempt.type]
    failed = [test for item in filters for test in item.tests if not test.passes(attempt.data)]
    return tuple(f"{attempt.type} must say {test}" for test in failed)


def _missing_act(rule: Rule, thing: str | None) -> str:
    act = rule.satisfied_where or " or ".join(rule.satisfied_by.split())
    name = rule.things.thing if rule.things else ""
    return act + (f" for {name} {thing}" if thing else "") + (f", {rule.count} times" if rule.count > 1 else "")
