"""What the sources advise without a number: shown as a prompt while it is not done, never as a clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deadlines.calendar import Calendar
from deadlines.duties import duties
from deadlines.evidence import completed, condition
from deadlines.facts import Facts, after, since
from deadlines.rule import Rule
from deadlines.subjects import Scope, scopes_of


@dataclass(frozen=True, slots=True)
class Prompt:
    """One advice that a subject has come to and that is not followed yet. `when` are the words of the source."""

    rule: Rule
    since: datetime
    thing: str | None
    when: str


def prompts(rules: Iterable[Rule], scope: Scope, facts: Facts, calendar: Calendar) -> tuple[Prompt, ...]:
    """The advice that is open for a subject, in the order in which it came up."""
    told = {fact.type for fact in facts}
    open_now = [
        Prompt(rule, duty.started_at, duty.thing, rule.when or rule.due or rule.every)
        for rule in rules
        if rule.enforce == "advisory" and scope.kind in scopes_of(rule) and not told.isdisjoint(rule.starts)
        for duty in duties(rule, facts, calendar, scope)
        if condition(rule.conditions, duty.facts).holds is not False
        and not completed(rule.satisfied_by, rule.satisfied_where, since(duty.facts, duty.started_at))
        and not completed(rule.stopped_by, rule.stopped_where, after(duty.facts, duty.started_at))
    ]
    return tuple(sorted(open_now, key=lambda prompt: (prompt.since, prompt.rule.id, prompt.thing or "")))
