"""Orders about clocks, on PostgreSQL: who may, what the sheet shows at once, what is announced, and a crash between."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from tests.alive import START, SUPERVISOR, WORKER
from tests.integration.deadlines.conftest import DIRECTOR, STRANGER, Desk, of_report

from deadlines.look import Watch
from events.ids import derived

REPORT = derived("orders", "report")
ASSESSED, HOURS = "safety-assessment.policy-2009", "investigation-initiated-l3.policy-2009"
WHY = {"reason": "court-order"}


async def open_clock(desk: Desk, rule: str = ASSESSED) -> str:
    """The clock of a report of Alder that is assigned. Returns its id."""
    await desk.hear(*of_report(REPORT))
    clock: str = (await desk.clock(ruleId=rule))["clockId"]
    return clock


async def ordered(desk: Desk, clock: str, order: str, actor: Any = SUPERVISOR, **more: Any) -> Any:
    """The row of the clock right after an order that must be taken."""
    answer = await desk.ask(actor, "POST", f"/clocks/{clock}/{order}", WHY | more)
    assert answer.status_code == 200, answer.text
    return await desk.get(actor, f"/clocks/{clock}")


async def conclusions(desk: Desk, clock: str) -> list[Any]:
    """What was published of a clock once it was known to apply."""
    told = [(each.type.split(".")[1], orjson.loads(each.data)) for each in await desk.announced()]
    return [
        (name, data) for name, data in told if data["clockId"] == clock and name not in ("ClockStarted", "ClockMoved")
    ]


def days(row: Any, number: int) -> str:
    return (datetime.fromisoformat(row["dueAt"]) + timedelta(days=number)).isoformat()


async def test_the_next_get_shows_each_order_and_it_is_announced_with_who_and_why(desk: Desk) -> None:
    """Guarantee: GET shows the write. safety-assessment.policy-2009, due on 9 March after a change of clocks on the 8th."""
    clock = await open_clock(desk)
    before = await desk.get(SUPERVISOR, f"/clocks/{clock}")
    suspended = await ordered(desk, clock, "suspend")
    assert (suspended["state"], suspended["dueAt"]) == ("suspended", None)
    resumed = await ordered(desk, clock, "resume")
    assert (resumed["state"], resumed["dueAt"]) == ("running", before["dueAt"])
    extended = await ordered(desk, clock, "extend", newDueAt=days(before, 5))
    assert datetime.fromisoformat(extended["dueAt"]) == datetime.fromisoformat(days(before, 5))
    assert (await ordered(desk, clock, "waive", DIRECTOR))["state"] == "waived"
    told = await conclusions(desk, clock)
    assert [(name, data["by"], data["reason"]) for name, data in told] == [
        ("ClockSuspended", SUPERVISOR.id, "court-order"),
        ("ClockResumed", SUPERVISOR.id, "court-order"),
        ("ClockExtended", SUPERVISOR.id, "court-order"),
        ("ClockWaived", DIRECTOR.id, "court-order"),
    ]
    assert [data.get("dueAt") for _, data in told][:3] == [None, told[1][1]["dueAt"], told[2][1]["dueAt"]]
    assert told[0][1]["previousDueAt"] == told[1][1]["dueAt"] == told[2][1]["previousDueAt"]


async def test_an_order_given_twice_under_one_key_is_given_once(desk: Desk) -> None:
    """Guarantee: Idempotency-Key."""
    clock = await open_clock(desk)
    body = WHY | {"until": (START + timedelta(hours=5)).isoformat()}
    answers = [
        await desk.ask(SUPERVISOR, "POST", f"/clocks/{clock}/snooze", body, Idempotency_Key="once") for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1
    assert await desk.runtime.pool.fetchval("select count(*) from orders") == 1


@pytest.mark.parametrize(
    ("actor", "order", "status"),
    [
        (WORKER, "suspend", 403),
        (WORKER, "extend", 403),
        (WORKER, "waive", 403),
        (SUPERVISOR, "waive", 403),
        (STRANGER, "suspend", 404),
        (STRANGER, "acknowledge", 404),
    ],
)
async def test_another_role_and_another_county_are_refused(desk: Desk, actor: Any, order: str, status: int) -> None:
    """Permissions: clock.suspend, clock.extend, clock.waive; what one may not see is not there."""
    clock = await open_clock(desk)
    body = WHY | ({"newDueAt": (START + timedelta(days=9)).isoformat()} if order == "extend" else {})
    assert (await desk.ask(actor, "POST", f"/clocks/{clock}/{order}", body)).status_code == status
    assert (await desk.clock(clockId=clock))["state"] == "running"
    assert await desk.runtime.pool.fetchval("select count(*) from orders") == 0


async def test_an_order_that_was_recorded_before_a_crash_is_obeyed_by_the_next_sweep(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guarantee: the order is a fact before it is obeyed; whoever sweeps next makes it good, once."""
    clock = await open_clock(desk)

    async def dies(self: Watch, runtime: Any) -> None:
        raise ConnectionResetError("the process is gone")

    with monkeypatch.context() as crash:
        crash.setattr(Watch, "obey", dies)
        answer = await desk.ask(SUPERVISOR, "POST", f"/clocks/{clock}/suspend", WHY)
        assert answer.status_code == 503
    assert (await desk.clock(clockId=clock))["state"] == "running"
    for _ in range(2):
        await desk.runtime.own.obey(desk.runtime)
    assert (await desk.clock(clockId=clock))["state"] == "suspended"
    assert [name for name, _ in await conclusions(desk, clock)] == ["ClockSuspended"]


