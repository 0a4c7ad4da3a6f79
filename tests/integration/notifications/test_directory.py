"""The directory of staff over HTTP."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.alive import ADMINISTRATOR, SUPERVISOR, WORKER
from tests.integration.notifications.conftest import Office

from events.authority import Actor

ELSEWHERE = Actor("otto-worker", frozenset({"ROLE-05"}), frozenset({"Birch"}))


async def test_a_supervisor_sees_the_staff_of_the_own_county(office: Office) -> None:
    """R-INT-022: whom work can be assigned to."""
    await office.enter(ELSEWHERE)
    items = (await office.get(SUPERVISOR, "/directory"))["items"]
    assert [each["staffId"] for each in items] == [SUPERVISOR.id, WORKER.id]
    assert (await office.ask(SUPERVISOR, "GET", f"/directory/{ELSEWHERE.id}")).status_code == 404
    assert len((await office.get(ADMINISTRATOR, "/directory"))["items"]) == 3
    assert (await office.get(WORKER, "/directory"))["items"] == []


async def test_the_directory_is_paged(office: Office) -> None:
    page = await office.get(ADMINISTRATOR, "/directory?limit=1")
    rest = await office.get(ADMINISTRATOR, f"/directory?limit=1&cursor={page['next']}")
    assert [each["items"][0]["staffId"] for each in (page, rest)] == [SUPERVISOR.id, WORKER.id]
    assert rest["next"] is None


async def test_only_the_administrator_keeps_it(office: Office) -> None:
    """ROLE-79."""
    body = {"name": "Sam", "roles": [], "counties": []}
    assert (await office.ask(SUPERVISOR, "PUT", "/directory/sam-supervisor", body)).status_code == 403


async def test_the_same_entry_again_changes_nothing_and_a_stale_change_is_refused(office: Office) -> None:
    entry = await office.get(ADMINISTRATOR, f"/directory/{WORKER.id}")
    body = {name: value for name, value in entry.items() if name != "staffId"}
    same = await office.ask(ADMINISTRATOR, "PUT", f"/directory/{WORKER.id}", body)
    assert (same.json()["events"], same.headers["ETag"]) == ([], '"1"')
    stale = await office.ask(ADMINISTRATOR, "PUT", f"/directory/{WORKER.id}", body | {"name": "W"}, If_Match='"7"')
    assert stale.status_code == 412


async def put(office: Office, actor: Actor, **more: Any) -> Any:
    body = {"name": actor.id, "roles": sorted(actor.roles), "counties": sorted(actor.counties)} | more
    return await office.ask(ADMINISTRATOR, "PUT", f"/directory/{actor.id}", body)


async def test_an_absence_is_entered_and_shown(office: Office) -> None:
    absence = {"absentFrom": "2026-03-02", "absentUntil": "2026-03-06", "substituteId": ELSEWHERE.id}
    assert (await put(office, WORKER, **absence)).status_code == 200
    shown = await office.get(SUPERVISOR, f"/directory/{WORKER.id}")
    assert {name: shown[name] for name in absence} == absence


async def test_nobody_stands_in_in_a_circle(office: Office) -> None:
    """Wilma for Sam, Otto for Wilma: Sam can stand in for neither of them."""
    await office.enter(ELSEWHERE)
    assert (await put(office, SUPERVISOR, substituteId=WORKER.id)).status_code == 200
    assert (await put(office, WORKER, substituteId=ELSEWHERE.id)).status_code == 200
    for actor in (ELSEWHERE, WORKER):
        refused = await put(office, actor, substituteId=SUPERVISOR.id)
        assert (refused.status_code, refused.json()["code"]) == (409, "substitute-loop")
    alone = await put(office, WORKER, substituteId=WORKER.id)
    assert (alone.status_code, alone.json()["code"]) == (409, "substitute-is-self")


async def test_an_absence_that_is_over_makes_no_circle(office: Office) -> None:
    today = office.runtime.own.day(office.clock.now())
    await put(office, WORKER, **absent(today - timedelta(days=9), today - timedelta(days=1), SUPERVISOR.id))
    assert (await put(office, SUPERVISOR, substituteId=WORKER.id)).status_code == 200
    await put(office, SUPERVISOR)
    await put(office, WORKER, **absent(today - timedelta(days=9), today, SUPERVISOR.id))
    assert (await put(office, SUPERVISOR, substituteId=WORKER.id)).json()["code"] == "substitute-loop"


def absent(first: date, last: date, substitute_id: str) -> dict[str, str]:
    return {"absentFrom": first.isoformat(), "absentUntil": last.isoformat(), "substituteId": substitute_id}


@pytest.mark.parametrize(
    "wrong",
    [{"email": "a@b.example\nBcc: x@y.example"}, {"roles": ["ROLE-99"]}, {"name": "a\x00b"}, {"colour": "red"}],
)
async def test_an_entry_that_could_break_a_mail_or_a_right_is_refused(office: Office, wrong: dict[str, object]) -> None:
    body = {"name": "Wilma Worker", "roles": ["ROLE-05"], "counties": ["Alder"]} | wrong
    answer = await office.ask(ADMINISTRATOR, "PUT", f"/directory/{WORKER.id}", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid")
