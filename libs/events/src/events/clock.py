"""Time as a value: the system clock in production, a virtual one in tests, demos and simulations."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Whoever needs the time asks an injected clock; nothing else in Hearthline reads it."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of production."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)


@dataclass
class VirtualClock:
    """A clock that stands still until it is told to move."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def advance(self, by: timedelta) -> datetime:
        """Move the clock on and return the new instant."""
        self.instant += by
        return self.instant


@dataclass(frozen=True)
class FileClock:
    """A virtual clock shared by several processes: the file holds the instant as ISO 8601."""

    path: Path

    def now(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text().strip()).astimezone(UTC)
