"""Why a clock stands as it does: rule, authority, facts and arithmetic, in sentences that a caseworker can check."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deadlines.arithmetic import arithmetic
from deadlines.calendar import Calendar
from deadlines.facts import Fact, Facts
from deadlines.lengths import Length
from deadlines.rule import Rule
from deadlines.settings_used import SettingUsed, settings_used
from deadlines.view import ClockView
from deadlines.wording import event_words, number_words, when

MISSING = "missing:"
STILL_ASKED = ("pending", "running", "suspended", "missed", "unknown")


@dataclass(frozen=True, slots=True)
class FactUsed:
    """One fact of the reasoning: what it is called, when it happened and when it was learned."""

    id: UUID
    type: str
    happened_at: datetime
    learned_at: datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasoning behind one clock, as sentences and as data."""

    rule: str
    title: str
    authority: str
    source: str
    state: str
    facts: tuple[FactUsed, ...]
    arithmetic: tuple[str, ...]
    settings: tuple[SettingUsed, ...]
    would_meet: str
    unknown: tuple[str, ...]
    sentences: tuple[str, ...]


def explain(clock: ClockView, rule: Rule, facts: Iterable[Fact], calendar: Calendar) -> Explanation:
    """Explain one clock from its rule and the facts it was judged on. Raises ValueError for another rule."""
    if clock.rule_id != rule.id:
        raise ValueError(f"{clock.rule_id} is not explained by {rule.id}")
    chosen = _chosen(clock, facts)
    used = tuple(FactUsed(fact.id, fact.type, fact.occurred_at, fact.recorded_at) for fact in chosen)
    steps = tuple(arithmetic(clock, rule, chosen, calendar))
    would_meet, unknown = _would_meet(rule), _unknown(clock, rule)
    sentences = (
        f"{rule.title} ({rule.authority}, {rule.source}).",
        *(_told(fact, calendar) for fact in used),
        *steps,
        _verdict(clock, calendar),
        *(f"Not known yet: {what}." for what in unknown),
        *(f"Missing: {reason.removeprefix(MISSING)}." for reason in clock.reasons if reason.startswith(MISSING)),
        *((f"It is met by: {would_meet}.",) if would_meet and clock.state in STILL_ASKED else ()),
        *((f"Note: {rule.note}",) if rule.note else ()),
    )
    return Explanation(
        rule=rule.version,
        title=rule.title,
        authority=rule.authority,
        source=rule.source,
        state=clock.state,
        facts=used,
        arithmetic=steps,
        settings=settings_used(clock, rule),
        would_meet=would_meet,
        unknown=unknown,
        sentences=sentences,
    )


def _chosen(clock: ClockView, facts: Iterable[Fact]) -> Facts:
    """The facts that the clock was judged on, in the order in which they happened."""
    known = {fact.id: fact for fact in facts}
    chosen = (known[id] for id in clock.facts_used if id in known)
    return tuple(sorted(chosen, key=lambda fact: (fact.occurred_at, fact.id)))


def _told(fact: FactUsed, calendar: Calendar) -> str:
    happened, learned = when(fact.happened_at, calendar), when(fact.learned_at, calendar)
    return f"{event_words(fact.type)}: happened {happened}, learned {learned}."


def _verdict(clock: ClockView, calendar: Calendar) -> str:
    due = when(clock.due_at, calendar) if clock.due_at else ""
    met = when(clock.met_at, calendar) if clock.met_at else ""
    stopped = f" {when(clock.stopped_at, calendar)}" if clock.stopped_at else ""
    match clock.state:
        case "pending":
            return "Not attempted yet." if clock.kind == "gate" else "It has not begun."
        case "running":
            return f"Running until {due}." if due else "Running without a due time."
        case "suspended":
            return "Suspended: the time stands still."
        case "met":
            return f"Met {met}."
        case "met-late" if clock.kind == "monitor":
            return f"Answered {met}."
        case "met-late":
            return f"Met late: {met}, due {due}." if due else f"Met late: {met}."
        case "missed":
            return _miss(clock, due, calendar)
        case "cancelled":
            return f"Off the list{stopped}." if clock.kind == "monitor" and clock.missed_at else f"Cancelled{stopped}."
        case "waived":
            return "Waived: it is no longer asked."
        case "not-applicable":
            return "Does not apply."
        case "unknown":
            return f"Provisionally due {due}." if clock.provisional else "It cannot be said yet whether it is kept."


def _miss(clock: ClockView, due: str, calendar: Calendar) -> str:
    if clock.kind == "gate":
        return "Attempted without it."
    if clock.kind == "monitor" and clock.missed_at is not None:
        return "On the list: not answered yet."
    return f"Missed: due {due}." if due else "Missed from its own start."


def _would_meet(rule: Rule) -> str:
    if rule.kind == "monitor" and rule.starts == rule.acts:
        return ""
    if rule.kind == "gate" and not rule.satisfied_where and rule.acts == set(rule.blocked):
        return _passes_itself(rule)
    named = set(re.findall(r"(\w+)\(", rule.satisfied_where))
    bare = [event_words(event) for event in re.split(r"[ +]", rule.satisfied_by) if event and event not in named]
    joint = " and " if "+" in rule.satisfied_by else " or "
    act = joint.join([*bare, *([rule.satisfied_where] if rule.satisfied_where else [])])
    times = number_words(rule.number) if rule.kind in ("quota", "gate") else ""
    return f"{act}, {times}" if times else act


def _passes_itself(rule: Rule) -> str:
    """A gate that asks nothing but its own numbers: what the blocked act must say, or how late it may come at the earliest."""
    assert rule.gate is not None
    if rule.gate.where:
        return rule.gate.where
    return f"{' or '.join(map(event_words, rule.blocked))}, {Length.parse(rule.gate.threshold)} after the start"


def _unknown(clock: ClockView, rule: Rule) -> tuple[str, ...]:
    codes = [reason.partition(":") for reason in clock.reasons]
    conditions = tuple(
        f"whether {rule.applies_where} (no {event_words(event)})"
        for code, _, event in codes
        if code == "condition-unknown"
    )
    tolerance = tuple(
        "how long immediately is (tolerance missing)" for code, _, _ in codes if code == "tolerance-missing"
    )
    return conditions + tolerance
