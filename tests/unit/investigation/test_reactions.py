"""What intake announces, as what an investigation learns."""

from itertools import permutations
from typing import Any

import pytest
from tests.unit.investigation.cases import ANNA, BEN, COUNTY, REPORT, WORKER, at

from events.contracts.intake import ReportAmended, ReportAssigned, ReportReceived, ReportScreened
from events.event import PublicEvent
from events.reaction import Received
from events.testing import EPOCH, KEY
from investigation.investigation import DECIDER
from investigation.reactions import SUBSCRIPTION, investigation_of
from investigation.state import Investigation

HOME = KEY
RECEIVED = ReportReceived(
    report_id=REPORT,
    county=COUNTY,
    received_at=at(0),
    entered_at=at(0),
    victims=(ANNA,),
    allegations=("abuse",),
    child_in_custody=True,
    setting="resource-home",
    resource_home_id=HOME,
)
SCREENED = ReportScreened(
    report_id=REPORT,
    county=COUNTY,
    decision="screened-in",
    level="3",
    immediate_response_needed=False,
    law_enforcement_referral_needed=False,
    by="supervisor-may",
    at=at(1),
)
ASSIGNED = ReportAssigned(
    report_id=REPORT, county=COUNTY, worker_id=WORKER, level="3", staffed=True, by="supervisor-may", at=at(2)
)


def arrive(*events: PublicEvent) -> tuple[Investigation, list[str]]:
    """The state after these events arrive, an hour apart."""
    facts: list[Any] = []
    assert SUBSCRIPTION.react is not None
    for event in events:
        when = getattr(event, "at", getattr(event, "received_at", EPOCH))
        for wish in SUBSCRIPTION.react(Received(event, KEY, when, when, KEY)):
            assert (wish.decider, wish.key) == (DECIDER, investigation_of(REPORT))
            facts += DECIDER.decide(wish.command, DECIDER.fold(facts))
    found = DECIDER.fold(facts)
    assert found is not None
    return found, [type(fact).__name__ for fact in facts]


@pytest.mark.parametrize("order", list(permutations([RECEIVED, SCREENED, ASSIGNED])))
def test_a_screened_in_and_assigned_report_opens_its_investigation_in_any_order(order: tuple[Any, ...]) -> None:
    found, facts = arrive(*order)
    assert facts.count("InvestigationOpened") == 1
    assert found.opened is not None
    assert found.receipt is not None
    assert found.opened.investigation_id == investigation_of(REPORT)
    assert (found.opened.level, found.opened.county, found.worker_id) == ("3", COUNTY, WORKER)
    assert (found.opened.child_in_custody, found.opened.child_ids) == (True, (ANNA,))
    assert (found.receipt.setting, found.receipt.home_or_facility_id) == ("resource-home", HOME)


def test_the_same_report_always_has_the_same_investigation() -> None:
    assert investigation_of(REPORT) == investigation_of(REPORT) != investigation_of(KEY)


def test_a_screened_out_report_opens_nothing() -> None:
    out = SCREENED.model_copy(update={"decision": "screened-out", "level": "1"})
    assert "InvestigationOpened" not in arrive(RECEIVED, out, ASSIGNED)[1]


def test_an_amendment_replaces_what_was_known() -> None:
    amended = ReportAmended(**RECEIVED.model_dump() | {"victims": (ANNA, BEN), "received_at": at(3)})
    found, _ = arrive(RECEIVED, SCREENED, ASSIGNED, amended)
    assert found.victims == (ANNA, BEN)


def test_the_subscription_takes_what_it_reacts_to() -> None:
    assert set(SUBSCRIPTION.events) == {ReportReceived, ReportAmended, ReportScreened, ReportAssigned}
