"""Old facts are read with today's classes: by stored name, brought up to date step by step."""

import pytest
from pydantic import ValidationError

from events.event import Event
from events.registry import Registry, UnknownEvent


class Weighed(Event, name="test.weighed", version=3):
    grams: int
    scale: str


class Measured(Event, name="test.measured"):
    millimetres: int


class Nameless(Event):
    pass


class WeighedTwice(Event, name="test.weighed"):
    pass


UPCASTS = {
    ("test.weighed", 1): lambda data: {"grams": data["pounds"] * 454},
    ("test.weighed", 2): lambda data: data | {"scale": "unknown"},
}
REGISTRY = Registry.of(Weighed | Measured, UPCASTS)


@pytest.mark.parametrize(
    ("version", "stored"),
    [(1, '{"pounds":2}'), (2, '{"grams":908}'), (3, '{"grams":908,"scale":"unknown"}')],
)
def test_every_version_ever_stored_is_read_as_todays(version: int, stored: str) -> None:
    """Architecture, upcasts: one step per version, at reading; what is stored is never rewritten."""
    assert REGISTRY.load("test.weighed", version, stored) == Weighed(grams=908, scale="unknown")


def test_a_registry_of_one_event_needs_no_union() -> None:
    """Architecture, the registry: the union type of the events is the registry."""
    assert Registry.of(Measured).load("test.measured", 1, '{"millimetres":510}') == Measured(millimetres=510)


@pytest.mark.parametrize(("name", "version"), [("test.unknown", 1), ("test.weighed", 0), ("test.measured", 0)])
def test_a_fact_without_a_way_to_today_is_an_error(name: str, version: int) -> None:
    """Architecture, the registry: nothing stored is passed over in silence."""
    with pytest.raises(UnknownEvent, match=name):
        REGISTRY.load(name, version, "{}")


def test_a_fact_from_a_newer_release_is_an_error_that_names_it() -> None:
    """Architecture, releases: an old process beside a new one must not guess."""
    with pytest.raises(UnknownEvent, match=r"test\.weighed version 4"):
        REGISTRY.load("test.weighed", 4, '{"grams":908,"scale":"unknown"}')


def test_a_stored_fact_that_does_not_fit_its_class_is_an_error() -> None:
    """Architecture, events: strict also when reading."""
    with pytest.raises(ValidationError):
        REGISTRY.load("test.measured", 1, '{"millimetres":"510"}')


@pytest.mark.parametrize("union", [Weighed | Nameless, Weighed | WeighedTwice])
def test_every_event_has_a_stored_name_of_its_own(union: object) -> None:
    """Architecture, the registry: refused when the program starts, not when the fact is read."""
    with pytest.raises(ValueError, match="stored name"):
        Registry.of(union)


@pytest.mark.parametrize("step", [("test.unknown", 1), ("test.weighed", 3), ("test.weighed", 0)])
def test_an_upcast_that_leads_nowhere_is_refused(step: tuple[str, int]) -> None:
    """Architecture, upcasts: a misspelt one is found when the program starts."""
    with pytest.raises(ValueError, match="leads nowhere"):
        Registry.of(Weighed | Measured, {step: dict})
