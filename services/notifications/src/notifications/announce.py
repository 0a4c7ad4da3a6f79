"""What the neighbours learn of notices: that somebody was told, and that it was acknowledged."""

from collections.abc import Sequence

from events.contracts.notifications import NotificationAcknowledged, NotificationSent
from events.event import PublicEvent
from events.recorded import Recorded
from notifications.events import NoticeAcknowledged, NoticeRaised, NotificationsEvent


def announce(recorded: Recorded[NotificationsEvent]) -> Sequence[PublicEvent]:
    """The public event of a notice. The directory and the endpoints of others stay in the service."""
    match recorded.event:
        case NoticeRaised() as event:
            return [_sent(event)]
        case NoticeAcknowledged() as event:
            return [NotificationAcknowledged(notification_id=event.notice_id, by=event.by, at=event.acknowledged_at)]
        case _:
            return []


def _sent(event: NoticeRaised) -> NotificationSent:
    matter = event.matter
    return NotificationSent(
        notification_id=event.notice_id,
        kind=event.kind,
        rule_id=matter.clock.rule_id if matter.clock else None,
        clock_id=matter.clock.clock_id if matter.clock else None,
        recipient_id=event.recipient.staff_id,
        role=event.recipient.role,
        county=matter.county,
        report_id=matter.report_id,
        subject_type=matter.subject_type,
        subject_id=matter.subject_id,
        at=event.raised_at,
    )
