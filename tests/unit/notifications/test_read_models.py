"""The folds of directory, inbox and endpoints; each event may come twice."""

from datetime import timedelta

from tests.unit.notifications.cases import ENDPOINT, ENTRY, HOOK, NOTICE_ID, NOW, RAISED, WILMA

from events.event import Event
from events.testing import ReadModelScenario
from notifications.content import staff_key
from notifications.events import (
    NoticeAcknowledged,
    StaffRecorded,
    WebhookChanged,
    WebhookDisabled,
    WebhookEnabled,
    WebhookRegistered,
    WebhookSecretRotated,
)
from notifications.read_models import READ_MODELS

directory, inbox, webhooks = map(ReadModelScenario, READ_MODELS)
STAFF, NOTICE, ENDPOINTS = f"staff-{staff_key('wilma-worker')}", f"notice-{NOTICE_ID}", f"webhook-{HOOK}"
REGISTERED = WebhookRegistered(webhook_id=HOOK, endpoint=ENDPOINT, secret="first", by="ada")


def only(scenario: ReadModelScenario) -> dict[str, object]:
    scenario.then(scenario.rows())
    (row,) = scenario.rows().values()
    return row


def endpoint(*events: Event) -> dict[str, object]:
    return only(webhooks.given(REGISTERED, *events, stream=ENDPOINTS))


def test_the_latest_entry_of_the_directory_counts() -> None:
    moved = ENTRY.model_copy(update={"counties": ("Birch",), "email": None})
    row = only(directory.given(StaffRecorded(entry=ENTRY, by="a"), StaffRecorded(entry=moved, by="a"), stream=STAFF))
    assert (row["counties"], row["email"], row["staff_id"]) == (["Birch"], None, "wilma-worker")


def test_an_inbox_shows_who_acknowledged_and_when() -> None:
    later = NOW + timedelta(hours=1)
    fact = NoticeAcknowledged(notice_id=NOTICE_ID, by="wilma-worker", acknowledged_at=later)
    row = only(inbox.given(RAISED, fact, stream=NOTICE))
    assert (row["acknowledged_by"], row["acknowledged_at"], row["place"], row["position"]) == (
        "wilma-worker",
        later,
        -1,
        2,
    )


def test_an_absence_and_who_stands_in_are_shown() -> None:
    entry = ENTRY.model_copy(update={"absent_from": NOW.date(), "substitute_id": "otto-worker"})
    row = only(directory.given(StaffRecorded(entry=entry, by="a"), stream=STAFF))
    assert (row["absent_from"], row["absent_until"], row["substitute_id"]) == (NOW.date(), None, "otto-worker")


def test_an_inbox_shows_for_whom_its_reader_stands_in_and_which_rung_it_is() -> None:
    recipient = WILMA.model_copy(update={"on_behalf_of": ("otto-worker",)})
    row = only(inbox.given(RAISED.model_copy(update={"recipient": recipient}), stream=NOTICE))
    assert (row["staff_id"], row["on_behalf_of"], row["rung"]) == ("wilma-worker", ["otto-worker"], 1)


def test_a_notice_without_a_clock_leaves_its_columns_empty() -> None:
    matter = RAISED.matter.model_copy(update={"clock": None, "report_id": None})
    row = only(inbox.given(RAISED.model_copy(update={"matter": matter}), stream=NOTICE))
    assert {row[name] for name in ("clock_id", "rule_id", "due_at", "rung", "decided_by", "report_id")} == {None}


def test_the_newest_notice_stands_first() -> None:
    row = only(inbox.given(RAISED, stream=NOTICE))
    assert (row["place"], row["acknowledged_at"]) == (-1, None)


def test_each_table_takes_its_own_facts() -> None:
    facts = inbox.given(StaffRecorded(entry=ENTRY, by="a"), stream=STAFF)
    assert facts.given(RAISED, stream=NOTICE).rows().keys() == {NOTICE_ID}


def test_a_rotated_secret_leaves_the_old_one_for_a_day() -> None:
    until = NOW + timedelta(hours=24)
    row = endpoint(WebhookSecretRotated(webhook_id=HOOK, secret="second", previous_until=until, by="ada"))
    assert (row["secret"], row["previous_secret"], row["previous_until"]) == ("second", "first", until)


def test_an_endpoint_is_changed_disabled_and_enabled() -> None:
    changed = WebhookChanged(webhook_id=HOOK, endpoint=ENDPOINT.model_copy(update={"counties": ("Birch",)}), by="ada")
    off = WebhookDisabled(webhook_id=HOOK, because="gone", by="notifications")
    disabled = endpoint(changed, off)
    assert (disabled["counties"], disabled["active"], disabled["disabled_because"]) == (["Birch"], False, "gone")
    enabled = endpoint(changed, off, WebhookEnabled(webhook_id=HOOK, by="ada"))
    assert (enabled["active"], enabled["disabled_because"]) == (True, None)
