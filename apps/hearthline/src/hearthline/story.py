"""Acts of the demo's people over HTTP, and the small county that `make up` begins with. Everybody is invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from events.clock import Clock
from events.ids import derived
from events.issuer import Issuer
from hearthline.county import staff


class Refused(RuntimeError):
    """A service refused what the story needs. The message is its problem's detail."""


def report_id(name: str) -> UUID:
    """The id of a report of the story."""
    return derived("demo-report", name)


def investigation_id(name: str) -> UUID:
    """The id of the investigation that this report opens."""
    return derived("investigation", report_id(name))


def person_id(name: str) -> UUID:
    """The id of a person of the story."""
    return derived("demo-person", name)


@dataclass(frozen=True)
class Desk:
    """Where the demo's people act: each request carries the token of the person who acts."""

    client: httpx.AsyncClient
    issuer: Issuer
    clock: Clock

    async def ask(self, person: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; the JSON of its answer. Raises Refused."""
        token = self.issuer.issue(self.issuer.people[person])
        headers["Authorization"] = f"Bearer {token}"
        answer = await self.client.request(method, path, json=body, headers=headers)
        if answer.is_error:
            raise Refused(f"{method} {path}: {answer.json().get('detail', answer.status_code)}")
        return answer.json()

    async def directory(self) -> None:
        """Enter the staff of the county."""
        for person in staff().values():
            body = {
                "name": person.name,
                "email": person.email,
                "roles": person.roles,
                "counties": person.counties,
                "supervisorId": person.supervisor,
                "active": True,
            }
            await self.ask("ada-administrator", "PUT", f"/notifications/directory/{person.id}", body)

    async def call_comes_in(self, name: str, received_at: datetime, children: dict[str, int], **more: Any) -> None:
        """The hotline enters a report about these children, by name and age."""
        people = [
            {
                "personId": str(person_id(child)),
                "roles": ["victim", "household-member"],
                "name": child,
                "age": age,
                "relationship": "child",
                "allegations": ["neglect"],
            }
            for child, age in children.items()
        ]
        people.append(
            {"personId": str(person_id(f"{name}-caller")), "roles": ["complainant"], "name": "Nora Neighbour"}
        )
        people.append(
            {
                "personId": str(person_id(f"{name}-parent")),
                "roles": ["alleged-perpetrator", "household-member"],
                "name": f"Pat {next(iter(children)).split()[-1]}",
                "age": 34,
                "relationship": "parent",
            }
        )
        body = {
            "receivedAt": received_at.isoformat(),
            "channel": "phone",
            "county": "Alder",
            "reporterType": "other",
            "people": people,
            "allegationSummary": "Invented for the demo: the children are alone at night.",
            "locations": "12 Invented Lane, Alder",
            "felonyGround": "none",
            "setting": "own-home",
            "childInCustody": "no",
            "extent": "Several nights a week, says the caller.",
            "vulnerability": "Young children.",
            "childWhereabouts": "at home",
            "perpetratorWhereabouts": "at work at night",
            "presentDanger": "no",
            "tribalMembership": "no",
        }
        await self.ask("hal-hotline", "PUT", f"/intake/reports/{report_id(name)}", body | more)

    async def screen(self, name: str, danger: str = "yes", *, found: bool = True) -> str:
        """The supervisor searches, answers the four questions and follows the proposal; returns the decision."""
        path = f"/intake/reports/{report_id(name)}"
        report = await self.ask("sam-supervisor", "GET", path)
        searched = {"family": True, "children": report["victims"]}
        await self.ask("sam-supervisor", "POST", f"{path}/prior-search", searched)
        answers = {
            "familyCanBeFound": found,
            "perpetratorIsParent": found,
            "meetsDefinition": found,
            "imminentDanger": danger,
        }
        await self.ask("sam-supervisor", "POST", f"{path}/screening-answers", answers)
        decision = "screened-in" if found else "screened-out"
        decided = {
            "decision": decision,
            "agrees": True,
            "immediateResponseNeeded": danger == "yes",
            "lawEnforcementReferralNeeded": False,
        }
        await self.ask("sam-supervisor", "POST", f"{path}/screening", decided)
        return decision

    async def assign(self, name: str, worker: str) -> None:
        """The supervisor assigns the report and staffs it."""
        body = {"workerId": worker, "staffedAt": self.clock.now().isoformat(), "priorReports": []}
        await self.ask("sam-supervisor", "POST", f"/intake/reports/{report_id(name)}/assignment", body)

    async def investigate(self, person: str, name: str, act: str, **body: Any) -> Any:
        """One act on the investigation, now unless `at` says otherwise."""
        path = f"/investigation/investigations/{investigation_id(name)}/{act}"
        return await self.ask(person, "POST", path, {"at": self.clock.now().isoformat()} | body)

    async def decide(self, person: str, name: str, act: str, **body: Any) -> Any:
        """One decision on the investigation, which is taken when it is entered."""
        return await self.ask(
            person, "POST", f"/investigation/investigations/{investigation_id(name)}/{act}", body or None
        )


async def open_the_county(desk: Desk) -> None:
    """What `make up` begins with: staff, a report being investigated, and one that nobody has screened for a day."""
    await desk.directory()
    known = await desk.ask("rita-regional", "GET", "/intake/reports?limit=1")
    if known["items"]:
        return
    now = desk.clock.now()
    await desk.call_comes_in(
        "river", now - timedelta(hours=2), {"Remy River": 7, "Robin River": 3}, presentDanger="yes"
    )
    await desk.screen("river")
    await desk.assign("river", "wilma-worker")
    await desk.call_comes_in("hill", now - timedelta(hours=23, minutes=58), {"Hollis Hill": 5})
