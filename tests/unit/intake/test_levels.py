"""The proposed level, exhaustively, and the conditions that propose an immediate response."""

from itertools import product

import pytest

from intake.content import Content
from intake.level import immediate_response, propose_level
from intake.testing import CHILD, answers, content, person, receive, text
from intake.vocabulary import Danger, Level
from intake.vulnerable import young_or_handicapped

DANGERS: tuple[Danger, ...] = ("yes", "no", "cannot-be-determined")
BY_HAND: dict[tuple[bool, bool, bool, Danger], Level] = {
    (False, False, False, "no"): "1",  # R-INT-007
    (False, False, False, "cannot-be-determined"): "1",  # R-INT-007
    (True, True, True, "no"): "2",  # R-INT-008
    (True, True, True, "cannot-be-determined"): "2",  # R-INT-008
    (True, True, True, "yes"): "3",  # R-INT-009
}
EVERY = [(*criteria, danger) for criteria in product((True, False), repeat=3) for danger in DANGERS]


@pytest.mark.parametrize("given", EVERY)
def test_the_four_answers_propose_the_level_of_the_table_or_none(given: tuple[bool, bool, bool, Danger]) -> None:
    """R-INT-007, R-INT-008, R-INT-009, and R-INT-010 for the nineteen cases that the text leaves open."""
    assert propose_level(answers(*given), in_custody=False) == BY_HAND.get(given)


@pytest.mark.parametrize("given", EVERY)
def test_a_custody_report_is_level_3_whatever_the_answers(given: tuple[bool, bool, bool, Danger]) -> None:
    """R-INT-011."""
    assert propose_level(answers(*given), in_custody=True) == "3"


@pytest.mark.parametrize(
    ("what", "conditions"),
    [
        (content(), ()),
        (content(young_or_handicapped=True), ("young-or-handicapped-child",)),
        (content(family_may_flee="yes"), ("family-may-flee",)),
        (content(family_may_flee="not-known"), ()),
        (content(recent_substantiated_report="yes"), ("recent-substantiated-report",)),
        (content(child_in_custody="yes"), ("child-in-custody",)),
        (content(present_danger="yes"), ("present-danger",)),
        (content(present_danger=None, present_danger_description=text("locked in")), ("present-danger",)),
        (content(present_danger="no", present_danger_description=text("none seen")), ()),
    ],
)
def test_each_condition_proposes_an_immediate_response(what: Content, conditions: tuple[str, ...]) -> None:
    """R-INT-018."""
    assert immediate_response(what, recently_substantiated=False) == conditions


def test_a_recent_substantiated_report_found_by_the_search_proposes_an_immediate_response() -> None:
    """R-INT-018."""
    assert immediate_response(content(), recently_substantiated=True) == ("recent-substantiated-report",)


def born(day: str) -> Content:
    return Content(people=(person(CHILD, "victim", birth_date=text(day)),))


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        (Content(), None),
        (Content(child_under_two="yes"), True),
        (Content(handicapping_condition=text("yes")), True),
        (Content(child_under_two="no", handicapping_condition=text("no")), False),
        (Content(child_under_two="no"), None),
        (born("2024-03-03"), True),
        (born("2024-03-02"), None),
        (Content(people=(person(CHILD, "victim", age=text("1")),)), True),
        (Content(people=(person(CHILD, "victim", age=text("2")),)), None),
    ],
)
def test_a_child_under_two_or_with_a_handicapping_condition_is_recognised(
    entered: Content, expected: bool | None
) -> None:
    """R-INT-018: on 2 March 2026."""
    assert young_or_handicapped(entered, None, receive().at.date()) is expected


def test_one_answer_alone_does_not_take_the_recognition_back() -> None:
    """R-INT-018."""
    assert young_or_handicapped(Content(child_under_two="no"), True, receive().at.date()) is True
