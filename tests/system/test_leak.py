"""A whole day with a secret in every private field: none is in a table, on the bus, in a log, a mail or a webhook."""

from pathlib import Path

from tests.system.bodies import report_id
from tests.system.cluster import cluster
from tests.system.confidences import secrets
from tests.system.day import play
from tests.system.mailbox import Mailbox
from tests.system.processes import Nursery
from tests.system.staff import SUPERVISOR
from tests.system.subscriber import Subscriber

from events.service import Service

TABLES = "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
ON_THE_BUS = "select convert_from(data, 'UTF8') || attributes::text as row from bus.messages"


async def test_no_private_value_is_anywhere_in_the_clear(
    services: list[Service], forks: Nursery, database: str, tmp_path: Path, mailbox: Mailbox, endpoint: Subscriber
) -> None:
    """Every table of every schema, every message, every log line, every mail, every webhook."""
    async with cluster(forks, services, database, tmp_path, mailbox) as (county, there):
        there.start(there.settings)
        await play(county, endpoint.url)
        places = {"the bus": "\n".join(row["row"] for row in await county.owner.fetch(ON_THE_BUS))}
        for schema, table in await county.owner.fetch(TABLES):
            rows = await county.owner.fetch(f'select t::text as row from "{schema}"."{table}" t')  # noqa: S608
            places[f"{schema}.{table}"] = "\n".join(row["row"] for row in rows)
        read = await county.ask(SUPERVISOR, "GET", f"/intake/reports/{report_id('ash')}/confidential", Purpose="test")
        places["logs"] = there.log()
    places["mails"] = "\n".join(
        bytes(part.get_payload(decode=True)).decode()
        for mail in mailbox.messages
        for part in mail.walk()
        if not part.is_multipart()
    )
    places["webhooks"] = "\n".join(str(body) for _, body in endpoint.calls)
    assert len(secrets()) > 20
    assert "Zephyrine" in read.text, "who may read it sees it"
    assert all(places[name] for name in ("the bus", "intake.events", "investigation.events", "mails", "webhooks"))
    found = {name: words for name, text in places.items() if (words := [each for each in secrets() if each in text])}
    assert found == {}
