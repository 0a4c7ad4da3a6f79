"""Reports pushed as CloudEvents: both modes, one report for one event, and what is refused."""

from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import HTTPMessage, to_binary_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from tests.alive import HOTLINE, WORKER, bearer
from tests.integration.intake.conftest import Desk, report

from events.ids import derived

ATTRIBUTES = {
    "id": "call 4711",
    "source": "https://hotline.example/desk",
    "type": "org.hearthline.intake.report.v1",
    "specversion": "1.0",
    "datacontenttype": "application/json",
}
ID = derived("cloudevent", ATTRIBUTES["source"], ATTRIBUTES["id"])


def event(**data: Any) -> CloudEvent:
    return CloudEvent(dict(ATTRIBUTES), report(**data))


async def push(desk: Desk, message: HTTPMessage, **headers: str) -> httpx.Response:
    sent = message.headers | bearer(desk.tokens, HOTLINE) | headers
    return await desk.http.post("/intake/cloudevents", content=message.body, headers=sent)


@pytest.mark.parametrize("mode", [to_structured_event, to_binary_event])
async def test_a_cloud_event_becomes_one_report_however_often_it_comes(desk: Desk, mode: Any) -> None:
    message = mode(event(), JSONFormat())
    first, again = await push(desk, message), await push(desk, message)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["id"] == str(ID)
    row = (await desk.ask(HOTLINE, "GET", f"/{ID}")).json()
    assert (row["status"], row["receivedAt"], row["version"]) == ("received", "2026-03-02T14:50:00Z", 3)


async def test_the_time_of_the_event_is_that_of_the_call_when_the_report_has_none(desk: Desk) -> None:
    """R-INT-003."""
    content = {**ATTRIBUTES, "time": "2026-03-02T14:40:00Z", "data": report(receivedAt=None)}
    headers = bearer(desk.tokens, HOTLINE) | {"content-type": "application/cloudevents+json"}
    await desk.http.post("/intake/cloudevents", json=content, headers=headers)
    assert (await desk.ask(HOTLINE, "GET", f"/{ID}")).json()["receivedAt"] == "2026-03-02T14:40:00Z"


@pytest.mark.parametrize(
    ("content", "kind", "status", "field"),
    [
        ({**ATTRIBUTES, "type": "other", "data": {}}, "application/cloudevents+json", 422, "type"),
        ({**ATTRIBUTES, "data": {"setting": "castle"}}, "application/cloudevents+json", 422, "data.setting"),
        ([1], "application/cloudevents+json", 422, ""),
        ({}, "application/json", 415, None),
        ({}, "application/cloudevents-batch+json", 415, None),
    ],
)
async def test_what_is_no_report_is_refused(
    desk: Desk, content: Any, kind: str, status: int, field: str | None
) -> None:
    headers = bearer(desk.tokens, HOTLINE) | {"content-type": kind}
    answer = await desk.http.post("/intake/cloudevents", json=content, headers=headers)
    assert answer.status_code == status
    assert not field or answer.json()["field"] == field


async def test_only_those_who_may_take_reports_push_them(desk: Desk) -> None:
    message = to_structured_event(event(), JSONFormat())
    anonymous = await desk.http.post("/intake/cloudevents", content=message.body, headers=message.headers)
    assert anonymous.status_code == 401
    stranger = type(WORKER)("nobody", frozenset({"ROLE-01"}))
    assert (await push(desk, message, **bearer(desk.tokens, stranger))).status_code == 403
