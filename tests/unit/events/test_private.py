"""A private value prints as dots, is never written in the clear, and is found wherever it sits."""

import copy
import pickle
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from events.event import Event
from events.private import Private, located, map_privates, privates

ANNA = UUID("01890000-0000-7000-8000-00000000000a")
BERT = UUID("01890000-0000-7000-8000-00000000000b")
SECRET = "a-confidential-text"


class Person(Event, name="test.person"):
    name: Private[str]
    nickname: Private[str] | None = None


class Family(Event, name="test.family"):
    people: tuple[Person, ...] = ()
    notes: dict[str, Private[str]] = Field(default_factory=dict)
    number: int = 0


PRIVATE = st.builds(
    Private[str],
    st.sampled_from([ANNA, BERT]),
    value=st.none(),
    sealed=st.one_of(st.none(), st.text(alphabet="abc=/+", min_size=1)),
)
PERSON = st.builds(Person, name=PRIVATE, nickname=st.none() | PRIVATE)
FAMILY = st.builds(
    Family,
    people=st.lists(PERSON, max_size=3).map(tuple),
    notes=st.dictionaries(st.text(max_size=3), PRIVATE, max_size=3),
    number=st.integers(0, 9),
)


@pytest.mark.parametrize("private", [Private(ANNA, SECRET), Private(ANNA, sealed=SECRET), Private(ANNA)])
def test_a_private_value_prints_as_dots_in_every_state(private: Private[str]) -> None:
    """Architecture, private values: no log and no traceback shows one."""
    person = Person(name=private)
    for shown in (str(private), repr(private), f"{private!s:>9}", f"{person!r}", str(person), str([private])):
        assert SECRET not in shown


@pytest.mark.parametrize(
    "event",
    [
        Person(name=Private(ANNA, SECRET)),
        Person(name=Private(ANNA), nickname=Private(ANNA, SECRET)),
        Family(people=(Person(name=Private(ANNA, SECRET)),)),
        Family(notes={"a": Private(BERT, SECRET)}),
    ],
)
def test_a_private_value_in_the_clear_cannot_be_written_wherever_it_sits(event: Event) -> None:
    """Architecture, private values: whoever forgets to seal gets a fault, not a leak."""
    for write in (event.model_dump_json, event.model_dump, lambda: event.model_dump(mode="json")):
        with pytest.raises(PydanticSerializationError, match="in the clear") as refused:
            write()
        assert SECRET not in str(refused.value)


def test_a_private_value_beside_other_types_cannot_be_written_in_the_clear() -> None:
    """Architecture, private values: a union has no way around it."""
    either: TypeAdapter[Any] = TypeAdapter(str | Private[str])
    with pytest.raises(PydanticSerializationError):
        either.dump_json(Private(ANNA, SECRET))


@given(FAMILY)
def test_what_is_stored_is_read_back_the_same(family: Family) -> None:
    """Architecture, private values: sealed and erased values survive the way to the store and back."""
    assert Family.model_validate_json(family.model_dump_json()) == family


@given(FAMILY)
def test_mapping_with_no_change_gives_an_equal_model(family: Family) -> None:
    """Architecture, the vault: sealing and opening touch nothing else."""
    assert map_privates(family, lambda private: private) == family


@given(FAMILY)
def test_mapping_reaches_every_private_value_and_can_be_undone(family: Family) -> None:
    """Architecture, the vault: the round trip of opening and sealing again."""
    there = map_privates(family, lambda private: Private(private.person, value=private.sealed))
    assert [private.value for private in privates(there)] == [private.sealed for private in privates(family)]
    assert all(private.sealed is None for private in privates(there))
    assert map_privates(there, lambda private: Private(private.person, sealed=private.value)) == family


@given(FAMILY)
def test_every_private_value_is_found_with_its_place(family: Family) -> None:
    """R-INT-015 needs it: which field of whom was read."""
    places = [path for path, _ in located(family)]
    assert places.count("people.name") == len(family.people)
    assert {path for path in places if path.startswith("notes")} == {f"notes.{name}" for name in family.notes}
    assert len(places) == len(list(privates(family)))


def test_mapping_shares_what_has_no_private_value_and_never_changes_the_original() -> None:
    """Architecture, events: facts are frozen, also while they are opened for a reader."""
    family = Family(people=(Person(name=Private(ANNA, sealed="s")),), number=3)
    opened = map_privates(family, lambda private: Private(private.person, value=SECRET))
    assert family.people[0].name == Private(ANNA, sealed="s")
    assert opened.people[0].name == Private(ANNA, SECRET)
    assert opened.number == 3


def test_a_private_value_cannot_be_changed_and_can_be_compared_hashed_and_copied() -> None:
    """Architecture, private values: a value like any other."""
    private: Private[str] = Private(ANNA, SECRET)
    with pytest.raises(AttributeError):
        private.value = "another"
    with pytest.raises(AttributeError):
        del private.value
    with pytest.raises(AttributeError):
        private.more = 1
    assert private == Private(ANNA, SECRET) != Private(BERT, SECRET)
    assert len({private, Private(ANNA, SECRET), Private(ANNA, sealed=SECRET), Private(ANNA)}) == 3
    assert copy.deepcopy(private) == pickle.loads(pickle.dumps(private)) == private  # noqa: S301


@pytest.mark.parametrize(
    "stored", ["{}", '{"sealed":"s"}', '{"person":"nobody"}', '"text"', f'{{"person":"{ANNA}","value":"x"}}']
)
def test_only_a_private_value_as_it_is_stored_can_be_read(stored: str) -> None:
    """Architecture, private values: in particular not one in the clear."""
    with pytest.raises(ValidationError):
        Person.model_validate_json(f'{{"name":{stored}}}')


def test_only_text_can_be_private() -> None:
    """Architecture, private values: dates and numbers are written as text."""
    with pytest.raises(TypeError, match="only text can be private"):
        TypeAdapter(Private[int])


def test_the_schema_of_a_private_field_says_that_it_is_private() -> None:
    """Architecture, contracts: checks of the catalogue find private fields by this mark."""
    assert Person.model_json_schema()["properties"]["name"]["x-private"] is True
