"""Feeds of clocks: opened and revoked once, and a calendar that calendar programs read and that names nobody."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import icalendar
import pytest

from deadlines.calendar_text import Entry, calendar_text
from deadlines.feed import FEED, FeedOpened, FeedRevoked, OpenFeed, RevokeFeed, digest_of
from events.decider import Rejected
from events.ids import derived

ID = derived("test", "feed")
OPENED = FeedOpened(feed_id=ID, worker_id="wilma-worker", digest=digest_of("secret"))
DUE, CHANGED = datetime(2026, 4, 7, 15, tzinfo=UTC), datetime(2026, 4, 6, 15, tzinfo=UTC)
ROW = {
    "clock_id": derived("test", "clock"),
    "title": "Investigation begun, level 3; 24 hours, to a child's \\ family",
    "authority": "Policy 2009",
    "source": "003:1899",
    "due_at": DUE,
    "changed_at": CHANGED,
    "scope": "report:secret-of-the-case",
    "worker_id": "wilma-worker",
}


def test_a_feed_is_opened_with_the_digest_of_its_secret_alone() -> None:
    command = OpenFeed(ID, "wilma-worker", digest_of("secret"))
    assert FEED.decide(command, FEED.initial) == [OPENED]
    assert "secret" not in OPENED.model_dump_json()


def test_a_feed_is_revoked_once() -> None:
    opened = FEED.fold([OPENED])
    [revoked] = FEED.decide(RevokeFeed("wilma-worker"), opened)
    assert revoked == FeedRevoked(feed_id=ID, by="wilma-worker")
    assert FEED.decide(RevokeFeed("wilma-worker"), FEED.fold([OPENED, revoked])) == []


def test_what_was_never_opened_cannot_be_revoked() -> None:
    with pytest.raises(Rejected) as refusal:
        FEED.decide(RevokeFeed("wilma-worker"), FEED.initial)
    assert (refusal.value.code, refusal.value.status) == ("feed-not-found", 404)


def test_half_a_surrogate_pair_has_a_digest() -> None:
    assert len(digest_of("\ud800")) == 64


def test_an_open_clock_is_an_entry_at_its_due_time_with_its_warnings() -> None:
    warning = datetime(2026, 4, 7, 3, tzinfo=UTC)
    event: Any
    [event] = icalendar.Calendar.from_ical(calendar_text([Entry(ROW, (warning,))])).walk("VEVENT")
    assert (UUID(event["UID"]), str(event["SUMMARY"])) == (ROW["clock_id"], ROW["title"])
    assert (event["DTSTART"].dt, event["LAST-MODIFIED"].dt, event["DTSTAMP"].dt) == (DUE, CHANGED, CHANGED)
    assert str(event["DESCRIPTION"]) == "Policy 2009\n003:1899"
    [alarm] = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", warning)


def test_an_entry_says_nothing_of_the_case_or_the_worker() -> None:
    text = calendar_text([Entry(ROW)]).decode()
    assert "secret-of-the-case" not in text
    assert "wilma" not in text


def test_the_same_clocks_give_the_same_text() -> None:
    assert calendar_text([Entry(ROW)]) == calendar_text([Entry(ROW)])
    assert icalendar.Calendar.from_ical(calendar_text([])).walk("VEVENT") == []
