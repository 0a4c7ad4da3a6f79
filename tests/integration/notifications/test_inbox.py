"""Notices in inboxes: once each, for those they are addressed to, listed, streamed and acknowledged."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from sse_starlette import ServerSentEvent
from tests.alive import ADMINISTRATOR, SUPERVISOR, WORKER
from tests.integration.notifications.conftest import Office
from tests.unit.notifications.cases import CLOCK, assigned, escalated, missed, suspended, warned

from events.authority import Actor
from events.relay import NEXT, messages
from events.testing import eventually
from notifications import inbox_api

NEIGHBOUR = Actor("nora-supervisor", frozenset({"ROLE-03"}), frozenset({"Birch"}))
SECOND = Actor("sue-supervisor", frozenset({"ROLE-03"}), frozenset({"Alder"}))
DIRECTOR = Actor("dora-director", frozenset({"ROLE-12"}), frozenset({"Alder", "Birch"}))
ELSEWHERE = Actor("dina-director", frozenset({"ROLE-12"}), frozenset({"Cedar"}))
OTTO = Actor("otto-worker", frozenset({"ROLE-05"}), frozenset({"Alder"}))


async def inbox(office: Office, actor: Actor, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await office.get(actor, f"/inbox{query}"))["items"]
    return items


async def test_a_missed_clock_tells_worker_and_supervisor_once_each(office: Office) -> None:
    """R-NTF-012, 003:1061."""
    await office.hear(missed())
    for actor in (WORKER, SUPERVISOR):
        (notice,) = await inbox(office, actor)
        assert (notice["kind"], notice["staffId"], notice["clockId"]) == ("missed", actor.id, str(CLOCK))
    assert await inbox(office, SECOND) == await inbox(office, NEIGHBOUR) == await inbox(office, ADMINISTRATOR) == []


async def test_the_same_message_again_raises_no_second_notice(office: Office) -> None:
    await office.hear(missed(), warned())
    await office.hear(missed(), warned(), again=True)
    assert await office.runtime.pool.fetchval("select count(*) from events where stream like 'notice-%'") == 4
    assert len(await office.deliveries(channel="email")) == 4


async def test_without_an_assigned_supervisor_the_role_in_the_county_is_told(office: Office) -> None:
    """003:1061: the supervisors of Alder see it, those of Birch do not; one acknowledges for all."""
    await office.hear(missed(supervisor_id=None))
    (notice,) = await inbox(office, SECOND)
    assert (notice["role"], notice["county"], notice["staffId"]) == ("ROLE-03", "Alder", None)
    assert await inbox(office, SUPERVISOR) == [notice]
    assert await inbox(office, NEIGHBOUR) == []
    path = f"/inbox/{notice['noticeId']}/acknowledge"
    assert (await office.ask(NEIGHBOUR, "POST", path)).status_code == 403
    assert (await office.ask(SECOND, "POST", path)).json()["events"] == ["NoticeAcknowledged"]
    assert (await office.ask(SUPERVISOR, "POST", path)).json()["events"] == []
    assert await inbox(office, SUPERVISOR, "?unread=true") == []
    (read,) = await inbox(office, SUPERVISOR)
    assert read["acknowledgedBy"] == SECOND.id


async def test_an_escalation_reaches_the_directors_of_the_region(office: Office) -> None:
    """The counties of a region stand in the token of its director."""
    await office.hear(escalated())
    (notice,) = await inbox(office, DIRECTOR)
    assert (notice["kind"], notice["role"], notice["rung"]) == ("escalated", "ROLE-12", 3)
    for actor in (ELSEWHERE, WORKER, SUPERVISOR):
        assert await inbox(office, actor) == []


async def test_a_clock_without_a_county_is_read_by_everybody_of_the_role(office: Office) -> None:
    await office.hear(escalated(county="", report_id=None, due_at=None, subject_type="region", subject_id="North"))
    (notice,) = await inbox(office, ELSEWHERE)
    assert (notice["region"], notice["subjectId"], notice["reportId"], notice["dueAt"]) == (
        "North",
        "North",
        None,
        None,
    )
    assert await inbox(office, DIRECTOR) == [notice]
    assert await inbox(office, SUPERVISOR) == []


async def test_a_decision_is_told_with_who_decided(office: Office) -> None:
    await office.hear(suspended())
    for actor in (WORKER, SUPERVISOR):
        (notice,) = await inbox(office, actor)
        assert (notice["kind"], notice["decidedBy"], notice["reason"]) == ("suspended", "dora-director", "court-order")


async def test_each_rung_is_told_once_and_in_order_also_when_it_comes_again(office: Office) -> None:
    rungs = (warned(rung=1), warned(rung=2), missed(), escalated(tells=("worker",)))
    await office.hear(*rungs)
    await office.hear(*rungs, again=True)
    told = [(each["kind"], each["rung"]) for each in await inbox(office, WORKER)]
    assert told == [("escalated", 3), ("missed", None), ("warned", 2), ("warned", 1)]


async def absent(office: Office, actor: Actor, **more: Any) -> None:
    """This person is absent today."""
    today = office.runtime.own.day(office.clock.now()).isoformat()
    await office.enter(actor, absentFrom=today, absentUntil=today, **more)


async def test_the_substitute_of_an_absent_worker_is_told_as_well(office: Office) -> None:
    await absent(office, WORKER, substituteId=OTTO.id)
    await office.hear(missed())
    (own,) = await inbox(office, WORKER)
    (notice,) = await inbox(office, OTTO)
    assert (own["onBehalfOf"], notice["onBehalfOf"]) == ([], [WORKER.id])
    path = f"/inbox/{notice['noticeId']}/acknowledge"
    assert (await office.ask(OTTO, "POST", path)).json()["events"] == ["NoticeAcknowledged"]
    assert await inbox(office, WORKER, "?unread=true") == [own]
    assert len(await inbox(office, SUPERVISOR)) == 1


async def test_after_the_last_day_the_substitute_is_told_no_more(office: Office) -> None:
    await absent(office, WORKER, substituteId=OTTO.id)
    office.clock.advance(timedelta(days=1))
    await office.hear(missed())
    assert (len(await inbox(office, WORKER)), await inbox(office, OTTO)) == (1, [])


@pytest.mark.parametrize("otto", [{"active": False}, {"absentFrom": "2020-01-01"}])
async def test_a_substitute_who_is_away_too_is_replaced_by_the_supervisors(office: Office, otto: Any) -> None:
    await office.enter(OTTO, **otto)
    await absent(office, WORKER, substituteId=OTTO.id)
    await office.hear(assigned())
    assert len(await inbox(office, WORKER)) == 1
    assert await inbox(office, OTTO) == []
    (notice,) = await inbox(office, SECOND)
    assert (notice["role"], notice["onBehalfOf"]) == ("ROLE-03", [WORKER.id])


async def test_what_comes_again_after_somebody_went_away_is_not_told_again(office: Office) -> None:
    await office.hear(missed())
    await absent(office, WORKER, substituteId=OTTO.id)
    await office.enter(SUPERVISOR, active=False)
    await office.hear(missed(), again=True)
    assert await inbox(office, OTTO) == []
    assert await office.runtime.pool.fetchval("select count(*) from inbox") == 2


async def test_nobody_acknowledges_the_notice_of_another(office: Office) -> None:
    await office.hear(assigned())
    (notice,) = await inbox(office, WORKER)
    refused = await office.ask(SUPERVISOR, "POST", f"/inbox/{notice['noticeId']}/acknowledge")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")
    missing = await office.ask(WORKER, "POST", f"/inbox/{UUID(int=7)}/acknowledge")
    assert (missing.status_code, missing.json()["code"]) == (404, "notice-not-found")


async def test_pages_show_the_newest_first(office: Office) -> None:
    for title in ("first", "second", "third"):
        await office.hear(warned(title=title))
    page = await office.get(WORKER, "/inbox?limit=2")
    assert [each["title"] for each in page["items"]] == ["third", "second"]
    rest = await office.get(WORKER, f"/inbox?limit=2&cursor={page['next']}")
    assert ([each["title"] for each in rest["items"]], rest["next"]) == (["first"], None)


async def test_what_was_sent_and_acknowledged_is_announced(office: Office) -> None:
    """events.csv: NotificationSent and NotificationAcknowledged."""
    await office.hear(assigned())
    (notice,) = await inbox(office, WORKER)
    await office.ask(WORKER, "POST", f"/inbox/{notice['noticeId']}/acknowledge")
    rows = await office.runtime.pool.fetch(NEXT, 0, 1000)
    sent = messages("notifications", rows)
    assert [each.type for each in sent] == [
        "notifications.NotificationSent.v1",
        "notifications.NotificationAcknowledged.v1",
    ]
    assert orjson.loads(sent[0].data)["recipientId"] == WORKER.id


class _Reader:
    """A client that reads the stream until it has seen enough."""

    gone = False

    async def is_disconnected(self) -> bool:
        return self.gone


def title(event: ServerSentEvent) -> str:
    notice: dict[str, str] = orjson.loads(event.data or "")
    return notice["title"]


async def test_the_stream_begins_with_what_is_unread_and_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_api, "PAUSE", 0.01)
    await office.hear(warned(title="read"), warned(title="unread"))
    (_, read) = await inbox(office, WORKER)
    await office.ask(WORKER, "POST", f"/inbox/{read['noticeId']}/acknowledge")
    reader = _Reader()
    own = inbox_api.visible(WORKER)
    stream = inbox_api.changes(office.runtime, reader, own, None)  # type: ignore[arg-type]
    first = await anext(stream)
    assert title(first) == "unread"
    await office.hear(warned(title="new"))
    second = await anext(stream)
    assert title(second) == "new"
    reader.gone = True
    assert [each async for each in stream] == []
    resumed = inbox_api.changes(office.runtime, _Reader(), own, int(first.id))  # type: ignore[arg-type, arg-type]
    assert [title(await anext(resumed)) for _ in range(2)] == ["read", "new"]
    await resumed.aclose()


async def test_a_worker_who_has_left_is_replaced_by_the_supervisors(office: Office) -> None:
    await office.enter(WORKER, active=False)
    await office.hear(assigned())
    assert await inbox(office, WORKER) == []

    async def told() -> list[dict[str, Any]]:
        return await inbox(office, SUPERVISOR)

    (notice,) = await eventually(told)
    assert (notice["kind"], notice["role"]) == ("assigned", "ROLE-03")
