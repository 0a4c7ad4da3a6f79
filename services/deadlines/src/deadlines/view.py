"""How one clock stands: the answer of the engine, with everything that an alert or an auditor asks for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from deadlines.duties import Duty
from deadlines.facts import Fact
from deadlines.ladder import Step
from deadlines.rule import Rule

State = Literal[
    "pending",
    "running",
    "suspended",
    "met",
    "met-late",
    "missed",
    "cancelled",
    "waived",
    "not-applicable",
    "unknown",
]  # fmt: skip

TOLERANCE_MISSING, CONDITION_UNKNOWN = "tolerance-missing", "condition-unknown"
CONDITION_FALSE, STOPPED = "condition-false", "stopped"
SUSPENDED, WAIVED = "suspended", "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """One clock of one rule, subject thing and start fact. Instants are UTC; `due_at` is None while nobody can say it.

    `provisional`: the due time holds only if the rule turns out to apply. `next_at`: when the answer or a warning next
    changes without a new fact. `period` numbers the periods of a quota and the turns of what recurs; `done` of `required`
    acts (minutes, where hours are asked) count, `over`: more than the maximum. `steps` are the rungs of its ladder, `order`
    is what staff ordered last about it.
    """

    clock_id: UUID
    rule_id: str
    rule_version: str
    title: str
    obligation: str
    pack: str
    authority: str
    source: str
    responsible: str
    subject_type: str
    subject_id: str
    per_thing: str | None
    kind: str
    state: State
    started_at: datetime
    due_at: datetime | None = None
    provisional: bool = False
    steps: tuple[Step, ...] = ()
    met_at: datetime | None = None
    met_by: tuple[UUID, ...] = ()
    stopped_at: datetime | None = None
    missed_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    facts_used: tuple[UUID, ...] = ()
    next_at: datetime | None = None
    period: int | None = None
    done: int = 0
    required: int = 1
    over: bool = False
    order: Fact | None = None

    def with_no_due(self) -> "ClockView":
        """The same clock where no time is limited: what was missed was missed at that instant."""
        return replace(self, due_at=None)


def view_of(
    duty: Duty,
    clock_id: UUID,
    state: State,
    *,
    used: Iterable[Fact] = (),
    started_at: datetime | None = None,
    due_at: datetime | None = None,
    provisional: bool = False,
    met_at: datetime | None = None,
    met_by: Iterable[Fact] = (),
    stopped_at: datetime | None = None,
    missed_at: datetime | None = None,
    reasons: tuple[str, ...] = (),
    next_at: datetime | None = None,
    period: int | None = None,
    done: int = 0,
    over: bool = False,
    thing: str | None = None,
) -> ClockView:
    """The view of a duty: what the rule says of itself, and what was found."""
    rule: Rule = duty.rule
    return ClockView(
        clock_id=clock_id,
        rule_id=rule.id,
        rule_version=rule.version,
        title=rule.title,
        obligation=rule.obligation,
        pack=rule.pack,
        authority=rule.authority,
        source=rule.source,
        responsible=rule.responsible,
        subject_type=duty.subject_type,
        subject_id=duty.subject_id,
        per_thing=thing or duty.thing,
        kind=rule.kind,
        state=state,
        started_at=started_at or duty.started_at,
        due_at=due_at,
        provisional=provisional,
        met_at=met_at,
        met_by=tuple(fact.id for fact in met_by),
        stopped_at=stopped_at,
        missed_at=missed_at,
        reasons=reasons,
        facts_used=tuple(dict.fromkeys(fact.id for fact in (duty.start, *used))),
        next_at=next_at,
        period=period,
        done=done,
        over=over,
        required=rule.number.least * (60 if rule.number.in_hours else 1),
    )
