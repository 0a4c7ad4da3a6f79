"""The words of an e-mail."""

from typing import Any

import pytest
from tests.unit.notifications.cases import (
    CLOCK,
    DIRECTORS,
    DUE,
    MATTER,
    NOTICE_ID,
    NOW,
    RAISED,
    REPORT,
    SAM,
    SUPERVISORS,
    TITLE,
)

from events.ids import derived
from events.recorded import Recorded
from notifications.events import NoticeRaised
from notifications.read_models import inbox
from notifications.settings import NotificationsSettings
from notifications.wording import Wording

TO = "wilma.worker@agency.example"
DELIVERY = derived("delivery", NOTICE_ID)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(NotificationsSettings(notifications_smtp_sender="hearthline@agency.example"))


def row(event: NoticeRaised = RAISED) -> dict[str, Any]:
    recorded = Recorded(event, NOTICE_ID, f"notice-{NOTICE_ID}", 1, 7, NOW, NOW, {})
    return inbox(None, recorded, NOTICE_ID)


def changed(**more: Any) -> dict[str, Any]:
    return row(RAISED.model_copy(update=more))


def test_a_warning_names_the_due_time_where_the_agency_is(wording: Wording) -> None:
    """003:1061; times are shown in the agency's time zone, here six hours behind UTC."""
    subject = wording.message(row(), "wilma.worker@agency.example", DELIVERY)["Subject"]
    assert subject == f"Due Wednesday 4 March 2026, 09:00 CST: {TITLE}"


def test_after_the_change_of_clocks_the_summer_time_is_named(wording: Wording) -> None:
    assert wording.due(DUE.replace(day=9)) == "Monday 9 March 2026, 10:00 CDT"


def test_a_miss_says_so(wording: Wording) -> None:
    message = wording.message(changed(kind="missed"), "wilma.worker@agency.example", DELIVERY)
    assert message["Subject"] == f"Missed, was due Wednesday 4 March 2026, 09:00 CST: {TITLE}"
    assert "nothing recorded has met it." in message.get_content()


@pytest.mark.parametrize(
    ("kind", "subject", "said"),
    [
        ("warned", f"Due soon: {TITLE}", "due soon"),
        ("missed", f"Needs attention: {TITLE}", "this rule is not kept at present."),
        ("escalated", f"Still needs attention: {TITLE}", "this rule is still not kept."),
        ("extended", f"Extended: {TITLE}", "was extended."),
    ],
)
def test_a_clock_without_a_due_time_is_told_in_neutral_words(
    wording: Wording, kind: str, subject: str, said: str
) -> None:
    """A monitor, or a limit of number only: no time that passed is spoken of."""
    clock = MATTER.clock.model_copy(update={"due_at": None}) if MATTER.clock else None
    message = wording.message(changed(kind=kind, matter=MATTER.model_copy(update={"clock": clock})), TO, DELIVERY)
    assert message["Subject"] == subject
    assert said in message.get_content()
    assert "due time" not in message.get_content()
    assert "Due  " not in message.get_content()


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("escalated", f"Still not met, was due Wednesday 4 March 2026, 09:00 CST: {TITLE}"),
        ("suspended", f"Suspended: {TITLE}"),
        ("extended", f"Extended to Wednesday 4 March 2026, 09:00 CST: {TITLE}"),
        ("waived", f"Waived: {TITLE}"),
    ],
)
def test_each_kind_has_its_subject(wording: Wording, kind: str, subject: str) -> None:
    assert wording.message(changed(kind=kind), TO, DELIVERY)["Subject"] == subject


def test_a_decision_says_who_decided_and_why(wording: Wording) -> None:
    decided = {"decided_by": "dora-director", "reason": "court-order"}
    clock = MATTER.clock.model_copy(update=decided) if MATTER.clock else None
    event = changed(kind="waived", matter=MATTER.model_copy(update={"clock": clock}))
    assert "Decided    dora-director (court-order)\n" in wording.message(event, TO, DELIVERY).get_content()


def test_without_report_and_county_the_subject_and_the_region_are_named(wording: Wording) -> None:
    change = {"county": "", "report_id": None, "subject_type": "region", "subject_id": "North"}
    event = changed(matter=MATTER.model_copy(update=change), recipient=DIRECTORS)
    content = wording.message(event, TO, DELIVERY).get_content()
    assert "  Region     North\n  About      region North\n" in content
    assert "County" not in content
    assert "Report" not in content
    assert "Director, North." in content


def test_a_substitute_reads_who_is_absent(wording: Wording) -> None:
    event = changed(recipient=SAM.model_copy(update={"on_behalf_of": ("wilma-worker",)}))
    assert "Absent     wilma-worker: you stand in\n" in wording.message(event, TO, DELIVERY).get_content()


def test_the_body_holds_rule_authority_ids_and_a_link(wording: Wording) -> None:
    content = wording.message(row(), "wilma.worker@agency.example", DELIVERY).get_content()
    for words in (TITLE, "investigation-start.policy-2009", "Policy Manual, Section B (003:1899)", "Alder"):
        assert words in content
    assert f"Report     {REPORT}\n  Clock      {CLOCK}\n" in content
    assert f"http://127.0.0.1:8000/?notice={NOTICE_ID}" in content
    assert "sent it to you." in content


def test_an_assignment_names_no_rule(wording: Wording) -> None:
    event = changed(kind="assigned", matter=MATTER.model_copy(update={"clock": None, "title": "A report was assigned"}))
    message = wording.message(event, "wilma.worker@agency.example", DELIVERY)
    assert message["Subject"] == "A report was assigned"
    assert "Rule" not in message.get_content()


def test_a_notice_to_a_role_says_which(wording: Wording) -> None:
    content = wording.message(changed(recipient=SUPERVISORS), "sam.supervisor@agency.example", DELIVERY).get_content()
    assert "(ASWS) / supervisor, Alder." in content


def test_the_message_id_is_the_same_each_time(wording: Wording) -> None:
    """A repeat after a crash can be recognised."""
    first, second = (wording.message(row(), "wilma.worker@agency.example", DELIVERY) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == f"<{DELIVERY}@agency.example>"
    assert first.as_bytes() == second.as_bytes()
