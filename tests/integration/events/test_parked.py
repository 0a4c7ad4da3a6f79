"""Parked messages: listed, repaired, replayed in order, by the program and by its command line."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
import typer
from tests.alive import START, Sent, alive
from tests.integration.events.conftest import Owner
from tests.integration.events.echo import ECHO
from tests.integration.events.test_consumer import ONE, TWO, batch, heard, message

from events import parked
from events.database import as_role
from events.runtime import Runtime
from events.settings import ServiceSettings
from hearthline import operations


@pytest.fixture
async def echo(database: str) -> AsyncIterator[Runtime]:
    """Two keys are parked: three messages of ONE, two of TWO."""
    async with alive(ECHO, database, bus=Sent()) as runtime:
        await runtime.consumer.handle(
            batch(
                0,
                [
                    message(1, ONE, 0, "Nowhere"),
                    message(2, TWO, 0, "Nowhere"),
                    message(3, ONE, 1),
                    message(4, TWO, 1),
                    message(5, ONE, 2),
                ],
            )
        )
        yield runtime


def corrected(key: UUID) -> str:
    return json.dumps({"noteId": str(key), "county": "Alder"})


async def repair_first(runtime: Runtime, key: UUID) -> None:
    first = (await parked.waiting(runtime.pool, str(key)))[0]
    await parked.repair(runtime.pool, first.id, corrected(key), "olga-operator", START)


async def test_what_is_parked_is_listed_in_the_order_of_its_replay(echo: Runtime) -> None:
    """Architecture, parking: key by key, oldest first."""
    listed = [(each.key, each.sequence) for each in await parked.waiting(echo.pool)]
    assert sorted(listed) == listed
    assert [sequence for key, sequence in listed if key == str(ONE)] == [1, 3, 5]
    assert [each.sequence for each in await parked.waiting(echo.pool, str(TWO))] == [2, 4]


async def test_a_repaired_message_is_replayed_with_all_that_waited_behind_it(echo: Runtime, owner: Owner) -> None:
    """Architecture, parking: in order, and the original stays on record with who repaired it."""
    await repair_first(echo, ONE)
    replayed, left = await parked.replay(echo, "olga-operator")
    assert (replayed, [each.sequence for each in left]) == (3, [2, 4])
    assert await heard(echo, ONE) == [0, 1, 2]
    ((original, by, state),) = owner("select original, settled_by, state from echo.parked where sequence = 1")
    assert (json.loads(original)["county"], by, state) == ("Nowhere", "olga-operator", "replayed")


async def test_after_the_replay_the_key_goes_on_as_before(echo: Runtime) -> None:
    """Architecture, parking: nothing is held back once nothing is parked."""
    await repair_first(echo, ONE)
    await parked.replay(echo, "olga-operator", str(ONE))
    await echo.consumer.handle(batch(5, [message(6, ONE, 3), message(7, TWO, 2)]))
    assert await heard(echo, ONE) == [0, 1, 2, 3]
    assert [each.sequence for each in await parked.waiting(echo.pool)] == [2, 4, 7]


async def test_a_replay_that_fails_again_keeps_the_order_and_counts_the_attempt(echo: Runtime) -> None:
    """Architecture, parking: what waits behind is not tried."""
    assert (await parked.replay(echo, "olga-operator"))[0] == 0
    attempts = {each.sequence: each.attempts for each in await parked.waiting(echo.pool)}
    assert attempts == {1: 2, 2: 2, 3: 1, 4: 1, 5: 1}
    assert await heard(echo, ONE) == await heard(echo, TWO) == []


async def test_two_operators_at_once_replay_each_message_once(echo: Runtime, database: str) -> None:
    """Architecture, parking: the second finds it settled."""
    await repair_first(echo, ONE)
    async with alive(ECHO, database, bus=Sent(), migrated=True) as other:
        results = await asyncio.gather(*(parked.replay(each, "operator", str(ONE)) for each in (echo, other, echo)))
    assert sum(replayed for replayed, _ in results) == 3
    assert await heard(echo, ONE) == [0, 1, 2]


async def test_a_discarded_message_lets_the_others_of_its_key_pass(echo: Runtime, owner: Owner) -> None:
    """Architecture, parking: giving up is a decision, on record."""
    await parked.discard(echo.pool, (await parked.waiting(echo.pool, str(TWO)))[0].id, "olga-operator", START)
    assert (await parked.replay(echo, "olga-operator", str(TWO)))[0] == 1
    assert await heard(echo, TWO) == [1]
    assert owner("select state, settled_by from echo.parked where sequence = 2") == [("discarded", "olga-operator")]


async def test_only_what_waits_can_be_repaired_or_discarded(echo: Runtime) -> None:
    """Architecture, parking: one line for a wrong number, one for content that is no JSON."""
    with pytest.raises(parked.NotParked, match="999"):
        await parked.repair(echo.pool, 999, "{}", "olga-operator", START)
    with pytest.raises(parked.NotParked, match="999"):
        await parked.discard(echo.pool, 999, "olga-operator", START)
    first = (await parked.waiting(echo.pool))[0]
    with pytest.raises(ValueError, match=r".+"):
        await parked.repair(echo.pool, first.id, "not json", "olga-operator", START)
    assert (await parked.waiting(echo.pool))[0] == first


async def test_the_command_line_lists_repairs_and_replays(
    echo: Runtime, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Architecture, operations: `hearthline parked` needs no code; exit code 3 says that some still wait."""
    key_file = tmp_path / "master.key"
    key_file.write_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    url = as_role(database, ECHO.role)
    settings = ServiceSettings(data_directory=tmp_path, database_url=url, master_key_file=key_file)
    said: list[str] = []
    with pytest.MonkeyPatch.context() as environment:
        for name in ("data_directory", "database_url", "master_key_file"):
            environment.setenv(f"HEARTHLINE_{name.upper()}", str(getattr(settings, name)))
        await operations.parked_list(settings, ECHO, str(ONE))
        first, *behind = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
        assert first[1:4] == ["sample", str(ONE), "sample.NoteTaken.v1"]
        assert first[-1] == "Rejected: county-unknown"
        assert len(behind) == 2
        await operations.parked_repair(settings, ECHO, int(first[0]), corrected(ONE), "olga-operator")
        with pytest.raises(typer.Exit) as left:
            await operations.parked_replay(settings, ECHO, "olga-operator", None, said.append)
        assert left.value.exit_code == 3
        assert said == ["3 replayed, 2 still parked"]
        assert await heard(echo, ONE) == [0, 1, 2]
        waiting = (await parked.waiting(echo.pool))[0]
        await operations.parked_discard(settings, ECHO, waiting.id, "olga-operator")
        await operations.parked_replay(settings, ECHO, "olga-operator", str(TWO), said.append)
        assert said[-1] == "1 replayed, 0 still parked"
