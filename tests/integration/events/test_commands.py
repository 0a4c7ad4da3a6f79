"""A command takes effect once, on the state it was decided on, whoever else is at work on the same record."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from tests.alive import alive, by, until
from tests.integration.events.conftest import Owner
from tests.sample import NOTE, SAMPLE, Amend, Close, Write

from events.decider import Rejected
from events.handler import Outcome, StaleVersion
from events.ids import uuid7
from events.runtime import Runtime
from events.writer import Idempotency


@pytest.fixture
async def note(sample: Runtime) -> UUID:
    key = uuid7()
    await sample.handle(NOTE, key, Write(key, "Alder"), by())
    return key


def under(key: str, body: str = "body", actor: str = "tester") -> Idempotency:
    return Idempotency(actor, key, body.encode())


async def numbers(runtime: Runtime, key: UUID) -> list[int]:
    return [fact.event.number for fact in (await runtime.stream(NOTE.stream(key)))[1:]]  # type: ignore[attr-defined]


async def test_two_replicas_in_conflict_both_take_effect(sample: Runtime, note: UUID, database: str) -> None:
    """Architecture, commands: who comes second reads again and decides again on what the first has left."""
    async with alive(SAMPLE, database, migrated=True) as replica:
        await asyncio.gather(*(each.handle(NOTE, note, Amend(), by()) for each in [sample, replica] * 8))
    assert await numbers(sample, note) == list(range(1, 17))


async def test_any_number_of_commands_at_once_on_one_record_all_land(sample: Runtime, note: UUID) -> None:
    """Architecture, commands: a record that everybody wants at the same moment refuses nobody."""
    outcomes = await asyncio.gather(*(sample.handle(NOTE, note, Amend(), by()) for _ in range(120)))
    assert await numbers(sample, note) == list(range(1, 121))
    assert sorted(outcome.version for outcome in outcomes) == list(range(2, 122))


async def test_a_repeated_command_gets_the_same_answer_and_has_no_second_effect(sample: Runtime, note: UUID) -> None:
    """Idempotency-Key: the same key and body give the same answer, for ever."""
    first = await sample.handle(NOTE, note, Amend(2), by(), idempotency=under("k"))
    await sample.handle(NOTE, note, Amend(), by())
    again = await sample.handle(NOTE, note, Amend(2), by(), idempotency=under("k"))
    assert first == Outcome(note, 3, ("NoteAmended", "NoteAmended"))
    assert again == replace(first, repeated=True)
    assert await numbers(sample, note) == [1, 2, 3]


async def test_a_key_used_for_another_body_is_refused(sample: Runtime, note: UUID) -> None:
    """Idempotency-Key: one key stands for one request."""
    await sample.handle(NOTE, note, Amend(), by(), idempotency=under("k"))
    with pytest.raises(Rejected) as refused:
        await sample.handle(NOTE, note, Amend(2), by(), idempotency=under("k", "another body"))
    assert (refused.value.code, refused.value.status) == ("idempotency-key-reused", 422)
    assert await numbers(sample, note) == [1]


async def test_the_same_key_of_another_caller_is_another_key(sample: Runtime, note: UUID) -> None:
    """Idempotency-Key: callers cannot get in each other's way."""
    for actor in ("one", "two"):
        await sample.handle(NOTE, note, Amend(), by(actor), idempotency=under("k", actor=actor))
    assert await numbers(sample, note) == [1, 2]


async def test_one_key_on_two_replicas_at_once_has_one_effect(sample: Runtime, note: UUID, database: str) -> None:
    """Idempotency-Key: a caller that repeats too early, to another replica, still has done it once."""
    async with alive(SAMPLE, database, migrated=True) as replica:
        for round_ in range(6):
            outcomes = await asyncio.gather(
                *(
                    each.handle(NOTE, note, Amend(), by(), idempotency=under(f"k{round_}"))
                    for each in [sample, replica] * 3
                )
            )
            assert sum(not outcome.repeated for outcome in outcomes) == 1
            assert {outcome.version for outcome in outcomes} == {round_ + 2}
    assert await numbers(sample, note) == [1, 2, 3, 4, 5, 6]


async def test_a_repeat_of_what_the_rules_now_refuse_gets_the_first_answer(sample: Runtime, note: UUID) -> None:
    """Idempotency-Key: the answer is repeated, not the refusal that the command would meet today."""
    first = await sample.handle(NOTE, note, Amend(), by(), idempotency=under("k"))
    await sample.handle(NOTE, note, Close(), by())
    assert await sample.handle(NOTE, note, Amend(), by(), idempotency=under("k")) == replace(first, repeated=True)
    with pytest.raises(Rejected, match="note-closed"):
        await sample.handle(NOTE, note, Amend(), by(), idempotency=under("another"))


async def test_a_refused_command_may_be_tried_again_under_its_key(sample: Runtime) -> None:
    """Idempotency-Key: only what took effect is remembered."""
    key, other = uuid7(), uuid7()
    await sample.handle(NOTE, other, Write(other, "Alder"), by())
    with pytest.raises(Rejected, match="note-exists"):
        await sample.handle(NOTE, other, Write(other, "Alder"), by(), idempotency=under("k"))
    assert (await sample.handle(NOTE, key, Write(key, "Alder"), by(), idempotency=under("k"))).version == 1


