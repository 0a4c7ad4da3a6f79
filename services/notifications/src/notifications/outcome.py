"""What became of one attempt to send, and when the next one is made: schedules as data."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Verdict = Literal["sent", "failed", "cancelled", "again"]

# Waiting times after the first, second … attempt that did not succeed. When they are used up, the delivery has failed.
MAIL = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 720))
# Standard Webhooks, "Deliverability and reliability": 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
WEBHOOK = tuple(timedelta(seconds=each) for each in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))
SCHEDULES = {"email": MAIL, "webhook": WEBHOOK}


@dataclass(frozen=True)
class Outcome:
    """`error` is a word for the delivery log: never an address, never what the other side wrote."""

    verdict: Verdict
    status: int | None = None
    error: str | None = None


def waiting_time(channel: str, attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None: give up."""
    schedule = SCHEDULES[channel]
    return schedule[attempts - 1] if attempts <= len(schedule) else None
