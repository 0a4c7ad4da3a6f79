"""The filter language: what passes, what does not, and what is refused."""

import pytest

from deadlines.evidence import completed, condition, reached
from deadlines.facts import Fact
from deadlines.filters import Comparison, UnreadableFilter, parse
from deadlines.lengths import Length, UnreadableLength
from deadlines.testing import local
from events.ids import derived


def fact(event: str, number: int, **data: object) -> Fact:
    at = local(f"2026-04-06 10:{number:02}")
    return Fact(derived(event, number), event, at, at, data)


@pytest.mark.parametrize(
    ("test", "data", "passes"),
    [
        ("level=2/3", {"level": 3}, True),
        ("level=2/3", {"level": 1}, False),
        ("level!=2/3", {"level": 1}, True),
        ("alone=true", {"alone": True}, True),
        ("alone=true", {"alone": False}, False),
        ("alone=true", {}, False),
        ("alone!=true", {}, False),
        ("alone!=true", {"alone": None}, False),
        ("age<=5", {"age": 5}, True),
        ("age<5", {"age": 5}, False),
        ("age>=5", {"age": 5}, True),
        ("age>0", {"age": 0}, False),
        ("age>0", {"age": "unknown"}, False),
        ("kinds=abuse", {"kinds": ["neglect", "abuse"]}, True),
        ("kinds!=abuse", {"kinds": ["neglect", "abuse"]}, False),
        ("ages<=5", {"ages": [3, 6]}, False),
        ("ages<=5", {"ages": [3, 5]}, True),
    ],
)
def test_a_test_passes_as_the_table_says(test: str, data: dict[str, object], passes: bool) -> None:
    [item] = parse(f"Event({test})").items
    assert item.passes(fact("Event", 1, **data)) is passes
    assert isinstance(item.tests[0], Comparison)


def test_all_tests_of_a_bracket_must_hold_for_the_same_fact() -> None:
    [item] = parse("Event(alone=true, private=true)").items
    assert not item.passes(fact("Event", 1, alone=True, private=False))
    assert not item.passes(fact("Other", 1, alone=True, private=True))


@pytest.mark.parametrize(
    "cell",
    [
        "Event",
        "Event(level~3)",
        "Event(level=)",
        "Event(level<high)",
        "A(x=1) and B(y=2) or C(z=3)",
        "__import__('os')",
    ],
)
def test_what_is_not_in_the_language_is_refused(cell: str) -> None:
    with pytest.raises(UnreadableFilter):
        parse(cell)


@pytest.mark.parametrize("text", ["24 fortnights", "0 days", "-1 days", "days", "1.5 hours"])
def test_an_impossible_length_is_refused(text: str) -> None:
    with pytest.raises(UnreadableLength):
        Length.parse(text)


def test_a_joint_or_is_unknown_only_while_nothing_is_known() -> None:
    cell = parse("A(x=1) or B(y=1)")
    assert condition(cell, ()).holds is None
    assert condition(cell, (fact("A", 1, x=2),)).holds is False
    assert condition(cell, (fact("A", 1, x=2), fact("B", 2, y=1))).holds is True


def test_a_joint_and_is_false_as_soon_as_one_part_is_false() -> None:
    cell = parse("A(x=1) and B(y=1)")
    assert condition(cell, (fact("A", 1, x=2),)).holds is False
    assert condition(cell, (fact("A", 1, x=1),)).unknown == ("B",)
    assert condition(cell, (fact("A", 1, x=1),)).holds is None
    assert condition(cell, (fact("A", 1, x=1), fact("B", 2, y=1))).holds is True


def test_a_plus_asks_for_all_events_and_a_space_for_any() -> None:
    first, second = fact("A", 1), fact("B", 2)
    assert completed("A+B", "", (first,)) is None
    both = completed("A+B", "", (first, second))
    assert both is not None
    assert (both.at, both.facts) == (second.occurred_at, (first, second))
    one = completed("A B", "", (second,))
    assert one is not None
    assert one.facts == (second,)


def test_an_event_of_the_column_without_a_filter_always_counts() -> None:
    assert completed("A B", "A(x=1)", (fact("A", 1, x=2), fact("B", 2))) is not None
    assert completed("A B", "A(x=1)", (fact("A", 1, x=2),)) is None


def test_further_filters_are_met_at_least_once_among_the_acts_that_count() -> None:
    where = "A(x=1) and A(x=1, inside=true)"
    outside = (fact("A", 1, x=1), fact("A", 2, x=1))
    inside = fact("A", 3, x=1, inside=True)
    assert reached("A", where, 2, outside) is None
    done = reached("A", where, 2, (*outside, inside))
    assert done is not None
    assert done.at == inside.occurred_at
