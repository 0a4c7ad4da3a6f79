"""Where a subject belongs and who answers for it, as its facts say."""

from collections.abc import Iterable
from uuid import UUID

from deadlines.clocks import Place
from deadlines.facts import Fact
from deadlines.subjects import Scope

COUNTIES = ("countyOfResponsibility", "county")
ASSIGNMENTS = {"ReportAssigned": "by", "CaseworkerAssigned": "supervisorId", "FpsFamilyAccepted": "supervisorId"}


def place_of(scope: Scope, facts: Iterable[Fact], region_of_county: dict[str, str]) -> Place:
    """From the facts known, in the order they happened: the county that is responsible, and the latest assignment."""
    ordered = list(facts)
    county = scope.id if scope.kind == "county" else _county(ordered)
    assigned = next(
        (fact for fact in reversed(ordered) if fact.type in ASSIGNMENTS and fact.data.get("workerId")), None
    )
    return Place(
        scope=scope.key,
        report_id=_report(scope, ordered),
        county=county,
        region=scope.id if scope.kind == "region" else region_of_county.get(county),
        worker_id=_text(assigned.data["workerId"]) if assigned else None,
        supervisor_id=_text(assigned.data.get(ASSIGNMENTS[assigned.type])) if assigned else None,
    )


def _county(facts: Iterable[Fact]) -> str:
    """The county of responsibility last told; until one is told, the county where the first fact lies."""
    told = {name: [str(fact.data[name]) for fact in facts if fact.data.get(name)] for name in COUNTIES}
    return next(iter(told["countyOfResponsibility"][-1:] or told["county"][:1]), "")


def _report(scope: Scope, facts: Iterable[Fact]) -> UUID | None:
    named = (
        scope.id
        if scope.kind == "report"
        else next((fact.data["reportId"] for fact in facts if fact.data.get("reportId")), None)
    )
    return UUID(str(named)) if named else None


def _text(value: object) -> str | None:
    return str(value) if value else None
