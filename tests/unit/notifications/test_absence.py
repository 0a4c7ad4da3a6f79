"""Who stands in for somebody who is absent, day by day and substitute by substitute."""

from datetime import date
from itertools import pairwise

import pytest
from tests.unit.notifications.cases import SUPERVISORS, WILMA

from notifications.absence import Staff, Standing
from notifications.content import Recipient

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 6)
OTTO = Recipient(staff_id="otto-worker", on_behalf_of=("wilma-worker",))
ROLE = SUPERVISORS.model_copy(update={"on_behalf_of": ("wilma-worker",)})
LEFT = Standing(active=False)


def away(substitute: str | None) -> Standing:
    return Standing(absent_from=FIRST, absent_until=LAST, substitute_id=substitute)


def told(today: date = FIRST, **known: Standing) -> list[Recipient]:
    """Who is told what is meant for Wilma."""
    return Staff(today, {f"{name}-worker": standing for name, standing in known.items()}).told("wilma-worker")


@pytest.mark.parametrize(
    ("today", "recipients"),
    [
        (date(2026, 3, 1), [WILMA]),
        (FIRST, [WILMA, OTTO]),
        (LAST, [WILMA, OTTO]),
        (date(2026, 3, 7), [WILMA]),
    ],
)
def test_the_substitute_is_told_from_the_first_to_the_last_day(today: date, recipients: list[Recipient]) -> None:
    assert told(today, wilma=away("otto-worker")) == recipients


def test_an_absence_without_an_end_goes_on() -> None:
    wilma = Standing(absent_from=FIRST, substitute_id="otto-worker")
    assert told(date(2030, 1, 1), wilma=wilma) == [WILMA, OTTO]


def test_a_substitute_who_is_not_needed_is_not_told() -> None:
    assert told(wilma=Standing(substitute_id="otto-worker")) == [WILMA]


def test_the_substitute_of_an_absent_substitute_is_told() -> None:
    sara = OTTO.model_copy(update={"staff_id": "sara-worker"})
    assert told(wilma=away("otto-worker"), otto=away("sara-worker")) == [WILMA, sara]


def test_a_substitute_who_is_back_is_told() -> None:
    back = Standing(absent_from=date(2026, 2, 1), absent_until=date(2026, 3, 1), substitute_id="sara-worker")
    assert told(wilma=away("otto-worker"), otto=back) == [WILMA, OTTO]


@pytest.mark.parametrize("otto", [LEFT, away(None), away("wilma-worker"), away("otto-worker")])
def test_a_substitute_who_cannot_be_told_is_replaced_by_the_supervisors(otto: Standing) -> None:
    """Gone, absent without a substitute, or in a circle that two entries at once could make."""
    assert told(wilma=away("otto-worker"), otto=otto) == [WILMA, ROLE]


def test_an_absence_without_a_substitute_is_covered_by_the_supervisors() -> None:
    assert told(wilma=away(None)) == [WILMA, ROLE]


def test_a_long_chain_of_absent_substitutes_ends_at_the_supervisors() -> None:
    names = [f"{name}-worker" for name in ("wilma", "anna", "bert", "cora", "dave")]
    chain = {name: away(after) for name, after in pairwise(names)}
    assert Staff(FIRST, chain).told("wilma-worker") == [WILMA, ROLE]
    (_, cora) = Staff(FIRST, chain | {"cora-worker": Standing()}).told("wilma-worker")
    assert (cora.staff_id, cora.on_behalf_of) == ("cora-worker", ("wilma-worker",))


def test_who_has_left_is_not_told_even_with_a_substitute() -> None:
    assert told(wilma=Standing(active=False, absent_from=FIRST, substitute_id="otto-worker")) == [SUPERVISORS]
