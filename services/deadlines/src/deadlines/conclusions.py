"""What the service concludes about clocks: the facts that it stores, each with its rule, authority and evidence."""

from datetime import datetime
from uuid import UUID

from deadlines.feed import FeedEvent
from deadlines.ladder import Told
from deadlines.ordering import OrderGiven
from events.event import Event
from events.registry import Registry


class Conclusion(Event):
    """What every conclusion says of its clock. `at` is when it was concluded, `facts` are the ids of the facts used.

    `alerts`: of the clocks that several authorities set on one obligation, this one alerts. `provisional`: it is not
    known yet whether the rule applies. `role` says who is responsible, in the words of the source. `scope` is the subject that
    is judged, such as `child:…`; `subject_type` and `subject_id` are what the rule calls it. `due_at` is None where no due
    time can be told yet, or only a number is limited.
    """

    clock_id: UUID
    rule_id: str
    rule_version: str
    obligation: str
    title: str
    kind: str
    pack: str
    authority: str
    source: str
    subject_type: str
    subject_id: str
    per_thing: str | None
    scope: str
    report_id: UUID | None
    county: str
    region: str | None
    role: str
    worker_id: str | None
    supervisor_id: str | None
    started_at: datetime
    due_at: datetime | None
    provisional: bool
    alerts: bool
    facts: tuple[UUID, ...]
    at: datetime
    reason: str


class ClockStarted(Conclusion, name="deadlines.clock-started", version=1):
    """A clock runs (again, if it had been cancelled)."""


class ClockWarned(Conclusion, name="deadlines.clock-warned", version=1):
    """The due time comes near; `warn_at` says which warning this is, `rung` its place on the ladder, `tells` who is told."""

    warn_at: datetime
    rung: int
    tells: tuple[Told, ...]


class ClockMissed(Conclusion, name="deadlines.clock-missed", version=1):
    """The due time passed and nothing known had met the duty, or a monitor tripped (`missed_at`). `tells` says who is told."""

    missed_at: datetime
    tells: tuple[Told, ...]


class ClockEscalated(Conclusion, name="deadlines.clock-escalated", version=1):
    """A missed clock was raised to the next rung of the ladder."""

    escalated_at: datetime
    rung: int
    tells: tuple[Told, ...]


class ClockMet(Conclusion, name="deadlines.clock-met", version=1):
    """The duty was met in time. Reason `late-knowledge`: it had been announced as missed before this was learned."""

    met_at: datetime


class ClockMetLate(Conclusion, name="deadlines.clock-met-late", version=1):
    """The duty was met after its due time."""

    met_at: datetime


class ClockCancelled(Conclusion, name="deadlines.clock-cancelled", version=1):
    """The duty is no longer owed; the reason says why. What was announced before stays in the history."""


class ClockMoved(Conclusion, name="deadlines.clock-moved", version=1):
    """The due time moved, or (reason `condition-known`) a provisional one became certain."""

    previous_due_at: datetime | None


class Ordered(Conclusion):
    """Somebody who may decided about the clock: `by` is the staff id, `reason` the reason that was given."""

    by: str


class ClockSuspended(Ordered, name="deadlines.clock-suspended", version=1):
    """The clock stands still; the time that is left is given back when it goes on."""

    previous_due_at: datetime | None


class ClockResumed(Ordered, name="deadlines.clock-resumed", version=1):
    """The clock goes on, with the time that was left."""

    previous_due_at: datetime | None


class ClockExtended(Ordered, name="deadlines.clock-extended", version=1):
    """The due time was moved by somebody who may."""

    previous_due_at: datetime | None


class ClockWaived(Ordered, name="deadlines.clock-waived", version=1):
    """The duty was waived by somebody who may; a miss before that stays in the history."""


# Where a clock lies and who answers for it: what an assignment changes.
WHOSE = ("county", "region", "worker_id", "supervisor_id")


class ClocksAssigned(Event, name="deadlines.clocks-assigned", version=1):
    """Others answer for these open clocks from now on, or they lie in another county. It stays in this service."""

    scope: str
    clock_ids: tuple[UUID, ...]
    county: str
    region: str | None
    worker_id: str | None
    supervisor_id: str | None


ClockOrdered = ClockSuspended | ClockResumed | ClockExtended | ClockWaived
ClockVerdict = ClockMissed | ClockMet | ClockMetLate | ClockCancelled
ClockEvent = ClockStarted | ClockWarned | ClockVerdict | ClockEscalated | ClockMoved | ClockOrdered
FamilyEvent = ClockEvent | ClocksAssigned
REGISTRY = Registry.of(FamilyEvent | OrderGiven | FeedEvent)
