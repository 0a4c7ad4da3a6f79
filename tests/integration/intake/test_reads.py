"""Who may see which reports, what a history tells, and confidential reads that leave a trace."""

from datetime import timedelta

import pytest
from tests.alive import HOTLINE, START, SUPERVISOR, WORKER
from tests.integration.intake.conftest import BIRCH, CHILD, SCREENED_IN, Desk, report

from events.ids import derived


async def test_lists_show_what_a_get_would_admit(desk: Desk) -> None:
    """R-INT-015: a supervisor sees the county, a worker what is assigned, the hotline its own."""
    alder, birch = await desk.answered("alder"), await desk.received("birch", county="Birch")
    await desk.done(SUPERVISOR, f"/{alder}/screening", SCREENED_IN)
    expected = {SUPERVISOR: {alder}, BIRCH: {birch}, WORKER: set(), HOTLINE: {alder, birch}}
    for actor, visible in expected.items():
        listed = (await desk.ask(actor, "GET", "")).json()["items"]
        assert {row["reportId"] for row in listed} == {str(id) for id in visible}
        for id in (alder, birch):
            assert (await desk.ask(actor, "GET", f"/{id}")).status_code == (200 if id in visible else 404)
    await desk.done(SUPERVISOR, f"/{alder}/assignment", {"workerId": WORKER.id})
    assert [row["reportId"] for row in (await desk.ask(WORKER, "GET", "")).json()["items"]] == [str(alder)]


async def test_pages_follow_each_other_in_the_order_of_the_calls(desk: Desk) -> None:
    ids = [
        await desk.received(f"page {number}", receivedAt=(START - timedelta(minutes=number)).isoformat())
        for number in range(5)
    ]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await desk.ask(SUPERVISOR, "GET", f"?limit=2{cursor}")).json()
        seen += [row["reportId"] for row in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [str(id) for id in reversed(ids)]


async def test_a_list_is_narrowed(desk: Desk) -> None:
    await desk.received("home")
    custody = await desk.received("custody", childInCustody="yes")
    listed = (await desk.ask(SUPERVISOR, "GET", "?childInCustody=yes&status=received")).json()["items"]
    assert [row["reportId"] for row in listed] == [str(custody)]


async def test_acts_of_other_counties_and_of_other_roles_are_forbidden(desk: Desk) -> None:
    """R-INT-015."""
    id = await desk.answered()
    for actor in (BIRCH, WORKER, HOTLINE):
        for path, body in (("screening", SCREENED_IN), ("assignment", {"workerId": "x"})):
            refused = await desk.ask(actor, "POST", f"/{id}/{path}", body)
            assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")


async def test_the_history_tells_what_happened_without_what_is_confidential(desk: Desk) -> None:
    id = await desk.answered()
    facts = (await desk.ask(SUPERVISOR, "GET", f"/{id}/history")).json()["facts"]
    assert [fact["fact"] for fact in facts] == [
        "ReportReceived",
        "ReportEntered",
        "ReportFlagged",
        "PriorReportsSearched",
        "ResponseLevelProposed",
    ]
    assert facts[0]["occurredAt"] == "2026-03-02T14:50:00Z"
    assert facts[0]["recordedAt"] == "2026-03-02T15:00:00Z"
    assert facts[0]["data"]["victims"] == [str(CHILD)]
    assert "people" not in facts[0]["data"]
    assert facts[4]["data"]["level"] == "2"


async def test_a_confidential_read_needs_a_purpose_and_leaves_a_trace(desk: Desk) -> None:
    id = await desk.received()
    refused = await desk.ask(SUPERVISOR, "GET", f"/{id}/confidential")
    assert (refused.status_code, refused.json()["code"]) == (400, "purpose-missing")
    view = (await desk.ask(SUPERVISOR, "GET", f"/{id}/confidential", Purpose="screening")).json()
    assert view["content"]["allegationSummary"] == "what the caller said"
    assert {person["name"] for person in view["content"]["people"]} == {"Kim Example", "Uli Example", "Cora Caller"}
    assert "nameToken" not in view["content"]["people"][0]
    reads = await desk.runtime.pool.fetch("select * from confidential_reads")
    assert {(row["actor"], row["purpose"], row["subject"]) for row in reads} == {
        (SUPERVISOR.id, "screening", f"report-{id}")
    }
    assert CHILD in {row["person"] for row in reads}


@pytest.mark.parametrize("actor", [BIRCH, WORKER])
async def test_nobody_else_reads_a_report_in_the_clear(desk: Desk, actor: object) -> None:
    id = await desk.received()
    for path in ("confidential", "history"):
        refused = await desk.ask(actor, "GET", f"/{id}/{path}", Purpose="curiosity")  # type: ignore[arg-type]
        assert refused.status_code == 403


async def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    id = derived("no", "report")
    for method, path in (("GET", ""), ("GET", "/history"), ("POST", "/prior-reports-sharing"), ("PATCH", "")):
        answer = await desk.ask(SUPERVISOR, method, f"/{id}{path}", {} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()["code"]) == (404, "report-not-found")


async def test_a_stale_version_is_refused(desk: Desk) -> None:
    id = await desk.received()
    etag = (await desk.ask(SUPERVISOR, "GET", f"/{id}")).headers["ETag"]
    assert etag == '"3"'
    changed = await desk.ask(SUPERVISOR, "PATCH", f"/{id}", {"extent": "worse"}, If_Match=etag)
    assert changed.status_code == 200
    assert (await desk.ask(SUPERVISOR, "PATCH", f"/{id}", {"extent": "worse"}, If_Match=etag)).status_code == 412


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"receivedAt": "2026-03-02T08:50:00"},
        {"receivedAt": "0001-01-01T00:00:00+14:00"},
        {"county": "Al\u0000der"},
        {"setting": "castle"},
        {"people": [{"name": "nobody"}]},
    ],
)
async def test_a_field_that_makes_no_sense_is_named(desk: Desk, change: dict[str, object]) -> None:
    answer = await desk.ask(HOTLINE, "PUT", f"/{derived('test-report', 'wrong')}", report(**change))
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid")
    assert answer.json()["field"].startswith(next(iter(change)))
