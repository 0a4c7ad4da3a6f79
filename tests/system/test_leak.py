"""Days with a secret in every private field: none is in a table, on the bus, in a log, a mail or a webhook."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.system import bodies, course
from tests.system.bodies import investigation_id, person, report_id
from tests.system.cluster import Cluster, cluster
from tests.system.confidences import secret, traces
from tests.system.day import play
from tests.system.installation import Installation
from tests.system.ledger import Ledger
from tests.system.mailbox import Mailbox
from tests.system.processes import Nursery
from tests.system.sealed import private_fields, sealed_places
from tests.system.staff import HOTLINE, REGIONAL, SECOND, SUPERVISOR, WORKER
from tests.system.subscriber import Subscriber

from events.expunge import expunge
from events.service import Service

TABLES = "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
ON_THE_BUS = "select convert_from(data, 'UTF8') || attributes::text as row from bus.messages"
READ = [
    (SUPERVISOR, f"/intake/reports/{report_id('ash')}/confidential"),
    (WORKER, f"/investigation/investigations/{investigation_id('ash')}/confidential"),
]
GONE = ("ash child name", "ash allegationSummary", "ash interview statements", "ash factor narrative")
LEFT = ("ash parent name", "ash contact place", "ash caregiver described")


async def test_no_private_value_is_anywhere_in_the_clear(
    services: list[Service], forks: Nursery, database: str, tmp_path: Path, mailbox: Mailbox, endpoint: Subscriber
) -> None:
    """Every table of every schema, every message, every log line, every mail, every webhook; and then one is forgotten."""
    async with cluster(forks, services, database, tmp_path, mailbox, log_level="debug") as (county, there):
        there.start(there.settings)
        await play(county, endpoint.url)
        await refuse_and_repeat(county)
        assert await never_written(county, services) == set()
        places = await in_the_database(county) | outside(there, mailbox, endpoint)
        assert {name: found for name, text in places.items() if (found := traces(text))} == {}
        read = await read_confidentially(county)
        assert [about for about in (*GONE, *LEFT) if secret(about) not in read] == []
        await expunge(database, services, person("ash child"), "ada-administrator")
        read = await read_confidentially(county)
        assert [about for about in GONE if secret(about) in read] == []
        assert [about for about in LEFT if secret(about) not in read] == []


async def refuse_and_repeat(county: Installation) -> None:
    """The acts with a private text that a smooth day does without."""
    now = county.clock.now()
    await course.report(county, "fir", childInCustody="yes")
    amended = bodies.entered("fir", now, childInCustody="yes", receivedAt=None)
    given = {name: value for name, value in amended.items() if value is not None}
    await county.done(HOTLINE, "PATCH", f"/intake/reports/{report_id('fir')}", given)
    await course.intake(county, SUPERVISOR, "fir", "prior-search", bodies.search("fir"))
    await course.intake(county, SUPERVISOR, "fir", "criteria-form", bodies.criteria("fir"))
    await course.intake(county, SUPERVISOR, "fir", "screening-answers", bodies.answers("no"))
    override = {"toLevel": "1", **bodies.reason("fir override")}
    await course.intake(county, SUPERVISOR, "fir", "level-override", override)
    await course.intake(county, SUPERVISOR, "fir", "screening", bodies.screened("fir", "screened-out"))
    disagreed = {"agreed": False, **bodies.reason("fir review")}
    await course.intake(county, REGIONAL, "fir", "screened-out-review", disagreed)
    observed = bodies.interview("elm", now, "observed")
    await course.investigate(county, SECOND, "elm", "interviews", observed)
    for part in ("safety-assessment", "risk-assessment"):
        await course.investigate(county, SUPERVISOR, "elm", f"{part}/return", bodies.reason(f"elm {part} return"))
    await county.until(now + timedelta(minutes=1))
    await course.assess(county, SECOND, "elm")
    await course.investigate(county, SECOND, "elm", "submission", bodies.submission("elm"))
    await course.investigate(county, SUPERVISOR, "elm", "return", bodies.reason("elm return"))
    refused = await county.ask(
        SECOND,
        "POST",
        f"/investigation/investigations/{investigation_id('elm')}/contacts",
        {
            **bodies.contact("elm", now),
            "role": secret("a role that is none"),
        },
    )
    assert refused.status_code == 422
    assert traces(refused.text) == [], "a refusal does not repeat what was entered"
    await county.settle()


async def never_written(county: Installation, services: list[Service]) -> set[tuple[str, str]]:
    """The private fields of the stored facts that no fact of these days holds."""
    ledger = await Ledger.of(county)
    there = {
        place
        for service in services
        for row in ledger.logs[service.name]
        for place in sealed_places(service.registry.classes[row["name"]].__name__, row["data"])
    }
    return private_fields(cls for service in services for cls in service.registry.classes.values()) - there


async def in_the_database(county: Installation) -> dict[str, str]:
    """Every table of every schema as text."""
    places = {"the bus": "\n".join(row["row"] for row in await county.owner.fetch(ON_THE_BUS))}
    for schema, table in await county.owner.fetch(TABLES):
        rows = await county.owner.fetch(f'select t::text as row from "{schema}"."{table}" t')  # noqa: S608
        places[f"{schema}.{table}"] = "\n".join(row["row"] for row in rows)
    assert all(places[name] for name in ("the bus", "intake.events", "investigation.events", "intake.idempotency"))
    return places


def outside(there: Cluster, mailbox: Mailbox, endpoint: Subscriber) -> dict[str, str]:
    """Everything that leaves the database."""
    mails = [str(mail.items()) + text_of(mail) for mail in mailbox.messages]
    calls = [f"{headers}{body}" for headers, body in endpoint.calls]
    assert mails
    assert calls
    return {"logs": there.log(), "mails": "\n".join(mails), "webhooks": "\n".join(calls)}


def text_of(mail: Any) -> str:
    """The body of a mail, decoded."""
    return "".join(str(part.get_content()) for part in mail.walk() if not part.is_multipart())


async def read_confidentially(county: Installation) -> str:
    """What those who may see it are shown, for a stated purpose."""
    answers = [await county.ask(who, "GET", path, Purpose="review") for who, path in READ]
    assert [answer.status_code for answer in answers] == [200, 200]
    return "".join(answer.text for answer in answers)
