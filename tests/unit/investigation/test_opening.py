"""Opening: a received, screened-in and assigned report of level 2 or 3 opens one investigation."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.investigation.cases import (
    ANNA,
    COUNTY,
    ID,
    REPORT,
    WORKER,
    acted,
    assignment,
    at,
    contact,
    learn,
    moment,
    opened,
    receipt,
    screening,
)

from events.testing import Scenario
from investigation.events import InvestigationOpened, InvestigatorChanged
from investigation.investigation import DECIDER

OPENED = InvestigationOpened(
    investigation_id=ID,
    report_id=REPORT,
    county=COUNTY,
    worker_id=WORKER,
    at=at(2),
    level="3",
    child_in_custody=False,
    child_ids=(ANNA,),
)


@pytest.mark.parametrize("order", list(permutations([receipt(), screening(), assignment()])))
def test_the_last_of_the_three_facts_opens_in_whatever_order_they_arrive(order: tuple[Any, ...]) -> None:
    first, second, third = order
    Scenario(DECIDER).given(first, second).when(learn(third)).then(third, OPENED)


@pytest.mark.parametrize("level", ["2", "3"])
def test_levels_two_and_three_are_investigated(level: str) -> None:
    assert isinstance(opened(level)[-1], InvestigationOpened)


def test_level_one_and_a_screened_out_report_open_nothing() -> None:
    for decided in (screening("1"), screening("3", screened_in=False)):
        Scenario(DECIDER).given(receipt(), decided).when(learn(assignment())).then(assignment())


def test_a_report_screened_in_later_opens_then() -> None:
    out, in_ = screening(screened_in=False), screening(moment=moment(5))
    Scenario(DECIDER).given(receipt(), out, assignment()).when(learn(in_)).then(in_, OPENED)


def test_a_repeated_fact_changes_nothing() -> None:
    for fact in (receipt(), screening(), assignment()):
        Scenario(DECIDER).given(*opened()).when(learn(fact)).nothing()


def test_a_reassignment_changes_the_worker() -> None:
    again = assignment(moment=moment(9), worker_id="worker-reyes")
    changed = InvestigatorChanged(
        investigation_id=ID, report_id=REPORT, county=COUNTY, worker_id="worker-reyes", at=at(9)
    )
    Scenario(DECIDER).given(*opened()).when(learn(again)).then(again, changed)


def test_an_older_assignment_that_arrives_late_changes_nothing() -> None:
    older = assignment(moment=moment(1.5), worker_id="worker-reyes")
    Scenario(DECIDER).given(*opened()).when(learn(older)).nothing()


def test_of_two_assignments_of_one_instant_the_later_arrival_counts() -> None:
    again = assignment(worker_id="worker-reyes")
    assert Scenario(DECIDER).given(*opened()).when(learn(again)).state().worker_id == "worker-reyes"


def test_a_correction_of_the_report_counts_by_when_it_was_recorded() -> None:
    early = moment(0).model_copy(update={"recorded_at": at(8)})
    corrected = receipt(moment=early, child_in_custody=True)
    assert Scenario(DECIDER).given(*opened()).when(learn(corrected)).state().receipt.child_in_custody is True


FACTS = st.lists(
    st.one_of(
        st.integers(0, 9).map(lambda hour: receipt(moment=moment(hour))),
        st.tuples(st.integers(0, 9), st.sampled_from(["2", "3"])).map(
            lambda drawn: screening(drawn[1], moment=moment(drawn[0]))
        ),
        st.integers(0, 9).map(lambda hour: assignment(moment=moment(hour), worker_id=f"worker-{hour}")),
    ),
    unique_by=lambda fact: (type(fact), fact.moment.at),
)


@given(facts=FACTS, data=st.data())
def test_any_order_and_any_repeats_give_one_opening_and_one_worker(facts: list[Any], data: st.DataObject) -> None:
    facts = [receipt(moment=moment(10)), screening(moment=moment(10)), assignment(moment=moment(10)), *facts]
    arrivals = data.draw(st.permutations(facts + data.draw(st.lists(st.sampled_from(facts), max_size=6))))
    history = acted(*map(learn, arrivals))
    found = DECIDER.fold(history)
    assert [type(event) for event in history].count(InvestigationOpened) == 1
    assert found is not None
    assert (found.worker_id, found.level) == (WORKER, "3")


def test_nothing_can_be_done_before_the_opening() -> None:
    Scenario(DECIDER).given(receipt()).when(contact()).rejected("investigation-not-found")
    Scenario(DECIDER).when(contact()).rejected("investigation-not-found")
