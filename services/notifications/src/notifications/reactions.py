"""Who is told what about a public fact: of a clock, whoever its ladder names (R-NTF-012: worker and supervisor)."""

from collections.abc import Iterable
from datetime import datetime

from events.contracts.deadlines import (
    ClockEscalated,
    ClockExtended,
    ClockMissed,
    ClockSuspended,
    ClockWaived,
    ClockWarned,
    Told,
)
from events.contracts.intake import ReportAssigned
from events.event import PublicEvent
from events.reaction import Received
from notifications.absence import Staff
from notifications.commands import RaiseNotice
from notifications.content import DIRECTOR, ClockReference, Kind, Matter, Recipient, notice_key

ASSIGNED = "A report was assigned to you"
ALERTS: dict[type[PublicEvent], Kind] = {ClockWarned: "warned", ClockMissed: "missed", ClockEscalated: "escalated"}
DECISIONS: dict[type[PublicEvent], Kind] = {
    ClockSuspended: "suspended",
    ClockExtended: "extended",
    ClockWaived: "waived",
}
ANSWERABLE: tuple[Told, ...] = ("worker", "supervisor")

Alert = ClockWarned | ClockMissed | ClockEscalated
Decision = ClockSuspended | ClockExtended | ClockWaived


def people_of(event: PublicEvent) -> list[str]:
    """The staff ids that the notices about this fact depend on."""
    match event:
        case ClockWarned() | ClockMissed() | ClockEscalated() | ClockSuspended() | ClockExtended() | ClockWaived():
            return [each for each in (event.worker_id, event.supervisor_id) if each]
        case ReportAssigned():
            return [event.worker_id]
        case _:
            return []


def notices_about(fact: Received, staff: Staff, at: datetime) -> list[RaiseNotice]:
    """The notices to raise. Of the clocks on one obligation one alerts; a decision about any of them is always told."""
    match fact.event:
        case (ClockWarned() | ClockMissed() | ClockEscalated()) as event if event.alerts:
            return _raise(fact, ALERTS[type(event)], _told(event, event.tells, staff), _alert(event), at)
        case (ClockSuspended() | ClockExtended() | ClockWaived()) as event:
            return _raise(fact, DECISIONS[type(event)], _told(event, ANSWERABLE, staff), _decision(event), at)
        case ReportAssigned() as event:
            return _raise(fact, "assigned", staff.told(event.worker_id), _assignment(event), at)
        case _:
            return []


def _told(event: Alert | Decision, tells: Iterable[Told], staff: Staff) -> list[Recipient]:
    by_word = {"worker": event.worker_id, "supervisor": event.supervisor_id}
    return [
        recipient
        for word in tells
        for recipient in ([Recipient(role=DIRECTOR)] if word == "director" else staff.told(by_word[word]))
    ]


def _once(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Each recipient once, with everybody for whom they stand in."""
    merged: dict[str, Recipient] = {}
    for each in recipients:
        before = merged.get(each.name, each)
        absent = dict.fromkeys((*before.on_behalf_of, *each.on_behalf_of))
        merged[each.name] = before.model_copy(update={"on_behalf_of": tuple(absent)})
    return list(merged.values())


def _alert(event: Alert) -> Matter:
    rung = None if isinstance(event, ClockMissed) else event.rung
    return _matter(event, _reference(event).model_copy(update={"rung": rung}))


def _decision(event: Decision) -> Matter:
    decided = {"decided_by": event.by, "reason": event.reason}
    return _matter(event, _reference(event).model_copy(update=decided))


def _reference(event: Alert | Decision) -> ClockReference:
    return ClockReference(
        clock_id=event.clock_id,
        rule_id=event.rule_id,
        rule_version=event.rule_version,
        obligation=event.obligation,
        authority=event.authority,
        source=event.source,
        due_at=event.due_at,
    )


def _matter(event: Alert | Decision, clock: ClockReference) -> Matter:
    return Matter(
        county=event.county,
        region=event.region,
        report_id=event.report_id,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        title=event.title,
        clock=clock,
    )


def _assignment(event: ReportAssigned) -> Matter:
    id = event.report_id
    return Matter(county=event.county, report_id=id, subject_type="report", subject_id=str(id), title=ASSIGNED)


def _raise(
    fact: Received, kind: Kind, recipients: Iterable[Recipient], matter: Matter, at: datetime
) -> list[RaiseNotice]:
    return [
        RaiseNotice(notice_key(fact.id, each, matter.county), fact.id, kind, each, matter, at)
        for each in _once(recipients)
    ]