async def test_a_suspended_clock_is_not_missed_and_what_is_left_is_given_back(desk: Desk) -> None:
    """investigation-initiated-l3.policy-2009: 24 hours from 15:00; suspended after one, resumed three days later."""
    clock = await open_clock(desk, HOURS)
    await desk.pass_to(START + timedelta(hours=1))
    await ordered(desk, clock, "suspend")
    await desk.pass_to(START + timedelta(hours=73))
    assert (await desk.clock(clockId=clock))["state"] == "suspended"
    resumed = await ordered(desk, clock, "resume")
    assert datetime.fromisoformat(resumed["dueAt"]) == START + timedelta(hours=96)
    await desk.pass_to(START + timedelta(hours=97))
    assert (await desk.clock(clockId=clock))["state"] == "missed"


async def rungs(desk: Desk, clock: str) -> list[str]:
    return [f"{name} {data['at'][5:16]}" for name, data in await conclusions(desk, clock)]


@pytest.mark.parametrize("order", ["acknowledge", "snooze"])
async def test_who_takes_care_of_a_clock_holds_its_rungs_for_a_while(desk: Desk, order: str) -> None:
    """investigation-initiated-l3.policy-2009 warns 12 and 4 hours before: at 03:00 and 11:00 UTC of the next day."""
    clock = await open_clock(desk, HOURS)
    await desk.pass_to(START + timedelta(hours=10))
    until = START + timedelta(hours=19)
    await ordered(desk, clock, order, **({"until": until.isoformat()} if order == "snooze" else {}))
    await desk.pass_to(START + timedelta(hours=13))
    assert await rungs(desk, clock) == [], "the first warning is held"
    await desk.pass_to(START + timedelta(hours=19, minutes=1))
    assert len(await rungs(desk, clock)) == (1 if order == "snooze" else 0)
    await desk.pass_to(START + timedelta(hours=25))
    assert (await desk.clock(clockId=clock))["state"] == "missed", "the due time itself is never held"


async def test_an_order_about_a_clock_that_is_not_there_is_answered_with_404(desk: Desk) -> None:
    await open_clock(desk)
    answer = await desk.ask(SUPERVISOR, "POST", f"/clocks/{UUID(int=7)}/suspend", WHY)
    assert (answer.status_code, answer.json()["code"]) == (404, "clock-not-found")
