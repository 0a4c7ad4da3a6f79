"""Who is told what about a public fact: the worker and the supervisor of a clock that warns or is missed (R-NTF-012)."""

from collections.abc import Iterable
from datetime import datetime

from events.contracts.deadlines import ClockMissed, ClockWarned
from events.contracts.intake import ReportAssigned
from events.event import PublicEvent
from events.reaction import Received
from notifications.commands import RaiseNotice
from notifications.content import SUPERVISOR, ClockReference, Kind, Matter, Recipient, notice_key

ASSIGNED = "A report was assigned to you"


def people_of(event: PublicEvent) -> list[str]:
    """The staff ids that the notices about this fact depend on."""
    match event:
        case ClockWarned() | ClockMissed():
            return [each for each in (event.worker_id, event.supervisor_id) if each]
        case ReportAssigned():
            return [event.worker_id]
        case _:
            return []


def notices_about(fact: Received, inactive: frozenset[str], at: datetime) -> list[RaiseNotice]:
    """The notices to raise. `inactive` are members of staff who have left: their supervisor's role is told instead."""
    match fact.event:
        case ClockWarned() as event if event.alerts:
            return _raise(fact, "warned", _for_clock(event, inactive), _clock(event), at)
        case ClockMissed() as event if event.alerts:
            return _raise(fact, "missed", _for_clock(event, inactive), _clock(event), at)
        case ReportAssigned() as event:
            gone = event.worker_id in inactive
            recipient = Recipient(role=SUPERVISOR) if gone else Recipient(staff_id=event.worker_id)
            return _raise(fact, "assigned", [recipient], _assignment(event), at)
        case _:
            return []


def _for_clock(event: ClockWarned | ClockMissed, inactive: frozenset[str]) -> list[Recipient]:
    """The assigned worker and the assigned supervisor; without one, the supervisors of the county."""
    worker, supervisor = (None if each in inactive else each for each in (event.worker_id, event.supervisor_id))
    told = [Recipient(staff_id=each) for each in dict.fromkeys((worker, supervisor)) if each]
    return told if supervisor else [*told, Recipient(role=SUPERVISOR)]


def _clock(event: ClockWarned | ClockMissed) -> Matter:
    return Matter(
        county=event.county,
        report_id=event.report_id,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        title=event.title,
        clock=ClockReference(
            clock_id=event.clock_id,
            rule_id=event.rule_id,
            rule_version=event.rule_version,
            obligation=event.obligation,
            authority=event.authority,
            source=event.source,
            due_at=event.due_at,
        ),
    )


def _assignment(event: ReportAssigned) -> Matter:
    id = event.report_id
    return Matter(county=event.county, report_id=id, subject_type="report", subject_id=id, title=ASSIGNED)


def _raise(
    fact: Received, kind: Kind, recipients: Iterable[Recipient], matter: Matter, at: datetime
) -> list[RaiseNotice]:
    return [
        RaiseNotice(notice_key(fact.id, each, matter.county), fact.id, kind, each, matter, at) for each in recipients
    ]
