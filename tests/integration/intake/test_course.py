"""A report from the call to the assignment, over HTTP on a real database."""

from datetime import timedelta
from uuid import UUID

import orjson
from tests.alive import HOTLINE, START, SUPERVISOR, WORKER
from tests.integration.intake.conftest import CALLER, CHILD, DIRECTOR, SCREENED_IN, UNCLE, Desk, report

from events.expunge import expunge
from events.ids import derived
from events.rebuild import rebuild
from intake.read_models import PRIOR_REPORTS, REPORT_LIST
from intake.wiring import SERVICE


async def test_a_report_goes_from_the_call_to_the_investigator(desk: Desk) -> None:
    """R-INT-001, R-INT-004, R-INT-006, R-INT-008, R-INT-015, R-INT-016, R-INT-017."""
    id = await desk.answered()
    assert await desk.done(SUPERVISOR, f"/{id}/screening", SCREENED_IN) == ["ReportScreened"]
    assigned = await desk.done(SUPERVISOR, f"/{id}/assignment", {"workerId": WORKER.id, "staffedAt": START.isoformat()})
    assert assigned == ["ReportAssigned"]
    row = (await desk.ask(WORKER, "GET", f"/{id}")).json()
    assert (row["status"], row["level"], row["workerId"]) == ("assigned", "2", WORKER.id)
    assert row["receivedAt"] == "2026-03-02T14:50:00Z"


async def test_call_time_and_entry_time_travel_apart(desk: Desk) -> None:
    """R-INT-003, report-entered.settlement."""
    await desk.received()
    times = {message.type: message.attributes["time"] for message in await desk.announced()}
    assert times == {
        "intake.ReportReceived.v1": "2026-03-02T14:50:00+00:00",
        "intake.ReportEntered.v1": "2026-03-02T15:00:00+00:00",
    }


async def test_an_empty_report_is_accepted_and_shows_its_flags(desk: Desk) -> None:
    """R-INT-001, D-34."""
    id = derived("test-report", "empty")
    assert (await desk.ask(HOTLINE, "PUT", f"/{id}", {})).status_code == 201
    row = (await desk.ask(HOTLINE, "GET", f"/{id}")).json()
    assert {"call-time-missing", "victims-missing", "county-missing"} <= {flag["code"] for flag in row["flags"]}
    await desk.ask(HOTLINE, "PATCH", f"/{id}", report())
    row = (await desk.ask(HOTLINE, "GET", f"/{id}")).json()
    assert {"call-time-missing", "victims-missing", "county-missing"}.isdisjoint(flag["code"] for flag in row["flags"])
    assert (row["county"], row["victims"]) == ("Alder", [str(CHILD)])


async def test_a_call_entered_late_is_flagged(desk: Desk) -> None:
    """R-INT-003."""
    id = await desk.received(receivedAt=(START - timedelta(hours=2)).isoformat())
    row = (await desk.ask(HOTLINE, "GET", f"/{id}")).json()
    assert "late-entry" in {flag["code"] for flag in row["flags"]}


async def test_the_same_entry_again_gives_the_same_answer_for_ever(desk: Desk) -> None:
    id = await desk.received()
    desk.clock.advance(timedelta(days=400))
    again = await desk.ask(HOTLINE, "PUT", f"/{id}", report())
    assert (again.status_code, again.json()["version"]) == (200, 3)
    other = await desk.ask(SUPERVISOR, "PUT", f"/{id}", report())
    assert (other.status_code, other.json()["code"]) == (409, "report-already-received")


async def test_screening_without_a_search_is_refused_with_rule_and_source(desk: Desk) -> None:
    """R-INT-004, prior-reports-searched.settlement."""
    id = await desk.received()
    refused = await desk.ask(SUPERVISOR, "POST", f"/{id}/screening", SCREENED_IN)
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["source"]) == (409, "prior-reports-not-searched", "003:2183")
    assert problem["rule"] == "R-INT-004 prior-reports-searched.settlement"


