"""What the people of the county do with one report, step by step, over HTTP."""

from typing import Any

from tests.system import bodies
from tests.system.installation import Installation
from tests.system.staff import HOTLINE, SUPERVISOR


async def report(county: Installation, name: str, **change: Any) -> Any:
    """The hotline enters it."""
    body = bodies.entered(name, county.clock.now(), **change)
    return await county.done(HOTLINE, "PUT", f"/intake/reports/{bodies.report_id(name)}", body)


async def intake(county: Installation, person: str, name: str, act: str, body: Any) -> Any:
    """One act on the report, under a key of its own."""
    path = f"/intake/reports/{bodies.report_id(name)}/{act}"
    return await county.done(person, "POST", path, body, key=f"{name} {act} {county.clock.now()}")


async def screen_in(county: Installation, name: str, worker: str, danger: str = "yes") -> None:
    """The supervisor searches, answers, decides and assigns."""
    await intake(county, SUPERVISOR, name, "prior-search", bodies.search(name))
    await intake(county, SUPERVISOR, name, "screening-answers", bodies.answers(danger))
    await intake(county, SUPERVISOR, name, "screening", bodies.screened(name))
    await intake(county, SUPERVISOR, name, "assignment", bodies.assigned(worker, county.clock.now()))


async def investigate(county: Installation, person: str, name: str, act: str, body: Any = None) -> Any:
    """One act on the investigation, under a key of its own."""
    path = f"/investigation/investigations/{bodies.investigation_id(name)}/{act}"
    return await county.done(person, "POST", path, body, key=f"{name} {act} {county.clock.now()}")


async def visit(county: Installation, worker: str, name: str) -> None:
    """The worker sees the family at home and talks with the child: the investigation begins."""
    now = county.clock.now()
    await investigate(county, worker, name, "household", bodies.household(name, now))
    await investigate(county, worker, name, "contacts", bodies.contact(name, now))
    await investigate(county, worker, name, "interviews", bodies.interview(name, now))


async def assess(county: Installation, worker: str, name: str) -> None:
    """Form 442B finds a safety factor; history, checklist, risk and findings are recorded."""
    now = county.clock.now()
    await investigate(county, worker, name, "history-check", bodies.history(name, now))
    await investigate(county, worker, name, "safety-assessment", bodies.safety(name, now))
    await investigate(county, worker, name, "safety-checklist", bodies.checklist(name, now))
    await investigate(county, worker, name, "risk-assessment", bodies.risk(name, now))
    await investigate(county, worker, name, "findings", bodies.findings(name, now))


async def protect(county: Installation, worker: str, name: str) -> None:
    """A safety plan is written, approved by the court, signed and in effect."""
    now = county.clock.now()
    await investigate(county, worker, name, "safety-plan", bodies.plan(name, now))
    await investigate(county, worker, name, "safety-plan/court-decision", bodies.court(name, now))
    await investigate(county, worker, name, "safety-plan/activation", bodies.activation(name, now))


async def conclude(county: Installation, worker: str, name: str) -> None:
    """The worker submits, the supervisor signs and approves."""
    await investigate(county, worker, name, "submission", bodies.submission(name))
    await investigate(county, SUPERVISOR, name, "safety-assessment/approval")
    await investigate(county, SUPERVISOR, name, "risk-assessment/approval")
    await investigate(county, SUPERVISOR, name, "approval", bodies.approval(name))
