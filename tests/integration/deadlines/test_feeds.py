"""Clocks in calendar programs: with a token, or under an address that its worker opens and revokes."""

from datetime import timedelta
from typing import Any

import httpx
import icalendar
from tests.alive import HOTLINE, START, SUPERVISOR, WORKER
from tests.integration.deadlines.conftest import DIRECTOR, Desk, of_report

from deadlines.feed_api import READS_AN_HOUR
from events.authority import Actor
from events.ids import derived

OTHER = Actor("walter-worker", frozenset({"ROLE-05"}), frozenset({"Alder"}))
REPORT, OTHERS = derived("feeds", "report"), derived("feeds", "another report")


async def two_reports(desk: Desk) -> None:
    """A report of the worker, and one of another worker."""
    await desk.hear(*of_report(REPORT))
    await desk.hear(*of_report(OTHERS, worker=OTHER.id))


def entries(answer: httpx.Response) -> dict[str, Any]:
    """The entries of a calendar by their UID."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return {str(event["UID"]): event for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}


async def opened(desk: Desk, actor: Actor = WORKER) -> Any:
    answer = await desk.ask(actor, "POST", "/clocks/feeds")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_worker_has_the_own_open_clocks_in_the_calendar(desk: Desk) -> None:
    await two_reports(desk)
    rows = [
        row for row in await desk.clocks(workerId=WORKER.id) if row["dueAt"] and row["state"] in ("running", "missed")
    ]
    found = entries(await desk.ask(WORKER, "GET", "/clocks.ics"))
    assert found.keys() == {row["clockId"] for row in rows}
    assert found
    for row in rows:
        event = found[row["clockId"]]
        assert (event["DTSTART"].dt.isoformat(), str(event["SUMMARY"])) == (
            row["dueAt"].replace("Z", "+00:00"),
            row["title"],
        )
        assert all(alarm["TRIGGER"].dt < event["DTSTART"].dt for alarm in event.walk("VALARM"))
    assert any(event.walk("VALARM") for event in found.values())


async def test_the_clocks_of_another_worker_are_for_those_who_may_see_them(desk: Desk) -> None:
    await two_reports(desk)
    path = f"/clocks.ics?workerId={OTHER.id}"
    assert (
        entries(await desk.ask(DIRECTOR, "GET", path)).keys()
        == entries(await desk.ask(OTHER, "GET", "/clocks.ics")).keys()
    )
    assert entries(await desk.ask(WORKER, "GET", path)) == {}
    assert (await desk.ask(HOTLINE, "GET", path)).status_code == 403


async def test_the_address_of_a_feed_needs_no_token_and_shows_the_own_clocks_alone(desk: Desk) -> None:
    await two_reports(desk)
    feed = await opened(desk)
    answer = await desk.http.get(feed["path"])
    assert entries(answer).keys() == entries(await desk.ask(WORKER, "GET", "/clocks.ics")).keys()
    assert answer.headers["cache-control"] == "private, max-age=900"
    assert OTHER.id not in answer.text
    assert WORKER.id not in answer.text
    again = await desk.http.get(feed["path"], headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_revoked_address_is_unknown(desk: Desk) -> None:
    await two_reports(desk)
    feed, other = await opened(desk), await opened(desk)
    assert feed["path"] != other["path"]
    answer = await desk.ask(OTHER, "DELETE", f"/clocks/feeds/{feed['id']}")
    assert answer.status_code == 403
    answer = await desk.ask(WORKER, "DELETE", f"/clocks/feeds/{feed['id']}")
    assert answer.json()["events"] == ["FeedRevoked"]
    assert (await desk.http.get(feed["path"])).status_code == 404
    assert (await desk.http.get(other["path"])).status_code == 200
    rows = await desk.get(WORKER, "/clocks/feeds")
    assert [(row["feedId"], row["revokedAt"] is None) for row in rows] == [(feed["id"], False), (other["id"], True)]
    assert await desk.get(OTHER, "/clocks/feeds") == []


async def test_an_address_that_nobody_opened_is_unknown(desk: Desk) -> None:
    for secret in ("x", "A" * 43, "%ED%A0%80", "%00"):
        assert (await desk.http.get(f"/deadlines/calendars/{secret}.ics")).status_code == 404


async def test_only_a_digest_of_the_address_is_stored(desk: Desk) -> None:
    feed = await opened(desk)
    secret = feed["path"].rpartition("/")[2].removesuffix(".ics")
    assert len(secret) == 43
    for table in ("events", "feeds", "idempotency"):
        rows = await desk.runtime.pool.fetch(f"select to_jsonb({table})::text as text from {table}")  # noqa: S608
        assert all(secret not in row["text"] for row in rows)


async def test_the_same_request_sent_again_opens_one_feed(desk: Desk) -> None:
    one = await desk.ask(WORKER, "POST", "/clocks/feeds", Idempotency_Key="once")
    two = await desk.ask(WORKER, "POST", "/clocks/feeds", Idempotency_Key="once")
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json() == two.json()
    assert len(await desk.get(WORKER, "/clocks/feeds")) == 1


async def test_an_address_may_be_read_a_number_of_times_an_hour(desk: Desk) -> None:
    feed = await opened(desk)
    codes = [(await desk.http.get(feed["path"])).status_code for _ in range(READS_AN_HOUR)]
    assert set(codes) == {200}
    refused = await desk.http.get(feed["path"])
    assert (refused.status_code, refused.json()["code"]) == (429, "feed-read-too-often")
    assert 0 < int(refused.headers["retry-after"]) <= 3601
    desk.time.instant = START + timedelta(hours=1)
    assert (await desk.http.get(feed["path"])).status_code == 200


async def test_who_has_no_clocks_opens_no_feed_and_nobody_opens_many(desk: Desk) -> None:
    assert (await desk.ask(HOTLINE, "POST", "/clocks/feeds")).status_code == 403
    for _ in range(10):
        await opened(desk, SUPERVISOR)
    answer = await desk.ask(SUPERVISOR, "POST", "/clocks/feeds")
    assert (answer.status_code, answer.json()["code"]) == (409, "feeds-too-many")
