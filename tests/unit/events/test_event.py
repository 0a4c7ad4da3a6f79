"""Facts: frozen, strict, under explicit names; public contracts: thin, additive, camelCase on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from events.event import Event, PublicEvent

KEY = UUID("01890000-0000-7000-8000-000000000001")


class Measured(Event, name="test.measured", version=3):
    weight_in_grams: int
    measured_at: datetime | None = None


class WeightTaken(PublicEvent, topic="test", key="child_id", version=2):
    child_id: UUID
    weight_in_grams: int | None = None


def test_an_event_is_stored_under_the_name_and_version_it_states() -> None:
    """Architecture, events: never under its class name, so that a class can be renamed."""
    assert (Measured.stored_name, Measured.stored_version) == ("test.measured", 3)


def test_an_event_cannot_be_changed() -> None:
    """Architecture, events: a fact is a fact."""
    event = Measured(weight_in_grams=3500)
    with pytest.raises(ValidationError):
        event.weight_in_grams = 1  # type: ignore[misc]


@pytest.mark.parametrize("wrong", ['{"weight_in_grams":"3500"}', '{"weight_in_grams":1,"more":2}', "{}", "[]"])
def test_an_event_is_read_strictly(wrong: str) -> None:
    """Architecture, events: no value is bent into shape, no field is overlooked or missing."""
    with pytest.raises(ValidationError):
        Measured.model_validate_json(wrong)


def test_a_refused_event_does_not_quote_what_it_was_given() -> None:
    """Architecture, private values: what failed to be read may be confidential."""
    with pytest.raises(ValidationError) as refused:
        Measured(weight_in_grams="a-confidential-text")  # type: ignore[arg-type]
    assert "a-confidential-text" not in str(refused.value)


def test_an_event_without_a_time_of_its_own_happened_when_its_command_says() -> None:
    """Architecture, two times: `happened_at` is for facts that know better."""
    assert Measured(weight_in_grams=1).happened_at is None


def test_a_public_event_travels_in_camel_case_without_absent_fields() -> None:
    """Architecture, contracts: the wire form."""
    assert WeightTaken(child_id=KEY).to_json() == b'{"childId":"01890000-0000-7000-8000-000000000001"}'
    assert WeightTaken(child_id=KEY, weight_in_grams=1).to_json().endswith(b',"weightInGrams":1}')


def test_the_type_of_a_public_event_says_topic_name_and_version() -> None:
    """Architecture, contracts: CloudEvents type."""
    assert (WeightTaken.event_type, WeightTaken.topic) == ("test.WeightTaken.v2", "test")
    assert WeightTaken(child_id=KEY).subject == str(KEY)


def test_a_reader_of_a_contract_ignores_fields_it_does_not_know() -> None:
    """Architecture, contracts: they grow by adding, and old readers keep working."""
    read = WeightTaken.from_json('{"childId":"01890000-0000-7000-8000-000000000001","heightInMillimetres":510}')
    assert read == WeightTaken(child_id=KEY)


@pytest.mark.parametrize("wrong", [b"{}", b'{"childId":1}', b"not json", b"\xff"])
def test_a_reader_of_a_contract_refuses_what_it_needs_and_does_not_find(wrong: bytes) -> None:
    """Architecture, contracts: a required field is required."""
    with pytest.raises(ValidationError):
        WeightTaken.from_json(wrong)


def test_times_survive_the_way_to_the_store_and_back() -> None:
    """Architecture, events: instants are stored with their zone."""
    event: Any = Measured(weight_in_grams=1, measured_at=datetime.fromisoformat("2026-03-08T01:59:59.123456-06:00"))
    assert Measured.model_validate_json(event.model_dump_json()) == event
