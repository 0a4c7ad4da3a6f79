"""A notice is raised once and acknowledged once."""

from tests.unit.notifications.cases import FACT, MATTER, NOTICE_ID, NOW, RAISED, WILMA

from events.testing import Scenario
from notifications.commands import AcknowledgeNotice, RaiseNotice
from notifications.events import NoticeAcknowledged
from notifications.notice import NOTICE

notice = Scenario(NOTICE)
RAISE = RaiseNotice(NOTICE_ID, FACT, "warned", WILMA, MATTER, NOW)
ACKNOWLEDGED = NoticeAcknowledged(notice_id=NOTICE_ID, by="wilma-worker", acknowledged_at=NOW)


def test_a_notice_is_raised() -> None:
    """R-NTF-012, 003:1061."""
    notice.when(RAISE).then(RAISED)


def test_the_same_fact_told_again_raises_nothing() -> None:
    notice.given(RAISED).when(RAISE).nothing()


def test_also_after_it_was_acknowledged() -> None:
    notice.given(RAISED, ACKNOWLEDGED).when(RAISE).nothing()


def test_the_recipient_acknowledges_it() -> None:
    """F-NTF-02: received or confirmed."""
    notice.given(RAISED).when(AcknowledgeNotice("wilma-worker", NOW)).then(ACKNOWLEDGED)


def test_the_first_acknowledgement_counts() -> None:
    notice.given(RAISED, ACKNOWLEDGED).when(AcknowledgeNotice("sam-supervisor", NOW)).nothing()


def test_what_was_never_raised_cannot_be_acknowledged() -> None:
    assert notice.when(AcknowledgeNotice("wilma-worker", NOW)).rejected("notice-not-found").status == 404
