"""What a day came to, in words that are the same however often processes died on the way."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.system.installation import Installation
from tests.system.mailbox import Mailbox

FACTS = "select stream, version, name, occurred_at, recorded_at from {0}.events order by stream, version"
CLOCKS = """
select report_id, rule_id, subject_id, per_thing, started_at, state, due_at, provisional, alerts, worker_id,
       warned_at, missed_at, met_at
from deadlines.clocks
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
