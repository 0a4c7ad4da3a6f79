"""What an agency decides about investigations, as a value that comes in with each command."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Policy:
    """The settings of the rules; the defaults are the decisions on record (D-03, D-05, D-07, D-35)."""

    practice_model: bool = False
    telephone_reaches_collateral: bool = False
    checklist_until_age: int = 5
    dispositions: tuple[str, ...] = ("substantiated", "indicated", "unsubstantiated")
    time_zone: str = "America/Chicago"

    def day(self, at: datetime) -> date:
        """The agency's calendar day of an instant."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()


DEFAULT_POLICY = Policy()
