"""The HTTP side on a real PostgreSQL: a whole investigation, who may what, lists, histories, repeats and conflicts."""

from datetime import timedelta
from uuid import UUID

import orjson
import pytest
from tests.alive import ADMINISTRATOR, START, SUPERVISOR, WORKER
from tests.integration.investigation import forms
from tests.integration.investigation.conftest import ANNA, Desk, of_report
from tests.integration.investigation.forms import NARRATIVE, PLACE

from events.authority import Actor

REPORT = UUID("01890000-0000-7000-8000-0000000000a1")
NOW = START.isoformat()
OTHER_WORKER = Actor("otto-worker", frozenset({"ROLE-05"}), frozenset({"Alder"}))
NEIGHBOUR = Actor("nora-supervisor", frozenset({"ROLE-03"}), frozenset({"Birch"}))
SECOND = Actor("sue-supervisor", frozenset({"ROLE-03"}), frozenset({"Alder"}))


async def field_work(desk: Desk, path: str) -> None:
    """What the worker records until the supervisor has something to sign, with factor 3 found."""
    await desk.done(WORKER, f"{path}/household", forms.household(NOW))
    assert "InvestigationInitiated" in await desk.done(WORKER, f"{path}/contacts", forms.contact(NOW))
    await desk.done(WORKER, f"{path}/interviews", forms.interview(NOW))
    await desk.done(WORKER, f"{path}/history-check", forms.history(NOW))
    await desk.done(WORKER, f"{path}/safety-assessment", forms.safety(NOW, 3))
    await desk.done(WORKER, f"{path}/safety-checklist", forms.checklist(NOW))
    await desk.done(WORKER, f"{path}/risk-assessment", forms.risk(NOW))
    await desk.done(WORKER, f"{path}/findings", forms.findings(NOW))
    await desk.done(WORKER, f"{path}/safety-plan", forms.plan(NOW))
    await desk.done(WORKER, f"{path}/safety-plan/court-decision", forms.court_decision(NOW))
    await desk.done(WORKER, f"{path}/safety-plan/activation", forms.activation(NOW))


