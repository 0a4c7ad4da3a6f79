"""What a day came to, in words that are the same however often processes died on the way."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.system.installation import Installation
from tests.system.mailbox import Mailbox

FACTS = "select stream, version, name, occurred_at, recorded_at from {0}.events order by stream, version"
# Whether a clock that turned out not to apply was shown provisionally, and as whose, depends on how many facts one look
# took in together; so does who was assigned when a clock closed. What is owed, to whom, when, and what became of it does not.
CLOCKS = """
select report_id, rule_id, per_thing, started_at, state, due_at, provisional,
       case when state in ('running', 'missed') then worker_id end as worker_id, warned_at, missed_at, met_at
from deadlines.clocks where state <> 'cancelled'
"""
NOTICES = "select kind, staff_id, role, county, report_id, rule_id, title, due_at, raised_at from notifications.inbox"


@dataclass(frozen=True)
class Outcome:
    """The facts of intake and investigation, the clocks, the notices and the letters of a day."""

    facts: list[tuple[Any, ...]]
    clocks: Counter[tuple[Any, ...]]
    notices: Counter[tuple[Any, ...]]
    letters: Counter[tuple[str, str]]


async def outcome(county: Installation, mailbox: Mailbox) -> Outcome:
    """What there is now. A letter that came twice under one Message-ID is one letter."""
    owner = county.owner
    facts = [
        (service, *row) for service in ("intake", "investigation") for row in await owner.fetch(FACTS.format(service))
    ]
    letters = {str(each["Message-ID"]): (str(each["To"]), str(each["Subject"])) for each in mailbox.messages}
    return Outcome(
        facts,
        Counter(map(tuple, await owner.fetch(CLOCKS))),
        Counter(map(tuple, await owner.fetch(NOTICES))),
        Counter(letters.values()),
    )


def differences(left: Counter[Any], right: Counter[Any]) -> list[str]:
    """What one has and the other has not, a line for each."""
    lines = [f"only here: {each}" for each in (left - right)] + [f"only there: {each}" for each in (right - left)]
    return [line.replace("datetime.timezone.utc", "UTC") for line in lines]
