"""What the neighbours learn of notices."""

from typing import Any

from tests.unit.notifications.cases import CLOCK, ENDPOINT, ENTRY, HOOK, NOTICE_ID, NOW, RAISED, REPORT, SUPERVISORS

from events.contracts.notifications import NotificationAcknowledged, NotificationSent
from events.testing import recorded
from notifications.announce import announce
from notifications.events import NoticeAcknowledged, StaffRecorded, WebhookRegistered


def announced(event: Any) -> list[Any]:
    return list(announce(recorded([event])[0]))


SENT = NotificationSent(
    notification_id=NOTICE_ID,
    kind="warned",
    rule_id="investigation-start.policy-2009",
    clock_id=CLOCK,
    recipient_id="wilma-worker",
    county="Alder",
    report_id=REPORT,
    subject_type="report",
    subject_id=str(REPORT),
    at=NOW,
)


def test_a_notice_is_announced_with_rule_and_recipient() -> None:
    """events.csv: NotificationSent."""
    assert announced(RAISED) == [SENT]


def test_a_notice_about_a_region_names_neither_report_nor_county() -> None:
    matter = RAISED.matter.model_copy(update={"county": "", "report_id": None, "subject_id": "North"})
    (event,) = announced(RAISED.model_copy(update={"matter": matter, "kind": "escalated"}))
    assert (event.kind, event.county, event.report_id, event.subject_id) == ("escalated", "", None, "North")


def test_a_notice_to_a_role_names_the_role() -> None:
    (event,) = announced(RAISED.model_copy(update={"recipient": SUPERVISORS}))
    assert (event.recipient_id, event.role) == (None, "ROLE-03")


def test_an_acknowledgement_is_announced() -> None:
    """events.csv: NotificationAcknowledged."""
    fact = NoticeAcknowledged(notice_id=NOTICE_ID, by="wilma-worker", acknowledged_at=NOW)
    assert announced(fact) == [NotificationAcknowledged(notification_id=NOTICE_ID, by="wilma-worker", at=NOW)]


def test_directory_and_endpoints_stay_in_the_service() -> None:
    assert announced(StaffRecorded(entry=ENTRY, by="ada")) == []
    assert announced(WebhookRegistered(webhook_id=HOOK, endpoint=ENDPOINT, secret="sealed", by="ada")) == []
