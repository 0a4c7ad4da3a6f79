"""What has been announced of each clock: the memory from which a repeated look knows that nothing is new."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID

from deadlines.conclusions import (
    WHOSE,
    ClockCancelled,
    ClockEscalated,
    ClockEvent,
    ClockExtended,
    ClockMet,
    ClockMetLate,
    ClockMissed,
    ClockMoved,
    ClockResumed,
    ClocksAssigned,
    ClockStarted,
    ClockSuspended,
    ClockWaived,
    ClockWarned,
    FamilyEvent,
)


@dataclass(frozen=True)
class Standing:
    """The fold of the conclusions about one clock; rungs up to `told_until` have been told or passed over."""

    state: Literal["running", "suspended", "missed", "met", "met-late", "cancelled", "waived"]
    last: ClockEvent
    told_until: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in ("running", "suspended", "missed")


Standings = Mapping[UUID, Standing]


def evolve(standings: Standings, event: FamilyEvent) -> Standings:
    """Remember what was announced, and who answers for it."""
    if isinstance(event, ClocksAssigned):
        whose = {name: getattr(event, name) for name in WHOSE}
        return {**standings, **{clock: _given_to(standings[clock], whose) for clock in event.clock_ids}}
    return {**standings, event.clock_id: _after(standings.get(event.clock_id), event)}


def _given_to(standing: Standing, whose: Mapping[str, str | None]) -> Standing:
    return replace(standing, last=standing.last.model_copy(update=whose))


def _after(known: Standing | None, event: ClockEvent) -> Standing:
    told = known.told_until if known else None
    match event:
        case ClockStarted():
            return Standing("running", event)
        case ClockWarned():
            return Standing(known.state if known else "running", event, event.warn_at)
        case ClockEscalated():
            return Standing(known.state if known else "missed", event, event.escalated_at)
        case ClockMoved() | ClockResumed() | ClockExtended():
            return Standing("running", event)
        case ClockSuspended():
            return Standing("suspended", event, told)
        case ClockMissed():
            return Standing("missed", event, told)
        case ClockMet():
            return Standing("met", event, told)
        case ClockMetLate():
            return Standing("met-late", event, told)
        case ClockCancelled():
            return Standing("cancelled", event, told)
        case ClockWaived():
            return Standing("waived", event, told)
        case _:
            assert_never(event)
