"""Service processes die at random moments of a scripted day; nothing is lost, nothing doubled, the order holds.

A failing seed names itself; `HEARTHLINE_TEST_SEEDS="7 8 9"` adds seeds.
"""

import asyncio
import os
import tempfile
from pathlib import Path

import pytest
from tests.conftest import fresh_database
from tests.system.cluster import Kafka, cluster
from tests.system.day import play
from tests.system.killer import killing
from tests.system.ledger import Ledger
from tests.system.mailbox import Mailbox, mail_server
from tests.system.outcome import Outcome, differences, outcome
from tests.system.processes import Nursery
from tests.system.subscriber import Subscriber, subscriber

from events.service import Service

SEEDS = [1, 2, *map(int, os.environ.get("HEARTHLINE_TEST_SEEDS", "").split())]
pytestmark = pytest.mark.crash


@pytest.fixture(scope="session")
def undisturbed(postgres_url: str, forks: Nursery, services: list[Service]) -> Outcome:
    """What the same day comes to when nothing dies."""
    with (
        fresh_database(postgres_url) as url,
        tempfile.TemporaryDirectory(prefix="hearthline-calm-") as directory,
        mail_server() as mailbox,
        subscriber() as endpoint,
    ):
        return asyncio.run(calm_day(forks, services, url, Path(directory), mailbox, endpoint))


async def calm_day(
    forks: Nursery, services: list[Service], url: str, directory: Path, mailbox: Mailbox, endpoint: Subscriber
) -> Outcome:
    """The day without any death, checked like the others."""
    async with cluster(forks, services, url, directory, mailbox) as (county, there):
        there.start(there.settings)
        await play(county, endpoint.url)
        assert await (await Ledger.of(county)).complaints(mailbox, endpoint) == []
        assert set(mailbox.ids().values()) == {1}
        return await outcome(county, mailbox)


async def stormy_day(
    seed: int,
    expected: Outcome,
    forks: Nursery,
    services: list[Service],
    url: str,
    directory: Path,
    mailbox: Mailbox,
    endpoint: Subscriber,
    kafka: Kafka | None = None,
) -> None:
    """The same day, with a killer about."""
    async with cluster(forks, services, url, directory, mailbox, kafka) as (county, there):
        there.start(there.settings)
        async with killing(county, there, seed, most=6 if kafka else 14) as killer:
            await play(county, endpoint.url)
        await there.ready()
        await county.settle()
        ledger = await Ledger.of(county)
        complaints = await ledger.complaints(mailbox, endpoint)
        result = await outcome(county, mailbox)
    twice = sum(times - 1 for times in mailbox.ids().values())
    story = f"seed {seed}; killed {' '.join(killer.struck)}; {twice} e-mails came twice"
    assert complaints == [], story
    assert killer.struck, story
    assert result.facts == expected.facts, story
    assert differences(result.clocks, expected.clocks) == [], story
    assert differences(result.notices, expected.notices) == [], story
    assert differences(result.letters, expected.letters) == [], story


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_lost_or_doubled_when_processes_die(
    seed: int,
    undisturbed: Outcome,
    forks: Nursery,
    services: list[Service],
    database: str,
    tmp_path: Path,
    mailbox: Mailbox,
    endpoint: Subscriber,
) -> None:
    """On the log in PostgreSQL."""
    await stormy_day(seed, undisturbed, forks, services, database, tmp_path, mailbox, endpoint)


@pytest.mark.kafka
async def test_nothing_is_lost_or_doubled_when_processes_die_on_kafka(
    undisturbed: Outcome,
    forks: Nursery,
    services: list[Service],
    database: str,
    tmp_path: Path,
    mailbox: Mailbox,
    endpoint: Subscriber,
    kafka: Kafka,
) -> None:
    """On Kafka, where a member that died counts as gone after its session."""
    await stormy_day(3, undisturbed, forks, services, database, tmp_path, mailbox, endpoint, kafka)