async def test_a_command_that_changes_nothing_is_remembered_too(sample: Runtime, note: UUID) -> None:
    """Idempotency-Key: "nothing new happened" is an answer."""
    await sample.handle(NOTE, note, Close(), by())
    nothing = await sample.handle(NOTE, note, Close(), by(), idempotency=under("k"))
    assert nothing == Outcome(note, 2, ())
    assert (await sample.handle(NOTE, note, Close(), by(), idempotency=under("k"))).repeated


async def test_a_command_for_another_version_is_refused(sample: Runtime, note: UUID) -> None:
    """If-Match: who decides on what was read earlier is told when it has changed."""
    assert (await sample.handle(NOTE, note, Amend(), by(), expected=1)).version == 2
    with pytest.raises(StaleVersion) as stale:
        await sample.handle(NOTE, note, Amend(), by(), expected=1)
    assert (stale.value.status, stale.value.code) == (412, "version-mismatch")


async def test_of_many_commands_for_one_version_one_succeeds(sample: Runtime, note: UUID, database: str) -> None:
    """If-Match: a conflict found only at the end is answered like one found at the beginning."""
    async with alive(SAMPLE, database, migrated=True) as replica:
        results = await asyncio.gather(
            *(each.handle(NOTE, note, Amend(), by(), expected=1) for each in [sample, replica] * 4),
            return_exceptions=True,
        )
    assert sum(isinstance(result, StaleVersion) for result in results) == 7
    assert await numbers(sample, note) == [1]


async def test_what_a_command_did_shows_at_once_in_the_read_model(sample: Runtime, note: UUID, owner: Owner) -> None:
    """Architecture, read models: whoever has the answer of a command sees its effect in every list."""
    await sample.handle(NOTE, note, Amend(3), by())
    assert owner("select county, amended, state from sample.notes where note_id = %s", note) == [("Alder", 3, "open")]
    await sample.handle(NOTE, note, Close(), by())
    assert owner("select amended, state from sample.notes where note_id = %s", note) == [(3, "closed")]


async def test_a_refusal_by_the_callers_rights_comes_before_the_rules(sample: Runtime, note: UUID) -> None:
    """Architecture, authority: who may not, learns nothing about the state."""
    await sample.handle(NOTE, note, Close(), by())

    def nobody(state: object) -> None:
        raise Rejected("not-permitted", status=403)

    with pytest.raises(Rejected, match="not-permitted"):
        await sample.handle(NOTE, note, Amend(), by(), permit=nobody)


async def lose_the_next_commit(runtime: Runtime) -> None:
    """The connection breaks after the next commit has taken effect, before anybody learns of it."""
    commit = runtime.log.commit
    runtime.log.commit = f"{commit}; select pg_terminate_backend(pg_backend_pid())"
    await until(lambda: runtime.writer.waiting)
    await until(lambda: not runtime.writer.waiting)
    await asyncio.sleep(0.1)
    runtime.log.commit = commit


async def test_a_command_without_key_is_not_repeated_when_its_commit_may_have_succeeded(sample: Runtime) -> None:
    """Architecture, the writer: a lost answer is reported as lost; to decide again could do the same thing twice."""
    keys = [uuid7() for _ in range(3)]
    for key in keys:
        await sample.handle(NOTE, key, Write(key, "Alder"), by())
    lost, *results = await asyncio.gather(
        lose_the_next_commit(sample),
        *(sample.handle(NOTE, key, Amend(), by()) for key in keys),
        return_exceptions=True,
    )
    assert lost is None
    assert all(isinstance(result, Exception) for result in results)
    assert [await numbers(sample, key) for key in keys] == [[1], [1], [1]]


async def test_a_repeat_under_its_key_finds_the_effect_whose_answer_was_lost(sample: Runtime, note: UUID) -> None:
    """Idempotency-Key: this is what the key is for."""
    lost, result = await asyncio.gather(
        lose_the_next_commit(sample),
        sample.handle(NOTE, note, Amend(), by(), idempotency=under("k")),
        return_exceptions=True,
    )
    assert lost is None
    assert isinstance(result, Exception)
    assert (await sample.handle(NOTE, note, Amend(), by(), idempotency=under("k"))).repeated
    assert await numbers(sample, note) == [1]


async def test_closing_commits_what_was_submitted(database: str, owner: Owner) -> None:
    """Architecture, stopping: a command that is under way when the service stops gets its answer and its effect."""
    async with alive(SAMPLE, database) as runtime:
        keys = [uuid7() for _ in range(40)]
        commands = [asyncio.create_task(runtime.handle(NOTE, key, Write(key, "Alder"), by())) for key in keys]
        await until(lambda: runtime.writer.waiting)
        await runtime.writer.close()
        assert {outcome.version for outcome in await asyncio.gather(*commands)} == {1}
    assert owner("select count(*) from sample.events") == [(40,)]
