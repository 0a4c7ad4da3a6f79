"""Facts that no clock can be judged on: an impossible time, an unreadable date, an id that is none."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from deadlines.facts import Fact

# No fact of a case lies outside of these years; inside of them no calendar overflows, whatever is added.
FIRST_YEAR, LAST_YEAR = 1900, 2199
# The fields whose date some rule counts from.
DATES = ("endsOn", "inEffectUntil", "neededBy", "periodEndsOn", "plannedDate")


class MalformedFact(ValueError):
    """A fact that cannot be judged. `fact_id` names it, `why` says what is wrong with it, `code` the same without a value."""

    def __init__(self, fact: Fact, why: str) -> None:
        super().__init__(f"{fact.type} {fact.id}: {why}")
        self.fact_id: UUID = fact.id
        self.why = why
        self.code = why.partition(":")[0]


def what_is_malformed(fact: Fact) -> str:
    """What is wrong with a fact; empty when it can be judged."""
    if not FIRST_YEAR <= fact.occurred_at.year <= LAST_YEAR:
        return f"it happened in the year {fact.occurred_at.year}"
    for name, value in fact.data.items():
        if name in DATES and value and not _is_a_date(value):
            return f"{name} is no date between {FIRST_YEAR} and {LAST_YEAR}: {value}"
        if isinstance(value, list | dict | tuple | bool | float) and name.endswith("Id"):
            return f"{name} is no id: {value}"
    return ""


def refuse_malformed(facts: Iterable[Fact]) -> None:
    """Raises MalformedFact for the first fact that cannot be judged."""
    for fact in facts:
        if why := what_is_malformed(fact):
            raise MalformedFact(fact, why)


def date_in(fact: Fact, name: str) -> date:
    """The date that a field of a fact names. Raises MalformedFact."""
    value = fact.data.get(name)
    if not _is_a_date(value):
        raise MalformedFact(fact, f"{name} is no date between {FIRST_YEAR} and {LAST_YEAR}: {value}")
    return date.fromisoformat(str(value)[:10])


def _is_a_date(value: object) -> bool:
    try:
        return FIRST_YEAR <= date.fromisoformat(str(value)[:10]).year <= LAST_YEAR
    except ValueError:
        return False
