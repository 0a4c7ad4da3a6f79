"""A dry run tells beforehand what the engine does when the pack is switched on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from tests.alive import ADMINISTRATOR, SUPERVISOR
from tests.conftest import fresh_database
from tests.integration.deadlines.conftest import DIVISION, Desk, opened
from tests.integration.deadlines.test_compliance import L3, tell

from deadlines.dry_run_job import Change, changed_policy, run_next
from deadlines.look import Watch
from deadlines.policy import Policy
from deadlines.settings import DeadlinesSettings, Switch
from deadlines.wiring import SERVICE

DELIVERED = resources.files("deadlines").joinpath("packs/policy-2009.toml").read_text("utf-8")
ENDED = ("cancelled",)
BUSINESS_DAYS: dict[str, Any] = {"deadlines_readings": {"*": {"day_type": "business"}}}
OWN_PACK = """
[pack]
name = "county"
version = "1"
authority = "A county order"
standing = "policy"
effective_from = 2020-01-01
sources = ["003:1899"]

[[rule]]
id = "early-contact.county"
title = "First contact within three hours"
area = "investigation"
kind = "once"
subject = "report"
enforce = "clock"
starts_on = "ReportReceived"
due = "3 hours"
satisfied_by = "InvestigationInitiated"
responsible = "assigned investigator"
sources = ["003:1899"]
"""


def shorter() -> str:
    """The delivered pack with a limit of three hours in place of 24, and one rule under another name."""
    before, _, after = DELIVERED.partition(f'id = "{L3}"')
    assert after
    changed = before + f'id = "{L3}"' + after.replace('due = "24 hours"', 'due = "3 hours"', 1)
    return changed.replace('id = "risk-assessment.policy-2009"', 'id = "risk-assessed.policy-2009"', 1)


@pytest.fixture
def another_database(postgres_url: str) -> Iterator[str]:
    """A second, empty database."""
    with fresh_database(postgres_url) as url:
        yield url


async def ran(desk: Desk, **body: Any) -> tuple[Any, list[Any]]:
    """What a dry run found: the run, and the clocks that differ."""
    answer = await desk.ask(ADMINISTRATOR, "POST", "/rules/dry-runs", body)
    assert answer.status_code == 202, answer.text
    path = f"/rules/dry-runs/{answer.json()['dryRunId']}"
    assert (await desk.get(ADMINISTRATOR, path))["state"] == "waiting"
    assert await run_next(desk.runtime)
    assert not await run_next(desk.runtime)
    run = await desk.get(ADMINISTRATOR, path)
    assert (run["state"], run["problem"]) == ("done", None)
    clocks: list[Any] = []
    cursor = ""
    while not clocks or cursor:
        page = await desk.get(ADMINISTRATOR, f"{path}/clocks?limit=2{cursor}")
        clocks += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else ""
        if not page["items"]:
            break
    assert len(clocks) == run["outcome"]["changed"]
    return run, clocks


async def sheet(desk: Desk) -> dict[str, tuple[str, str | None]]:
    """Verdict and due time of every clock of the sheet that still counts."""
    return {
        row["clockId"]: ("open" if row["state"] == "running" else row["state"], row["dueAt"])
        for row in await desk.clocks()
        if row["state"] not in ENDED
    }


def foretold(now: dict[str, tuple[str, str | None]], clocks: list[Any]) -> dict[str, tuple[str, str | None]]:
    """The sheet as it is, with what the dry run says."""
    then = dict(now)
    for clock in clocks:
        after = clock["after"]
        then.pop(clock["clockId"], None)
        if after and after["verdict"] not in ENDED:
            then[clock["clockId"]] = after["verdict"], after["dueAt"]
    return then


@pytest.mark.parametrize(
    ("change", "settings"),
    [
        (Change(pack=shorter()), {}),
        (Change(pack=OWN_PACK), {}),
        (Change(pack=OWN_PACK, switches=(Switch(pack="county", county="Birch"),)), {}),
        (Change(closures=(date(2026, 3, 3), date(2026, 3, 4))), BUSINESS_DAYS),
        (Change(switches=(Switch(pack="practice-model", region="north"),)), {}),
    ],
    ids=["limit", "own pack", "own pack in a county", "closures", "switch"],
)
async def test_a_dry_run_foretells_the_sheet_of_an_installation_under_the_changed_policy(
    database: str, another_database: str, tmp_path: Path, change: Change, settings: dict[str, Any]
) -> None:
    """The same history, heard under the changed policy from the beginning: same clocks, same verdicts, same due times."""

    def watch(settings: DeadlinesSettings) -> Watch:
        return Watch(changed_policy(Policy(settings), change))

    body = change.model_dump(mode="json", by_alias=True, include={"pack", "closures", "switches"})
    async with opened(database, tmp_path / "one", **settings) as desk:
        await tell(desk)
        now = await sheet(desk)
        run, clocks = await ran(desk, **body)
    assert run["done"] == run["subjects"] > 5
    assert clocks
    async with opened(another_database, tmp_path / "other", replace(SERVICE, prepare=watch), **settings) as other:
        await tell(other)
        then = await sheet(other)
    assert then != now
    assert foretold(now, clocks) == then


async def test_the_numbers_of_a_run_are_those_of_its_clocks(desk: Desk) -> None:
    """investigation-initiated-l3.policy-2009: the contact after two hours stays in time, that after five becomes late."""
    await tell(desk)
    run, clocks = await ran(desk, pack=shorter(), county="Alder")
    of_l3 = sorted(clock["change"] for clock in clocks if clock["ruleId"] == L3)
    assert of_l3 == ["moved", "moved", "moved", "now-met-late"]
    counted: dict[str, int] = {}
    for row in run["outcome"]["numbers"]:
        assert row["county"] == "Alder"
        for change, number in row["changes"].items():
            counted[change] = counted.get(change, 0) + number
    assert counted == {change: [each["change"] for each in clocks].count(change) for change in counted}
    assert {"new", "gone"} <= counted.keys()
    assert "report:" not in str(clocks)


async def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    await tell(desk)
    rows, events = await desk.clocks(), await desk.runtime.pool.fetchval("select count(*) from events")
    await ran(desk, pack=shorter())
    assert await desk.clocks() == rows
    assert await desk.runtime.pool.fetchval("select count(*) from events") == events


async def test_a_broken_pack_is_refused_with_its_line(desk: Desk) -> None:
    answer = await desk.ask(ADMINISTRATOR, "POST", "/rules/dry-runs", {"pack": OWN_PACK.replace("3 hours", "3 moons")})
    assert (answer.status_code, answer.json()["code"]) == (422, "policy-broken")
    assert "line" in answer.json()["detail"]
    unknown = await desk.ask(ADMINISTRATOR, "POST", "/rules/dry-runs", {"switches": [{"pack": "no-such-pack"}]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "policy-broken")


async def test_who_runs_the_installation_or_writes_policy_may_try_it(desk: Desk) -> None:
    for actor in (SUPERVISOR, DIVISION):
        assert (await desk.ask(actor, "POST", "/rules/dry-runs", {})).status_code == 403


async def test_a_run_whose_process_died_is_begun_again(desk: Desk) -> None:
    await tell(desk)
    answer = await desk.ask(ADMINISTRATOR, "POST", "/rules/dry-runs", {"pack": shorter()})
    run = answer.json()["dryRunId"]
    await desk.runtime.pool.execute("update dry_runs set state = 'running', alive_at = '2026-03-01'")
    await desk.runtime.pool.execute(
        "insert into dry_run_clocks (dry_run_id, number, change, clock) select dry_run_id, 1, 'new', '{}' from dry_runs"
    )
    assert await run_next(desk.runtime)
    found = await desk.get(ADMINISTRATOR, f"/rules/dry-runs/{run}")
    listed = (await desk.get(ADMINISTRATOR, f"/rules/dry-runs/{run}/clocks?limit=500"))["items"]
    assert (found["state"], found["outcome"]["changed"]) == ("done", len(listed))
