"""The whole path of a report, on either bus: from the hotline to the approval, with every clock and every alert."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook
from tests.system import course
from tests.system.bodies import investigation_id, report_id
from tests.system.cluster import Kafka, cluster
from tests.system.installation import MONDAY, Installation
from tests.system.mailbox import Mailbox
from tests.system.processes import Nursery
from tests.system.staff import SECOND, SUPERVISOR, WORKER, enter_staff, inbox, register
from tests.system.subscriber import Subscriber
from tests.system.together import embedded_directory, together

from events.service import Service

CLOCKS = {
    "river": dict.fromkeys(
        (
            "investigation-complete.policy-2009",
            "investigation-initiated-l3.policy-2009",
            "investigation-supervisor-approval.policy-2009",
            "investigation-worker-complete.policy-2009",
            "prior-reports-shared.settlement",
            "report-assigned.policy-2009",
            "report-entered.settlement",
            "risk-assessment.policy-2009",
            "safety-assessment.policy-2009",
            "safety-plan-completed.policy-2009",
            "safety-plan-on-factor.policy-2009",
        ),
        "met",
    ),
    "hill": {
        "investigation-initiated-l2.policy-2009": "met",
        "prior-reports-shared.settlement": "met",
        "report-assigned.policy-2009": "met-late",
        "report-entered.settlement": "met",
        "risk-assessment.policy-2009": "running",
        "safety-assessment.policy-2009": "running",
    },
}
LATE = [(kind, "report-assigned.policy-2009") for kind in ("warned", "warned", "missed")]
NEAR = ("warned", "investigation-initiated-l2.policy-2009")
NOTICES = {
    SUPERVISOR: [*LATE, NEAR],
    WORKER: [("assigned", None)],
    SECOND: [("assigned", None), NEAR],
}
ASSIGNED = "A report was assigned to you"
START_IT = "Due Thursday 5 March 2026, 09:00 CST: Start a Level 2 investigation"
SCREEN_IT = "Due Tuesday 3 March 2026, 09:00 CST: Screen and assign the report"
MISSED_IT = "Missed, was due Tuesday 3 March 2026, 09:00 CST: Screen and assign the report"
MAILED = {
    "sam.supervisor": [START_IT, SCREEN_IT, SCREEN_IT, MISSED_IT],
    "wilma.worker": [ASSIGNED],
    "walter.worker": [ASSIGNED, START_IT],
}
TOLD = {
    *(f"deadlines.Clock{what}.v1" for what in ("Started", "Warned", "Missed", "Met", "MetLate")),
    *(f"investigation.Investigation{what}.v1" for what in ("Opened", "Initiated", "Submitted", "Approved")),
    "investigation.SafetyFactorFound.v1",
    "investigation.SafetyPlanActivated.v1",
}


@asynccontextmanager
async def in_one_process(services: list[Service], mailbox: Mailbox) -> AsyncIterator[Installation]:
    """On the log in PostgreSQL, all in this process."""
    with embedded_directory() as directory:
        async with together(services, directory, mailbox) as county:
            yield county


@asynccontextmanager
async def on_kafka(
    forks: Nursery, services: list[Service], mailbox: Mailbox, url: str, directory: Path, kafka: Kafka
) -> AsyncIterator[Installation]:
    """On Kafka, each service a process of its own."""
    async with cluster(forks, services, url, directory, mailbox, kafka) as (county, there):
        there.start(there.settings)
        await there.ready()
        yield county
        await there.stop()
        assert there.log().count("stopped\n") == len(services), there.log()
        assert '"parked"' not in there.log()


@pytest.fixture(params=["one process on PostgreSQL", pytest.param("processes on Kafka", marks=pytest.mark.kafka)])
async def county(
    request: pytest.FixtureRequest, services: list[Service], mailbox: Mailbox, tmp_path: Path
) -> AsyncIterator[Installation]:
    """The whole installation, in both forms."""
    if request.param == "one process on PostgreSQL":
        running = in_one_process(services, mailbox)
    else:
        forks, database, kafka = (request.getfixturevalue(name) for name in ("forks", "database", "kafka"))
        running = on_kafka(forks, services, mailbox, database, tmp_path, kafka)
    async with running as there:
        yield there


async def walk(county: Installation) -> None:
    """River is investigated in time; Hill waits on a desk for thirty hours."""
    await course.report(county, "river")
    await course.screen_in(county, "river", WORKER)
    await course.report(county, "hill", presentDanger="no")
    await county.until(MONDAY + timedelta(hours=3))
    await course.visit(county, WORKER, "river")
    await county.until(MONDAY + timedelta(hours=5))
    await course.assess(county, WORKER, "river")
    await county.until(MONDAY + timedelta(hours=5, minutes=15))
    await course.protect(county, WORKER, "river")
    await county.until(MONDAY + timedelta(hours=30))
    await course.screen_in(county, "hill", SECOND, "cannot-be-determined")
    await county.until(MONDAY + timedelta(hours=50))
    await course.visit(county, SECOND, "hill")
    await county.until(MONDAY + timedelta(hours=55))
    await course.conclude(county, WORKER, "river")
    await county.settle()


async def test_a_report_travels_the_whole_path_and_every_clock_and_alert_follows(
    county: Installation, mailbox: Mailbox, endpoint: Subscriber
) -> None:
    """R-INT-004, -006, -016, -022; R-INV-010, -012, -014, -018, -030, -032, -049; R-NTF-012."""
    await enter_staff(county)
    secret = await register(county, endpoint.url, "deadlines.Clock*", "investigation.*")
    await walk(county)
    for name, expected in CLOCKS.items():
        assert await clocks(county, name) == expected, name
    for person, notices in NOTICES.items():
        assert [(each["kind"], each["ruleId"]) for each in await inbox(county, person)] == notices, person
    assert mailed(mailbox) == MAILED
    assert set(mailbox.ids().values()) == {1}
    assert {body["type"] for body in endpoint.bodies()} >= TOLD
    for headers, body in endpoint.calls:
        assert_signed(secret, headers, body)
    view = await county.done(WORKER, "GET", f"/investigation/investigations/{investigation_id('river')}")
    assert (view["status"], view["caseOpens"], view["workerId"]) == ("approved", True, WORKER)


async def clocks(county: Installation, name: str) -> dict[str, str]:
    """The state of each clock of a report that was not called off."""
    page = await county.done(SUPERVISOR, "GET", f"/deadlines/clocks?reportId={report_id(name)}")
    return {clock["ruleId"]: clock["state"] for clock in page["items"] if clock["state"] != "cancelled"}


def mailed(mailbox: Mailbox) -> dict[str, list[str]]:
    """Who was told what by e-mail."""
    told: dict[str, list[str]] = {}
    for message in mailbox.messages:
        told.setdefault(message["To"].partition("@")[0], []).append(" ".join(message["Subject"].split()))
    return {person: sorted(subjects) for person, subjects in told.items()}


def assert_signed(secret: str, headers: dict[str, str], body: str) -> None:
    """The signature is that of Standard Webhooks; the instant is the agency's own, so it is checked by hand."""
    sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert headers["webhook-signature"] == Webhook(secret).sign(headers["webhook-id"], sent_at, body)
    assert MONDAY <= sent_at <= MONDAY + timedelta(hours=55)