async def test_an_investigation_from_the_assignment_to_the_approval(desk: Desk) -> None:
    """R-INV-010, -012, -014, -016, -018, -030, -032, -048, -049, -052 along one path."""
    path = f"/{await desk.open(REPORT, level='2')}"
    await field_work(desk, path)
    await desk.done(WORKER, f"{path}/submission", {"disposition": "substantiated", "evidence": "photographs"})
    await desk.done(SUPERVISOR, f"{path}/safety-assessment/return", {"reason": "describe factor 3"})
    await desk.done(WORKER, f"{path}/safety-assessment", forms.safety(NOW, 3))
    await desk.done(SUPERVISOR, f"{path}/safety-assessment/approval")
    await desk.done(SUPERVISOR, f"{path}/risk-assessment/return", {"reason": "ask the school"})
    await desk.done(WORKER, f"{path}/risk-assessment", forms.risk(NOW))
    await desk.done(SUPERVISOR, f"{path}/risk-assessment/approval")
    await desk.done(SUPERVISOR, f"{path}/return", {"reason": "attach the photographs"})
    await desk.done(WORKER, f"{path}/submission", {"disposition": "substantiated"})
    refused = await desk.ask(SUPERVISOR, "POST", f"{path}/approval", {"caseOpens": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "case-must-open-on-safety")
    assert "R-INV-049" in refused.json()["rule"]
    await desk.done(SUPERVISOR, f"{path}/approval", {"caseOpens": True, "basis": "safety-factors"})

    answer = await desk.ask(WORKER, "GET", path)
    view = answer.json()
    assert answer.headers["ETag"] == f'"{view["version"]}"'
    assert (view["status"], view["level"], view["escalated"], view["factorsYes"]) == ("approved", "2", True, 1)
    assert (view["riskLevel"], view["disposition"], view["caseOpens"]) == ("medium", "substantiated", True)
    assert {"safety-plan-signature-missing", "youth-court-approval-missing", "safety-services-not-recorded"} <= {
        flag["code"] for flag in view["flags"]
    }
    types = {message.type.split(".")[1] for message in await desk.announced()}
    assert {"InvestigationOpened", "InvestigationEscalated", "SafetyFactorFound", "InvestigationApproved"} <= types


async def test_nothing_confidential_is_announced_or_stored_in_the_clear(desk: Desk) -> None:
    path = f"/{await desk.open(REPORT)}"
    await field_work(desk, path)
    stored = await desk.runtime.pool.fetchval("select string_agg(events::text, ' ') from events")
    sent = b" ".join(message.data for message in await desk.announced()).decode()
    for text in (PLACE, NARRATIVE, "Judge Alderson", "refuses to sign", "She is four", "matches in reach"):
        assert text not in stored
        assert text not in sent


async def test_a_late_entry_is_announced_with_the_time_it_happened(desk: Desk) -> None:
    path = f"/{await desk.open(REPORT)}"
    desk.clock.advance(timedelta(days=2))
    await desk.done(WORKER, f"{path}/contacts", forms.contact((START + timedelta(hours=3)).isoformat()))
    made = next(message for message in await desk.announced() if "InvestigationContactMade" in message.type)
    assert made.attributes["time"] == (START + timedelta(hours=3)).isoformat()
    assert made.attributes["recordedat"] == (START + timedelta(days=2)).isoformat()
    assert orjson.loads(made.data)["at"] == "2026-03-02T18:00:00Z"


async def test_what_has_not_happened_yet_is_refused(desk: Desk) -> None:
    path = f"/{await desk.open(REPORT)}"
    tomorrow = forms.contact((START + timedelta(days=1)).isoformat())
    refused = await desk.ask(WORKER, "POST", f"{path}/contacts", tomorrow)
    assert (refused.status_code, refused.json()["code"]) == (422, "at-in-future")


@pytest.mark.parametrize("change", [{"reason": "x"}, {"at": "2026-03-02T15:00:00"}, {"role": "friend"}, {"at": None}])
async def test_a_body_with_unknown_fields_or_values_is_refused(desk: Desk, change: dict[str, object]) -> None:
    path = f"/{await desk.open(REPORT)}"
    refused = await desk.ask(WORKER, "POST", f"{path}/contacts", forms.contact(NOW) | change)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert PLACE not in refused.text


async def test_only_the_assigned_worker_and_the_countys_supervisor_work_on_it(desk: Desk) -> None:
    """R-INV-010, R-INV-030: permissions by assignment and county."""
    path = f"/{await desk.open(REPORT)}"
    for stranger in (OTHER_WORKER, NEIGHBOUR, ADMINISTRATOR):
        for method, part, body in (
            ("POST", "/contacts", forms.contact(NOW)),
            ("POST", "/submission", {}),
            ("GET", "", None),
            ("GET", "/history", None),
            ("GET", "/confidential", None),
        ):
            answer = await desk.ask(stranger, method, path + part, body, purpose="review")
            assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted"), part
    assert await desk.done(SUPERVISOR, f"{path}/contacts", forms.contact(NOW))
    for part, body in (("/safety-assessment/approval", None), ("/approval", {"caseOpens": True}), ("/return", {})):
        assert (await desk.ask(WORKER, "POST", path + part, body)).status_code == 403


async def test_a_supervisor_who_is_the_worker_does_not_sign(desk: Desk) -> None:
    """R-INV-018, R-INV-030."""
    path = f"/{await desk.open(REPORT, worker=SUPERVISOR.id)}"
    await desk.done(SUPERVISOR, f"{path}/risk-assessment", forms.risk(NOW))
    refused = await desk.ask(SUPERVISOR, "POST", f"{path}/risk-assessment/approval")
    assert (refused.status_code, refused.json()["code"]) == (403, "self-approval")
    assert await desk.done(SECOND, f"{path}/risk-assessment/approval") == ["RiskAssessmentApproved"]


async def test_a_reassignment_hands_the_investigation_over(desk: Desk) -> None:
    investigation = await desk.open(REPORT)
    await desk.hear(of_report(REPORT, "Alder", OTHER_WORKER.id, "3")[-1], at=START + timedelta(hours=1))
    assert (await desk.ask(WORKER, "GET", f"/{investigation}")).status_code == 403
    answer = await desk.ask(OTHER_WORKER, "GET", f"/{investigation}")
    assert answer.json()["workerId"] == OTHER_WORKER.id


async def test_lists_show_exactly_what_a_get_admits_page_by_page(desk: Desk) -> None:
    for number in range(5):
        report = UUID(int=REPORT.int + number)
        await desk.open(report, "Alder" if number < 3 else "Birch", WORKER.id if number % 2 else OTHER_WORKER.id)
    counts = {}
    for actor in (SUPERVISOR, NEIGHBOUR, WORKER, OTHER_WORKER, ADMINISTRATOR):
        counts[actor.id] = len((await desk.ask(actor, "GET", "")).json()["items"])
    assert counts == {
        SUPERVISOR.id: 3,
        NEIGHBOUR.id: 2,
        WORKER.id: 2,
        OTHER_WORKER.id: 3,
        ADMINISTRATOR.id: 0,
    }
    first = (await desk.ask(SUPERVISOR, "GET", "?limit=2")).json()
    second = (await desk.ask(SUPERVISOR, "GET", f"?limit=2&cursor={first['next']}")).json()
    opened = [item["openedAt"] for item in first["items"] + second["items"]]
    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    assert opened == sorted(opened, reverse=True)
    only = (await desk.ask(SUPERVISOR, "GET", f"?worker={WORKER.id}&status=open&county=Alder")).json()["items"]
    assert [item["workerId"] for item in only] == [WORKER.id]
    wrong = await desk.ask(SUPERVISOR, "GET", "?cursor=nonsense")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "cursor-invalid")


