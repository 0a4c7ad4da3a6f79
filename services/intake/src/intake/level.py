"""The response level and the immediate response that the answers propose. The supervisor decides."""

from collections.abc import Callable

from intake.answers import ScreeningAnswers
from intake.content import Content
from intake.vocabulary import Condition, Level


def propose_level(answers: ScreeningAnswers | None, in_custody: bool) -> Level | None:
    """The level by R-INT-007 to R-INT-010, None where they leave the case open; of a custody report 3 (R-INT-011)."""
    if in_custody:
        return "3"
    if answers is None:
        return None
    criteria = (answers.family_can_be_found, answers.perpetrator_is_parent, answers.meets_definition)
    danger = answers.imminent_danger == "yes"
    if all(criteria):
        return "3" if danger else "2"
    return None if danger or any(criteria) else "1"


def _danger_described(content: Content) -> bool:
    described = content.present_danger_description is not None
    return content.present_danger == "yes" or (described and content.present_danger != "no")


CONDITIONS: tuple[tuple[Condition, Callable[[Content, bool], bool]], ...] = (
    ("young-or-handicapped-child", lambda content, recent: bool(content.young_or_handicapped)),
    ("family-may-flee", lambda content, recent: content.family_may_flee == "yes"),
    ("recent-substantiated-report", lambda content, recent: recent or content.recent_substantiated_report == "yes"),
    ("child-in-custody", lambda content, recent: content.in_custody),
    ("present-danger", lambda content, recent: _danger_described(content)),
)


def immediate_response(content: Content, recently_substantiated: bool) -> tuple[Condition, ...]:
    """The conditions of R-INT-018 that the report meets; any of them proposes an immediate response."""
    return tuple(name for name, met in CONDITIONS if met(content, recently_substantiated))
