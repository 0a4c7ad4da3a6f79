"""Nobody reads confidential text without saying why, and every reading is on record: who, whose, which, when, why."""

from uuid import UUID

import pytest
from tests.alive import START, SUPERVISOR, WORKER
from tests.integration.events.conftest import Owner
from tests.integration.events.http_client import Client
from tests.sample import SAMPLE

from events.authority import Actor
from events.expunge import expunge
from events.ids import uuid7

ALL = "select at, actor, action, subject, person, field, purpose from sample.confidential_reads order by id"


@pytest.fixture
def person() -> UUID:
    return uuid7()


async def test_a_reading_without_a_purpose_is_refused_and_shows_nothing(
    caller: Client, owner: Owner, person: UUID
) -> None:
    """Architecture, confidential reads: 400."""
    key = await caller.write(person=str(person), text="hidden words")
    path = f"/sample/notes/{key}/confidential"
    for answer in (await caller("GET", path), await caller("GET", path, purpose="")):
        assert (answer.status_code, answer.json()["code"]) == (400, "purpose-missing")
        assert "hidden words" not in answer.text
    assert owner(ALL) == []


async def test_a_reading_is_on_record_before_it_is_answered(caller: Client, owner: Owner, person: UUID) -> None:
    """Architecture, confidential reads: the record says who read whose field when and for what purpose."""
    key = await caller.write(person=str(person), text="confidential")
    answer = await caller("GET", f"/sample/notes/{key}/confidential", purpose="screening")
    assert answer.json() == {"text": "confidential", "erased": False}
    assert answer.headers["cache-control"] == "no-store"
    assert owner(ALL) == [
        (START, SUPERVISOR.id, "report.read-confidential", f"note-{key}", person, "text", "screening")
    ]


async def test_who_may_not_read_leaves_no_record_and_sees_nothing(caller: Client, owner: Owner, person: UUID) -> None:
    """R-INT-015, R-INT-005: other counties and workers who are not assigned are refused (403), purpose or not."""
    key = await caller.write(person=str(person), text="confidential-words")
    stranger = Actor("sara-supervisor", frozenset({"ROLE-03"}), frozenset({"Birch"}))
    for actor in (stranger, WORKER, Actor("nobody")):
        answer = await caller("GET", f"/sample/notes/{key}/confidential", by=actor, purpose="curiosity")
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
        assert "confidential-words" not in answer.text
    assert owner(ALL) == []


async def test_an_erased_value_is_read_as_erased(caller: Client, owner: Owner, person: UUID, database: str) -> None:
    """Architecture, forgetting: readers are told that there was something."""
    key = await caller.write(person=str(person), text="confidential")
    await expunge(database, [SAMPLE], person, "court order 17")
    answer = await caller("GET", f"/sample/notes/{key}/confidential", purpose="screening")
    assert answer.json() == {"text": None, "erased": True}
    assert len(owner(ALL)) == 1
