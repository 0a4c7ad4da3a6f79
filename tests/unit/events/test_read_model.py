"""Read models as pure folds: what a row becomes does not depend on how its events arrive."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sample import NOTES_MODEL, NoteAmended, NoteClosed, NoteWritten

from events.ids import derived
from events.read_model import Row, folded, touched
from events.recorded import Recorded
from events.testing import EPOCH, KEY, ReadModelScenario

KEYS = [derived("note", number) for number in range(4)]


def fact(key: UUID, number: int, event: Any) -> Recorded[Any]:
    return Recorded(event, derived(key, number), f"note-{key}", number, number, EPOCH, EPOCH, {})


@st.composite
def histories(draw: st.DrawFn) -> list[Recorded[Any]]:
    """Events of several streams, each beginning with its first."""
    versions: dict[UUID, int] = {}
    facts = []
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=20)):
        version = versions[key] = versions.get(key, 0) + 1
        event = (
            NoteWritten(note_id=key, county="Alder")
            if version == 1
            else draw(st.one_of(st.builds(NoteAmended, number=st.integers(0, 9)), st.just(NoteClosed())))
        )
        facts.append(fact(key, version, event))
    return facts


def in_pieces(facts: list[Recorded[Any]], sizes: list[int]) -> dict[UUID, Row]:
    rows: dict[Any, Row] = {}
    while facts:
        size = sizes.pop() if sizes else len(facts)
        for key, row in folded(NOTES_MODEL, rows, touched(NOTES_MODEL, facts[:size])).items():
            rows.pop(key, None)
            if row is not None:
                rows[key] = row
        facts = facts[size:]
    return rows


@given(histories(), st.lists(st.integers(1, 5)))
def test_rows_do_not_depend_on_how_events_are_grouped(facts: list[Recorded[Any]], sizes: list[int]) -> None:
    """Architecture, read models: inline, in batches and rebuilt are the same fold."""
    assert in_pieces(facts, sizes) == in_pieces(facts, []) == in_pieces(facts, [1] * len(facts))


def test_the_usual_key_is_the_id_of_the_stream() -> None:
    """Architecture, read models: one row per record."""
    ReadModelScenario(NOTES_MODEL).given(NoteWritten(note_id=KEY, county="Alder"), NoteAmended(number=1)).then(
        {KEY: {"note_id": KEY, "county": "Alder", "amended": 1, "state": "open"}}
    )


def test_a_read_model_knows_its_key_and_columns() -> None:
    """Architecture, read models: the table says it, nothing repeats it."""
    assert (NOTES_MODEL.key, NOTES_MODEL.columns) == ("note_id", ["note_id", "county", "amended", "state"])


def test_a_scenario_that_expects_the_wrong_row_fails() -> None:
    """The tests of all read models rest on this one."""
    with pytest.raises(AssertionError):
        ReadModelScenario(NOTES_MODEL).given(NoteWritten(note_id=KEY, county="Alder")).then({})
