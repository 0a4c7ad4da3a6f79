"""Notices in inboxes: once each, for those they are addressed to, listed, streamed and acknowledged."""

from typing import Any
from uuid import UUID

import orjson
import pytest
from sse_starlette import ServerSentEvent
from tests.alive import ADMINISTRATOR, SUPERVISOR, WORKER
from tests.integration.notifications.conftest import Office
from tests.unit.notifications.cases import CLOCK, assigned, missed, warned

from events.authority import Actor
from events.relay import NEXT, messages
from events.testing import eventually
from notifications import inbox_api

NEIGHBOUR = Actor("nora-supervisor", frozenset({"ROLE-03"}), frozenset({"Birch"}))
SECOND = Actor("sue-supervisor", frozenset({"ROLE-03"}), frozenset({"Alder"}))


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
