"""Where a subject belongs and who answers for it, as its facts say."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from deadlines.clocks import Place
from deadlines.facts import Fact
from deadlines.subjects import Scope, World

RESPONSIBLE, COUNTY = "countyOfResponsibility", "county"
ASSIGNMENTS = {"ReportAssigned": "by", "CaseworkerAssigned": "supervisorId", "FpsFamilyAccepted": "supervisorId"}
# A report on a child of a case has a county and a worker of its own, and does not take the case from its caseworker.
OF_THE_REPORT = ("report", "investigation")
FIRST_ASKED = {
    "report": "ReportAssigned",
    "investigation": "ReportAssigned",
    "service": "FpsFamilyAccepted",
    "referral": "FpsFamilyAccepted",
}
CASEWORKER = "CaseworkerAssigned"
# What many families have to do with: no report, county or worker of one of them is theirs.
OF_MANY = ("agency", "region", "county")


def place_of(scope: Scope, facts: Iterable[Fact], region_of_county: Mapping[str, str]) -> Place:
    """From the facts known, in the order they happened; what belongs to another subject is left out."""
    if scope.kind in OF_MANY:
        return _of_many(scope, region_of_county)
    own = World(tuple(facts)).of(scope)
    county = _county(scope, own)
    assigned = _assignment(scope, own)
    return Place(
        scope=scope.key,
        report_id=_report(scope, own),
        county=county,
        region=region_of_county.get(county),
        worker_id=_text(assigned.data["workerId"]) if assigned else None,
        supervisor_id=_text(assigned.data.get(ASSIGNMENTS[assigned.type])) if assigned else None,
    )


def _of_many(scope: Scope, region_of_county: Mapping[str, str]) -> Place:
    county = scope.id if scope.kind == "county" else ""
    region = scope.id if scope.kind == "region" else region_of_county.get(county)
    return Place(scope=scope.key, county=county, region=region)


def _county(scope: Scope, facts: Sequence[Fact]) -> str:
    """The county of responsibility last told; until one is told, the county where the first fact lies.

    A report and its investigation lie where the report does, whatever case the child has elsewhere.
    """
    first = next((str(fact.data[COUNTY]) for fact in facts if fact.data.get(COUNTY)), "")
    responsible = next((str(fact.data[RESPONSIBLE]) for fact in reversed(facts) if fact.data.get(RESPONSIBLE)), "")
    return (first or responsible) if scope.kind in OF_THE_REPORT else (responsible or first)


def _assignment(scope: Scope, facts: Sequence[Fact]) -> Fact | None:
    """The latest assignment of the kind that is asked of such a subject first, else the latest of any kind."""
    told = [fact for fact in reversed(facts) if fact.type in ASSIGNMENTS and fact.data.get("workerId")]
    first = FIRST_ASKED.get(scope.kind, CASEWORKER)
    return next((fact for fact in told if fact.type == first), next(iter(told), None))


def _report(scope: Scope, facts: Iterable[Fact]) -> UUID | None:
    named = (
        scope.id
        if scope.kind == "report"
        else next((fact.data["reportId"] for fact in facts if fact.data.get("reportId")), None)
    )
    return UUID(str(named)) if named else None


def _text(value: object) -> str | None:
    return str(value) if value else None