async def test_a_screening_taken_earlier_is_accepted_with_an_exception(desk: Desk) -> None:
    """R-INT-004 (gate_mode block: what has happened is never refused)."""
    id = await desk.received()
    yes = dict.fromkeys(("familyCanBeFound", "perpetratorIsParent", "meetsDefinition"), True)
    await desk.done(SUPERVISOR, f"/{id}/screening-answers", yes | {"imminentDanger": "no"})
    earlier = SCREENED_IN | {"screenedAt": (START - timedelta(minutes=3)).isoformat()}
    await desk.done(SUPERVISOR, f"/{id}/screening", earlier)
    row = (await desk.ask(SUPERVISOR, "GET", f"/{id}")).json()
    assert row["flags"][0] == {"code": "screened-without-prior-search", "rule": "R-INT-004", "severity": "exception"}
    assert row["screenedAt"] == "2026-03-02T14:57:00Z"


async def found_by(desk: Desk, id: UUID) -> list[str]:
    answer = await desk.ask(SUPERVISOR, "GET", f"/{id}/confidential", Purpose="screening")
    earlier: list[str] = answer.json()["earlierReports"]
    return earlier


async def test_the_search_finds_earlier_reports_on_the_same_people_however_the_name_is_written(desk: Desk) -> None:
    """R-INT-004, R-INT-005."""
    other, twin, caller = (derived("person", name) for name in ("other", "twin", "caller again"))
    earlier = await desk.received(
        "earlier", people=[{"personId": str(other), "roles": ["household-member"], "name": "EXAMPLE, Kím"}]
    )
    await desk.received(
        "namesake",
        people=[{"personId": str(twin), "roles": ["victim"], "name": "Kim Example", "birthDate": "1990-01-01"}],
    )
    await desk.received(
        "only reported", people=[{"personId": str(caller), "roles": ["complainant"], "name": "Kim Example"}]
    )
    id = await desk.answered()
    assert await found_by(desk, id) == [str(earlier)]
    await desk.done(SUPERVISOR, f"/{id}/screening", SCREENED_IN)
    facts = await desk.done(SUPERVISOR, f"/{id}/assignment", {"workerId": WORKER.id, "staffedAt": START.isoformat()})
    assert facts == ["ReportAssigned", "PriorReportsShared"]


async def test_a_forgotten_person_is_neither_found_nor_read_any_more(desk: Desk, database: str) -> None:
    other = derived("person", "other")
    earlier = await desk.received(
        "earlier", people=[{"personId": str(other), "roles": ["victim"], "name": "Kim Example"}]
    )
    await expunge(database, [SERVICE], other, by="ada-administrator")
    rebuilt = await rebuild(database, SERVICE, PRIOR_REPORTS)
    assert (rebuilt.differing, rebuilt.swapped) == ((), True), "a rebuild must not bring a forgotten person back"
    assert await found_by(desk, await desk.answered()) == []
    view = (await desk.ask(SUPERVISOR, "GET", f"/{earlier}/confidential", Purpose="check")).json()
    erased = {"personId": str(other), "erased": True}
    assert (view["content"]["people"][0]["name"], view["content"]["allegationSummary"]) == (erased, erased)


async def test_lists_and_index_are_rebuilt_from_the_facts_without_a_difference(desk: Desk, database: str) -> None:
    id = await desk.answered()
    await desk.done(SUPERVISOR, f"/{id}/screening", SCREENED_IN)
    await desk.done(SUPERVISOR, f"/{id}/assignment", {"workerId": WORKER.id})
    for model, rows in ((REPORT_LIST, 1), (PRIOR_REPORTS, 2)):
        rebuilt = await rebuild(database, SERVICE, model)
        assert (rebuilt.differing, rebuilt.rows, rebuilt.swapped) == ((), rows, True)


async def test_names_are_nowhere_in_the_clear(desk: Desk) -> None:
    await desk.received()
    async with desk.runtime.pool.acquire() as connection:
        for table in ("events", "reports", "prior_index", "idempotency"):
            rows = await connection.fetch(f"select row_to_json(t)::text as row from {table} t")  # noqa: S608
            content = " ".join(row["row"] for row in rows).lower()
            assert not any(word in content for word in ("example", "cora", "555 0100", "caller said")), table


