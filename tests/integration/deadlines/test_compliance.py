"""How time limits were kept: the counts equal the sheet, and behind each of them are its clocks."""

import csv
from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from tests.alive import HOTLINE, START, SUPERVISOR, WORKER
from tests.integration.deadlines.conftest import DIRECTOR, DIVISION, STRANGER, Desk, of_report

from events.authority import Actor
from events.contracts.investigation import InvestigationInitiated, InvestigationOpened
from events.ids import derived

L3 = "investigation-initiated-l3.policy-2009"
ANALYST = Actor("ann-analyst", frozenset({"ROLE-50"}))
REPORTS = {name: derived("compliance", name) for name in ("met", "late", "told later", "missed", "birch")}


def of_the_investigation(name: str) -> dict[str, Any]:
    """What every fact of the investigation says."""
    report = REPORTS[name]
    county = "Birch" if name == "birch" else "Alder"
    return {
        "investigation_id": derived("investigation", report),
        "report_id": report,
        "county": county,
        "worker_id": WORKER.id,
    }


def opened(name: str) -> InvestigationOpened:
    """The investigation of a report begins."""
    child = derived("victim", REPORTS[name])
    return InvestigationOpened.model_validate(
        of_the_investigation(name) | {"level": "3", "opened_at": START, "child_ids": (child,)}
    )


def initiated(name: str, hours: int) -> InvestigationInitiated:
    """The first personal contact."""
    child, at = derived("victim", REPORTS[name]), START + timedelta(hours=hours)
    return InvestigationInitiated.model_validate(
        of_the_investigation(name) | {"contacted": child, "contact_type": "face-to-face", "at": at}
    )


async def tell(desk: Desk) -> None:
    """Five reports of level 3: met in time, met late, met in time but told after the miss, missed, missed elsewhere."""
    for name, report in REPORTS.items():
        county = "Birch" if name == "birch" else "Alder"
        await desk.hear(*of_report(report, county), opened(name))
    await desk.hear(initiated("met", 2), at=START + timedelta(hours=2))
    await desk.pass_to(START + timedelta(hours=30))
    await desk.hear(initiated("late", 31), at=START + timedelta(hours=31))
    learned = START + timedelta(hours=32)
    await desk.hear(initiated("told later", 5), at=START + timedelta(hours=5), learned=learned)
    await desk.pass_to(START + timedelta(hours=33))


@pytest.fixture
async def told(desk: Desk) -> Desk:
    """A desk that has heard of the five reports."""
    await tell(desk)
    return desk


async def test_the_counts_tell_what_was_announced_and_what_is_known_now(told: Desk) -> None:
    """investigation-initiated-l3.policy-2009: one of four was announced as missed and turned out met in time."""
    [row] = (await told.get(DIRECTOR, f"/compliance?rule={L3}"))["items"]
    known, announced = row["asKnown"], row["asAnnounced"]
    assert known == {
        **{"due": 4, "met": 2, "metLate": 1, "missed": 1, "open": 0, "cancelled": 0, "waived": 0},
        "shareInTime": 0.5,
    }
    assert announced == {"met": 1, "metLate": 0, "missed": 3, "shareInTime": 0.25, "revised": 2}


async def test_the_counts_by_group_add_up_to_the_sheet(told: Desk) -> None:
    rows = (await told.get(DIVISION, "/compliance?groupBy=rule&groupBy=county&groupBy=region&groupBy=month"))["items"]
    sheet = Counter((row["ruleId"], row["county"], row["region"]) for row in await told.clocks())
    counted: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        known = row["asKnown"]
        counted[row["rule"], row["county"], row["region"]] += known["due"] + known["cancelled"] + known["waived"]
    assert counted == sheet
    [month] = {row["month"] for row in rows if row["rule"] == L3}
    assert month == "2026-03"
    assert all(row["pack"] is None for row in rows)


async def test_pages_of_counts_are_the_whole(told: Desk) -> None:
    whole = (await told.get(DIVISION, "/compliance?groupBy=rule&groupBy=month"))["items"]
    pages: list[Any] = []
    cursor = ""
    while not pages or cursor:
        page = await told.get(DIVISION, f"/compliance?groupBy=rule&groupBy=month&limit=3{cursor}")
        pages += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else ""
    assert len(pages) > 3
    assert pages == whole


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("met", {"met", "told later"}),
        ("met-late", {"late"}),
        ("missed", {"missed"}),
        ("revised", {"late", "told later"}),
        ("announced-missed", {"late", "told later", "missed"}),
    ],
)
async def test_behind_each_number_are_its_clocks(told: Desk, part: str, names: set[str]) -> None:
    page = await told.get(DIRECTOR, f"/compliance/clocks?rule={L3}&part={part}")
    assert {row["reportId"] for row in page["items"]} == {str(REPORTS[name]) for name in names}


async def test_a_clock_counts_in_the_local_month_of_its_due_time(told: Desk) -> None:
    """The day of the due time is local: 3 March begins at 06:00 UTC."""
    inside = await told.get(DIRECTOR, f"/compliance?rule={L3}&from=2026-03-03&until=2026-03-04")
    assert inside["items"][0]["asKnown"]["due"] == 4
    assert (await told.get(DIRECTOR, f"/compliance?rule={L3}&from=2026-03-04"))["items"] == []
    assert (await told.get(DIRECTOR, f"/compliance?rule={L3}&until=2026-03-03"))["items"] == []


async def test_everybody_counts_what_they_may_see(told: Desk) -> None:
    async def due(actor: Actor) -> int:
        rows = (await told.get(actor, f"/compliance?rule={L3}"))["items"]
        return sum(row["asKnown"]["due"] for row in rows)

    assert [await due(each) for each in (SUPERVISOR, STRANGER, DIVISION, ANALYST, HOTLINE)] == [4, 1, 5, 5, 0]
    assert (await told.get(ANALYST, "/compliance/clocks"))["items"] == []


async def test_numbers_and_clocks_are_exported_as_csv_by_those_who_may(told: Desk) -> None:
    answer = await told.ask(DIRECTOR, "GET", "/compliance?groupBy=rule", accept="text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = {row["rule"]: row for row in csv.DictReader(StringIO(answer.text, newline=""))}
    assert (rows[L3]["known_met"], rows[L3]["announced_missed"], rows[L3]["known_share_in_time"]) == ("2", "3", "0.5")
    clocks = await told.ask(DIRECTOR, "GET", f"/compliance/clocks?rule={L3}&part=missed&format=csv")
    [clock] = csv.DictReader(StringIO(clocks.text, newline=""))
    assert (clock["report_id"], clock["announced"]) == (str(REPORTS["missed"]), "missed")
    for path in ("/compliance?format=csv", "/compliance/clocks?format=csv", "/clocks.csv"):
        assert (await told.ask(ANALYST, "GET", path)).status_code == 403
        assert (await told.ask(WORKER, "GET", path)).status_code == 403


async def test_the_sheet_as_csv_has_the_rows_of_the_list_with_the_same_filters(told: Desk) -> None:
    for filters in (
        "",
        "state=missed&state=met",
        f"workerId={WORKER.id}&county=Alder",
        "dueBefore=2026-03-03T16:00:00Z",
    ):
        listed = (await told.get(DIRECTOR, f"/clocks?limit=500&{filters}"))["items"]
        answer = await told.ask(DIRECTOR, "GET", f"/clocks.csv?{filters}")
        rows = list(csv.DictReader(StringIO(answer.text, newline="")))
        assert [row["clock_id"] for row in rows] == [row["clockId"] for row in listed]
        assert listed
