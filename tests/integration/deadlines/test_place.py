"""Clocks lie where their case does, and move with it: county and worker of children, on PostgreSQL."""

from datetime import timedelta
from typing import Any

from tests.alive import START
from tests.integration.deadlines.conftest import DIRECTOR, Desk

from events.authority import Actor
from events.contracts.casework.case import CaseOpened, CaseworkerAssigned
from events.contracts.casework.child import ChildEnteredCustody
from events.contracts.placement.placement import ChildPlaced
from events.ids import derived

CASE, CHILD = derived("place", "case"), derived("place", "child")
OPEN = ("running", "suspended", "missed")
SCHOOL = "school-enrolment.settlement"
ENTERED = (
    CaseOpened(case_id=CASE, kind="custody", county_of_responsibility="Alder", opened_at=START, child_ids=(CHILD,)),
    CaseworkerAssigned(case_id=CASE, worker_id="carla-caseworker", supervisor_id="sam-supervisor"),
    ChildEnteredCustody(child_id=CHILD, case_id=CASE, age=9, entered_at=START),
    ChildPlaced(
        placement_id=derived("place", "placement"),
        child_id=CHILD,
        at=START,
        home_or_facility_id=derived("place", "home"),
        setting_type="foster-home",
        first_of_episode=True,
    ),
)
TRANSFERRED = CaseworkerAssigned(
    case_id=CASE, worker_id="cora-caseworker", supervisor_id="sue-supervisor", county_of_responsibility="Birch"
)


def whose(row: Any) -> tuple[str, str, str, str]:
    return row["county"], row["region"], row["workerId"], row["supervisorId"]


async def test_the_clocks_of_a_placed_child_have_the_county_and_worker_of_its_case(desk: Desk) -> None:
    """school-enrolment.settlement starts with ChildPlaced, which names neither county nor worker."""
    await desk.hear(*ENTERED)
    rows = await desk.clocks(scope=f"child:{CHILD}")
    assert SCHOOL in {row["ruleId"] for row in rows}
    assert {whose(row) for row in rows} == {("Alder", "north", "carla-caseworker", "sam-supervisor")}


async def test_a_transfer_moves_the_open_clocks_and_who_may_see_them(desk: Desk) -> None:
    """ClocksAssigned: nothing is announced again, the sheet shows the new county and worker at once, and what has ended
    stays where it ended."""
    await desk.hear(*ENTERED)
    announced = len(await desk.announced())
    before = {row["clockId"]: row["state"] for row in await desk.clocks(scope=f"child:{CHILD}")}
    await desk.hear(TRANSFERRED, at=START + timedelta(minutes=10))
    after = await desk.clocks(scope=f"child:{CHILD}")
    assert {row["clockId"]: row["state"] for row in after} == before
    opened = [row for row in after if row["state"] in OPEN]
    assert {whose(row) for row in opened} == {("Birch", "south", "cora-caseworker", "sue-supervisor")}
    assert opened
    assert len(await desk.announced()) == announced
    new = Actor("cora-caseworker", frozenset({"ROLE-07"}), frozenset({"Birch"}))
    old = Actor("carla-caseworker", frozenset({"ROLE-07"}), frozenset({"Alder"}))
    seen = [len((await desk.get(actor, f"/clocks?scope=child:{CHILD}"))["items"]) for actor in (new, old, DIRECTOR)]
    assert seen == [len(opened), len(after) - len(opened), len(after) - len(opened)]