async def test_a_resource_home_report_is_assigned_by_the_regional_director(desk: Desk) -> None:
    """R-INV-001, R-INV-002, R-INV-003, R-INV-004, R-INT-011, R-INT-012, R-INT-015."""
    home = str(derived("home", "maple"))
    id = await desk.answered(childInCustody="yes", setting="resource-home", resourceHomeId=home)
    form = {"version": "1", "uses": ["screening", "priority"], "answers": [{"item": "1", "answer": "yes"}]}
    refused = await desk.ask(SUPERVISOR, "POST", f"/{id}/screening", SCREENED_IN)
    assert refused.json()["code"] == "criteria-form-incomplete"
    await desk.done(SUPERVISOR, f"/{id}/criteria-form", form)
    await desk.done(SUPERVISOR, f"/{id}/screening", SCREENED_IN)
    body = {"workerId": WORKER.id, "custodyTrained": True, "caseTie": False, "licensedTheHome": False}
    refused = await desk.ask(SUPERVISOR, "POST", f"/{id}/assignment", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "regional-director-assigns")
    refused = await desk.ask(DIRECTOR, "POST", f"/{id}/assignment", body | {"caseTie": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "case-tie")
    await desk.done(DIRECTOR, f"/{id}/assignment", body)
    await desk.done(DIRECTOR, f"/{id}/staffing", {"staffedAt": START.isoformat()})
    register = (await desk.ask(SUPERVISOR, "GET", f"?resourceHomeId={home}")).json()
    assert [(row["reportId"], row["level"], row["specialHandling"]) for row in register["items"]] == [
        (str(id), "3", True)
    ]


async def test_a_screened_out_custody_report_is_reviewed(desk: Desk) -> None:
    """R-INT-013."""
    id = await desk.answered(childInCustody="yes")
    form = {"version": "1", "uses": ["screening", "priority"], "answers": [{"item": "1", "answer": "no"}]}
    await desk.done(SUPERVISOR, f"/{id}/criteria-form", form)
    out = SCREENED_IN | {"decision": "screened-out", "agrees": False, "reason": "not maltreatment"}
    assert "ResponseLevelOverridden" in await desk.done(SUPERVISOR, f"/{id}/screening", out)
    flagged = (await desk.ask(DIRECTOR, "GET", "?flag=screened-out-not-reviewed")).json()["items"]
    assert [row["reportId"] for row in flagged] == [str(id)]
    await desk.done(DIRECTOR, f"/{id}/screened-out-review", {"agreed": True})
    assert (await desk.ask(DIRECTOR, "GET", "?flag=screened-out-not-reviewed")).json()["items"] == []


async def test_a_police_call_and_a_suspicion_are_recorded(desk: Desk) -> None:
    """law-enforcement-call.policy-2009, R-INT-014."""
    id = await desk.received(felonyGround="sexual-abuse", childInCustody="yes")
    call = {"agency": "Alder County Sheriff", "told": "everything", "calledAt": START.isoformat()}
    assert await desk.done(SUPERVISOR, f"/{id}/police-call", call) == ["LawEnforcementNotified"]
    body = {"childId": str(CHILD), "suspicion": "maltreatment", "suspectedAt": START.isoformat()}
    assert await desk.done(SUPERVISOR, f"/{id}/suspicions", body) == ["MaltreatmentSuspected"]
    unknown = await desk.ask(SUPERVISOR, "POST", f"/{derived('no', 'report')}/suspicions", body)
    assert (unknown.status_code, unknown.json()["rule"]) == (409, "R-INT-014")
    assert (await desk.ask(SUPERVISOR, "GET", f"/{id}")).json()["lawEnforcementCalled"] is True


async def test_an_override_needs_its_reason(desk: Desk) -> None:
    """R-INT-016."""
    id = await desk.answered()
    refused = await desk.ask(SUPERVISOR, "POST", f"/{id}/level-override", {"toLevel": "3"})
    assert (refused.status_code, refused.json()["field"]) == (409, "reason")
    body = {"toLevel": "3", "reason": "called twice"}
    assert await desk.done(SUPERVISOR, f"/{id}/level-override", body) == ["ResponseLevelOverridden"]


async def test_nothing_confidential_is_announced(desk: Desk) -> None:
    id = await desk.answered()
    await desk.done(SUPERVISOR, f"/{id}/screening", SCREENED_IN | {"reason": "secret", "referredTo": "secret"})
    sent = b"".join(message.data for message in await desk.announced())
    for confidential in (b"secret", b"Example", str(CALLER).encode(), str(UNCLE).encode()):
        assert confidential not in sent
    assert orjson.loads((await desk.announced())[-1].data)["decision"] == "screened-in"