async def test_confidential_reading_needs_a_purpose_and_is_recorded(desk: Desk) -> None:
    investigation = await desk.open(REPORT)
    await desk.done(WORKER, f"/{investigation}/safety-assessment", forms.safety(NOW, 3))
    await desk.done(WORKER, f"/{investigation}/interviews", forms.interview(NOW))
    path = f"/{investigation}/confidential"
    assert (await desk.ask(WORKER, "GET", path)).json()["code"] == "purpose-missing"
    text = (await desk.ask(WORKER, "GET", path, Purpose="prepare the visit")).text
    assert NARRATIVE in text
    assert "I cook for us" in text
    reads = await desk.runtime.pool.fetch("select * from confidential_reads")
    assert {(row["actor"], row["purpose"]) for row in reads} == {(WORKER.id, "prepare the visit")}
    assert {row["person"] for row in reads} == {ANNA}
    assert {"interview.statements", "form.factors.narrative"} <= {row["field"] for row in reads}


async def test_the_history_tells_both_times_and_no_private_text(desk: Desk) -> None:
    investigation = await desk.open(REPORT)
    desk.clock.advance(timedelta(hours=5))
    await desk.done(WORKER, f"/{investigation}/contacts", forms.contact(NOW))
    answer = await desk.ask(WORKER, "GET", f"/{investigation}/history")
    facts = answer.json()["facts"]
    assert [fact["fact"] for fact in facts][3:6] == ["InvestigationOpened", "ContactMade", "InvestigationInitiated"]
    assert (facts[4]["occurredAt"], facts[4]["recordedAt"]) == ("2026-03-02T15:00:00Z", "2026-03-02T20:00:00Z")
    assert facts[4]["recordedBy"] == WORKER.id
    assert facts[4]["data"]["contact"]["role"] == "caretaker"
    assert "place" not in facts[4]["data"]["contact"]
    assert PLACE not in answer.text
    assert "sealed" not in answer.text


async def test_a_command_is_repeated_under_its_key_and_refused_on_another_version(desk: Desk) -> None:
    path = f"/{await desk.open(REPORT)}"
    first = await desk.ask(WORKER, "POST", f"{path}/contacts", forms.contact(NOW), Idempotency_Key="visit-1")
    again = await desk.ask(WORKER, "POST", f"{path}/contacts", forms.contact(NOW), Idempotency_Key="visit-1")
    assert first.json() == again.json()
    stale = await desk.ask(WORKER, "POST", f"{path}/household", forms.household(NOW), If_Match='"4"')
    assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")
    assert await desk.done(WORKER, f"{path}/household", forms.household(NOW), If_Match=first.headers["ETag"])


async def test_an_investigation_that_was_never_opened_is_not_found(desk: Desk) -> None:
    for method, part, body in (("GET", "", None), ("GET", "/history", None), ("POST", "/contacts", forms.contact(NOW))):
        answer = await desk.ask(WORKER, method, f"/{REPORT}{part}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "investigation-not-found")


async def test_every_route_is_described(desk: Desk) -> None:
    schema = (await desk.http.get("/investigation/openapi.json")).json()
    assert "/investigations/{investigation_id}/safety-plan/activation" in schema["paths"]
    contact = schema["components"]["schemas"]["ContactBody"]["properties"]
    assert contact["statements"]["anyOf"][0]["type"] == "string"
