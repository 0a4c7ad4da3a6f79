"""What is asked of the gates: an attempt in the words of its public event, the facts it needs, and the one answer to it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.fields import FieldInfo

from deadlines.calendar import Calendar
from deadlines.facts import Fact
from deadlines.gates import GateVerdict, May, gate
from deadlines.rule import Rule
from deadlines.settings_used import SettingUsed, settings_used
from deadlines.subjects import Scope, candidates, members, mentions, ties
from events.catalogue import public_events
from events.decider import Rejected
from events.event import PublicEvent

# What a family's record is made of: who asks must have to do with it. Homes and staff serve families of many counties.
OF_A_FAMILY = ("case", "child", "investigation", "report", "service", "referral", "placement")
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """The answer of one rule, with its authority and source, what is missing, and the readings that it takes."""

    rule: str
    title: str
    authority: str
    source: str
    responsible: str
    mode: str
    answer: May
    because: str
    missing: tuple[str, ...]
    settings: tuple[SettingUsed, ...]


def attempted(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of an attempt, checked against the contract of the event; what is not known yet may be left out.

    Raises Rejected for an event that is not there, a field that it does not have, and a value that does not fit.
    """
    contract = next((each for each in public_events() if each.__name__ == event), None)
    if contract is None:
        raise Rejected("event-unknown", f"there is no public event {event}", field="event", status=422)
    try:
        told = _partly(contract).model_validate_json(json.dumps(dict(data)))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        path = ".".join(map(str, first["loc"]))
        raise Rejected("attempt-unreadable", f"{event}: {path}: {first['msg']}", field="data", status=422) from error
    payload: dict[str, Any] = json.loads(told.model_dump_json(by_alias=True, exclude_none=True))
    if len(mentions(payload)) > MOST_NAMED:
        raise Rejected(
            "attempt-too-wide", f"an attempt may name {MOST_NAMED} subjects at most", field="data", status=422
        )
    return payload


def asked_about(named: Iterable[str], neighbours: Mapping[str, Iterable[str]]) -> tuple[Scope, ...]:
    """The subjects that an attempt has to do with: those it names, and those tied to them."""
    told = tuple(named)
    return tuple(sorted(candidates(told, (other for each in told for other in neighbours.get(each, ())))))


def reach_of(scopes: Iterable[Scope], named: Iterable[str], neighbours: Mapping[str, Iterable[str]]) -> set[str]:
    """The names under which facts may count for an attempt: those of its subjects, and what the attempt itself ties."""
    near = {each: set(others) for each, others in neighbours.items()}
    for one, other in ties(named):
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    return {name for scope in scopes for name in members(scope, near)}


def answers(
    facts: Iterable[Fact],
    rules: Iterable[Rule],
    event: str,
    data: Mapping[str, object],
    at: datetime,
    calendar: Calendar,
    learned_at: datetime | None = None,
) -> tuple[RuleAnswer, ...]:
    """What every rule says that guards the event, each once; of two versions of a rule the stricter."""
    known = tuple(facts)
    strictest: dict[str, RuleAnswer] = {}
    for rule in sorted((rule for rule in rules if event in rule.blocked), key=lambda rule: rule.version):
        answer = _answer(rule, gate(known, rule, event, data, at, calendar, learned_at))
        strictest[rule.id] = max(answer, strictest.get(rule.id, answer), key=_strictness)
    return tuple(strictest.values())


def overall(told: Iterable[RuleAnswer]) -> May:
    """`no` when one rule says no, else `exception` when one asks for it, else `yes`."""
    return max((each.answer for each in told), key=STRICTER.index, default="yes")


STRICTER: tuple[May, ...] = ("yes", "exception", "no")


def _strictness(answer: RuleAnswer) -> int:
    return STRICTER.index(answer.answer)


def _answer(rule: Rule, verdict: GateVerdict) -> RuleAnswer:
    return RuleAnswer(
        rule=rule.version,
        title=rule.title,
        authority=rule.authority,
        source=rule.source,
        responsible=rule.responsible,
        mode=rule.gate.mode if rule.gate else "",
        answer=verdict.answer,
        because=verdict.because,
        missing=verdict.missing,
        settings=settings_used(None, rule),
    )


@cache
def _partly(contract: type[PublicEvent]) -> type[BaseModel]:
    """The contract with every field optional, and with no field that it does not have."""
    fields: dict[str, Any] = {name: (_or_nothing(field), None) for name, field in contract.model_fields.items()}
    config = ConfigDict(**{**contract.model_config, "extra": "forbid", "hide_input_in_errors": True})
    return create_model(contract.__name__, __config__=config, **fields)


def _or_nothing(field: FieldInfo) -> Any:
    """The type of a field, and None."""
    whole: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return whole | None
