"""Facts and people that the tests of notifications share; all invented."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from events.contracts.deadlines import (
    ClockEscalated,
    ClockExtended,
    ClockMissed,
    ClockSuspended,
    ClockWaived,
    ClockWarned,
)
from events.contracts.intake import ReportAssigned
from events.event import PublicEvent
from events.reaction import Received
from notifications.content import ClockReference, Endpoint, Matter, Recipient, StaffEntry, notice_key
from notifications.events import NoticeRaised

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
REPORT = UUID("01890000-0000-7000-8000-0000000000a1")
CLOCK = UUID("01890000-0000-7000-8000-0000000000a2")
FACT = UUID("01890000-0000-7000-8000-0000000000a3")
HOOK = UUID("01890000-0000-7000-8000-0000000000a4")
WILMA, SAM = Recipient(staff_id="wilma-worker"), Recipient(staff_id="sam-supervisor")
SUPERVISORS, DIRECTORS = Recipient(role="ROLE-03"), Recipient(role="ROLE-12")
TITLE = "Begin the investigation"


DECIDED = {"by": "dora-director", "reason": "court-order"}


def about_clock(**more: Any) -> dict[str, Any]:
    """The fields of an announcement about a clock."""
    return {
        "clock_id": CLOCK,
        "kind": "once",
        "rule_id": "investigation-start.policy-2009",
        "rule_version": "2009-10-01",
        "obligation": "investigation-start",
        "pack": "policy-2009",
        "title": TITLE,
        "authority": "Policy Manual, Section B",
        "source": "003:1899",
        "subject_type": "report",
        "subject_id": str(REPORT),
        "scope": f"report:{REPORT}",
        "report_id": REPORT,
        "county": "Alder",
        "region": "North",
        "worker_id": "wilma-worker",
        "supervisor_id": "sam-supervisor",
        "started_at": NOW - timedelta(days=1),
        "due_at": DUE,
        "provisional": False,
        "alerts": True,
        "reason": "the due time comes near",
        "at": NOW,
    } | more


BOTH = ("worker", "supervisor")


def warned(**more: Any) -> ClockWarned:
    return ClockWarned(**about_clock(**{"warn_at": NOW, "rung": 1, "tells": BOTH} | more))


def missed(**more: Any) -> ClockMissed:
    return ClockMissed(**about_clock(**{"tells": BOTH} | more))


def escalated(**more: Any) -> ClockEscalated:
    return ClockEscalated(**about_clock(**{"escalated_at": NOW, "rung": 3, "tells": ("director",)} | more))


def suspended(**more: Any) -> ClockSuspended:
    return ClockSuspended(**about_clock(**DECIDED | more))


def extended(**more: Any) -> ClockExtended:
    return ClockExtended(**about_clock(**DECIDED | {"previous_due_at": DUE - timedelta(days=1)} | more))


def waived(**more: Any) -> ClockWaived:
    return ClockWaived(**about_clock(**DECIDED | more))


def assigned(**more: Any) -> ReportAssigned:
    content = {"report_id": REPORT, "county": "Alder", "worker_id": "wilma-worker", "level": "3", "staffed": True}
    return ReportAssigned.model_validate(content | {"by": "sam-supervisor", "at": NOW} | more)


def arrived(event: PublicEvent, id: UUID = FACT) -> Received:
    return Received(event, id, NOW, NOW, REPORT)


MATTER = Matter(
    county="Alder",
    region="North",
    report_id=REPORT,
    subject_type="report",
    subject_id=str(REPORT),
    title=TITLE,
    clock=ClockReference(
        clock_id=CLOCK,
        rule_id="investigation-start.policy-2009",
        rule_version="2009-10-01",
        obligation="investigation-start",
        authority="Policy Manual, Section B",
        source="003:1899",
        due_at=DUE,
        rung=1,
    ),
)
NOTICE_ID = notice_key(FACT, WILMA, "Alder")
RAISED = NoticeRaised(
    notice_id=NOTICE_ID, source_event=FACT, kind="warned", recipient=WILMA, matter=MATTER, raised_at=NOW
)
ENTRY = StaffEntry(
    staff_id="wilma-worker",
    name="Wilma Worker",
    email="wilma.worker@agency.example",
    roles=("ROLE-05",),
    counties=("Alder",),
    supervisor_id="sam-supervisor",
    active=True,
)
ENDPOINT = Endpoint(
    url="https://hooks.provider.example/hearthline",
    types=("deadlines.*",),
    counties=("Alder",),
    organisation="provider",
)
