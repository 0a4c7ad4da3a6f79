"""A notice is raised once for each fact and recipient, and acknowledged once."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from events.decider import Decider, Rejected
from notifications.commands import AcknowledgeNotice, NoticeCommand, RaiseNotice
from notifications.content import Recipient
from notifications.events import NoticeAcknowledged, NoticeEvent, NoticeRaised


@dataclass(frozen=True)
class Notice:
    notice_id: UUID
    recipient: Recipient
    county: str
    acknowledged_by: str | None = None


def decide(command: NoticeCommand, notice: Notice | None) -> list[NoticeEvent]:
    match command:
        case RaiseNotice():
            return [] if notice else [_raised(command)]
        case AcknowledgeNotice():
            return acknowledge(command, known(notice))
        case _:
            assert_never(command)


def acknowledge(command: AcknowledgeNotice, notice: Notice) -> list[NoticeEvent]:
    if notice.acknowledged_by:
        return []
    return [NoticeAcknowledged(notice_id=notice.notice_id, by=command.by, acknowledged_at=command.at)]


def known(notice: Notice | None) -> Notice:
    """The notice, where there is one."""
    if notice is None:
        raise Rejected("notice-not-found", "there is no such notice", status=404)
    return notice


def _raised(command: RaiseNotice) -> NoticeRaised:
    return NoticeRaised(
        notice_id=command.notice_id,
        source_event=command.source_event,
        kind=command.kind,
        recipient=command.recipient,
        matter=command.matter,
        raised_at=command.at,
    )


def evolve(notice: Notice | None, event: NoticeEvent) -> Notice:
    match event:
        case NoticeRaised():
            return Notice(event.notice_id, event.recipient, event.matter.county)
        case NoticeAcknowledged():
            return replace(known(notice), acknowledged_by=event.by)
        case _:
            assert_never(event)


NOTICE: Decider[NoticeCommand, Notice | None, NoticeEvent] = Decider("notice", decide, evolve, initial=None)
