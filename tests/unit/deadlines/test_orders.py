"""What an order does to a clock: time that stands still, another due time, a duty given up; what is over stays over."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadlines.clocks import DECIDER
from deadlines.conclusions import ClockEvent, Ordered
from deadlines.facts import EXTEND, RESUME, SUSPEND, WAIVE, Fact
from deadlines.judge import judge
from deadlines.subjects import Scope
from deadlines.testing import CALENDAR, REPORT, Story, local, rule_named, rules, thing
from deadlines.view import ClockView

HOURS, DAYS = "investigation-initiated-l2.policy-2009", "safety-assessment.policy-2009"
SCHOOL = "school-enrolment.settlement"
CHILD, CASE, HOME = thing("child"), thing("case"), thing("home")
# Friday 6 March; on Sunday 8 March the clocks go forward.
CALLED = (
    Story()
    .told("ReportReceived", "2026-03-06 10:00", childInCustody=False, setting="own-home")
    .told("ReportScreened", "2026-03-06 11:00", decision="screened-in", level=2)
    .told("InvestigationOpened", "2026-03-06 11:30", childIds=[])
)
ENTERED = (
    Story()
    .said("CaseOpened", "2026-03-05 09:00", caseId=CASE, childIds=[CHILD], countyOfResponsibility="Alder")
    .said("ChildEnteredCustody", "2026-03-05 09:00", childId=CHILD, caseId=CASE, age=9)
    .said(
        "ChildPlaced", "2026-03-05 10:00", childId=CHILD, placementId=thing("placement"), homeOrFacilityId=HOME,
        firstOfEpisode=True,
    )
)  # fmt: skip
OF_THE_REPORT = Scope("report", str(REPORT)).key
OF_THE_CHILD = Scope("child", CHILD).key
SOON, LATER = "2026-03-07 10:00", "2026-06-01 12:00"


def under(
    story: Story, rule: str, *orders: tuple[str, str] | tuple[str, str, str], scope: str = OF_THE_REPORT
) -> Story:
    """The story with orders about the one clock of a rule: what, when, and for an extension until when."""
    clock = story.clock(rule, "2026-03-06 12:00").clock_id
    for type, at, *until in orders:
        more: dict[str, Any] = {"newDueAt": local(until[0]).isoformat()} if until else {}
        given = {"scope": scope, "clockId": str(clock), "by": "sam-supervisor", "reason": "court-order"}
        story = story.said(type, at, **given, **more)
    return story


def stands(story: Story, rule: str, as_of: str) -> tuple[str, datetime | None]:
    view = story.clock(rule, as_of)
    return view.state, view.due_at


def test_a_suspended_clock_has_no_due_time_and_misses_nothing() -> None:
    """investigation-initiated-l2.policy-2009, due on Monday the 9th at 11:00 summer time."""
    assert stands(CALLED, HOURS, SOON) == ("running", local("2026-03-09 11:00"))
    story = under(CALLED, HOURS, (SUSPEND, SOON))
    view = story.clock(HOURS, LATER)
    assert (view.state, view.due_at, view.missed_at, view.steps) == ("suspended", None, None, ())
    assert view.reasons[-1] == "suspended"
    assert view.order is not None
    assert view.order.id in view.facts_used


def test_hours_that_were_left_are_given_back_as_they_elapse_over_a_change_of_clocks() -> None:
    """investigation-initiated-l2.policy-2009: 49 hours are left on Saturday at 10:00; Monday 10:00 is 47 hours later."""
    story = under(CALLED, HOURS, (SUSPEND, SOON), (RESUME, "2026-03-09 10:00"))
    assert stands(story, HOURS, "2026-03-09 12:00") == ("running", local("2026-03-11 10:00"))
    assert stands(story, HOURS, "2026-03-11 10:01")[0] == "missed"
    assert story.clock(HOURS, "2026-03-11 10:01").missed_at == local("2026-03-11 10:00")


def test_days_that_were_left_are_given_back_as_local_days_over_a_change_of_clocks() -> None:
    """safety-assessment.policy-2009: seven days from the 6th; suspended from the 7th to the 17th, ten days more."""
    assert stands(CALLED, DAYS, SOON) == ("running", local("2026-03-13 23:59:59"))
    story = under(CALLED, DAYS, (SUSPEND, SOON), (RESUME, "2026-03-17 00:00"))
    assert stands(story, DAYS, "2026-03-17 12:00") == ("running", local("2026-03-23 23:59:59"))
    assert stands(story, DAYS, "2026-03-23 23:59:59")[0] == "running"
    assert stands(story, DAYS, "2026-03-24 00:00")[0] == "missed"


def test_business_days_that_were_left_are_given_back_as_business_days() -> None:
    """R-DDL-001, school-enrolment.settlement: three business days from Thursday; from Friday two are left."""
    assert stands(ENTERED, SCHOOL, SOON) == ("running", local("2026-03-10 23:59:59"))
    orders = (SUSPEND, "2026-03-06 15:00"), (RESUME, "2026-03-12 09:00")
    story = under(ENTERED, SCHOOL, *orders, scope=OF_THE_CHILD)
    assert stands(story, SCHOOL, "2026-03-12 12:00") == ("running", local("2026-03-16 23:59:59"))


def test_a_second_suspension_is_added_to_the_first() -> None:
    """safety-assessment.policy-2009: two days, then three."""
    orders = (SUSPEND, SOON), (RESUME, "2026-03-09 08:00"), (SUSPEND, "2026-03-10 08:00"), (RESUME, "2026-03-13 08:00")
    assert stands(under(CALLED, DAYS, *orders), DAYS, LATER) == ("missed", local("2026-03-18 23:59:59"))
    assert stands(under(CALLED, DAYS, *orders[:3]), DAYS, LATER) == ("suspended", None)


def test_a_suspension_within_a_suspension_and_a_resumption_of_nothing_change_nothing() -> None:
    """safety-assessment.policy-2009."""
    twice = under(CALLED, DAYS, (SUSPEND, SOON), (SUSPEND, "2026-03-08 10:00"), (RESUME, "2026-03-09 08:00"))
    once = under(CALLED, DAYS, (SUSPEND, SOON), (RESUME, "2026-03-09 08:00"))
    assert stands(twice, DAYS, LATER) == stands(once, DAYS, LATER)
    assert stands(under(CALLED, DAYS, (RESUME, SOON)), DAYS, LATER) == stands(CALLED, DAYS, LATER)


def test_what_is_done_while_the_clock_stands_still_is_done_in_time() -> None:
    """safety-assessment.policy-2009: suspended for good, assessed in April."""
    story = under(CALLED, DAYS, (SUSPEND, SOON)).told("SafetyAssessmentCompleted", "2026-04-20 09:00", stage="initial")
    view = story.clock(DAYS, LATER)
    assert (view.state, view.met_at, view.due_at) == ("met", local("2026-04-20 09:00"), local("2026-03-13 23:59:59"))
    assert stands(story, DAYS, "2026-04-20 08:59")[0] == "suspended"


def test_what_lapsed_cannot_be_suspended() -> None:
    """safety-assessment.policy-2009: the order comes a day too late."""
    story = under(CALLED, DAYS, (SUSPEND, "2026-03-14 10:00"))
    assert stands(story, DAYS, LATER) == ("missed", local("2026-03-13 23:59:59"))


@pytest.mark.parametrize("given_at", ["2026-03-10 10:00", "2026-03-20 10:00"])
def test_an_extension_moves_the_due_time_before_and_after_the_miss(given_at: str) -> None:
    """safety-assessment.policy-2009: until the 25th, ordered before and after the 13th."""
    story = under(CALLED, DAYS, (EXTEND, given_at, "2026-03-25 23:59:59"))
    before = "running" if given_at < "2026-03-14" else "missed"
    assert story.clock(DAYS, given_at.replace("10:00", "09:59")).state == before
    assert stands(story, DAYS, "2026-03-20 12:00") == ("running", local("2026-03-25 23:59:59"))
    assert stands(story, DAYS, "2026-03-26 00:00")[0] == "missed"
    late = story.told("SafetyAssessmentCompleted", "2026-03-25 23:59:59", stage="initial")
    assert stands(late, DAYS, LATER)[0] == "met"


def test_an_extension_to_an_instant_ends_at_that_instant() -> None:
    """investigation-initiated-l2.policy-2009."""
    story = under(CALLED, HOURS, (EXTEND, SOON, "2026-03-12 08:30"))
    assert stands(story, HOURS, "2026-03-12 08:30")[0] == "running"
    assert stands(story, HOURS, "2026-03-12 08:31")[0] == "missed"


def test_a_duty_waived_in_time_was_never_missed_and_a_miss_before_the_waiver_stays() -> None:
    """safety-assessment.policy-2009, due on the 13th."""
    early = under(CALLED, DAYS, (WAIVE, "2026-03-10 10:00")).clock(DAYS, LATER)
    late = under(CALLED, DAYS, (WAIVE, "2026-03-20 10:00")).clock(DAYS, LATER)
    assert (early.state, early.missed_at, early.reasons[-1]) == ("waived", None, "waived")
    assert (late.state, late.missed_at) == ("waived", local("2026-03-13 23:59:59"))


def test_a_waiver_after_an_extension_counts_from_the_extended_time() -> None:
    """safety-assessment.policy-2009: extended to the 25th and waived on the 20th: nothing was missed."""
    extension = EXTEND, "2026-03-10 10:00", "2026-03-25 23:59:59"
    assert under(CALLED, DAYS, extension, (WAIVE, "2026-03-20 10:00")).clock(DAYS, LATER).missed_at is None
    late = under(CALLED, DAYS, extension, (WAIVE, "2026-03-27 10:00")).clock(DAYS, LATER)
    assert late.missed_at == local("2026-03-25 23:59:59")


def test_a_suspended_duty_can_be_waived_without_a_miss() -> None:
    """safety-assessment.policy-2009."""
    view = under(CALLED, DAYS, (SUSPEND, SOON), (WAIVE, "2026-03-20 10:00")).clock(DAYS, LATER)
    assert (view.state, view.missed_at) == ("waived", None)


@pytest.mark.parametrize("order", [(SUSPEND, "2026-03-12 10:00"), (WAIVE, "2026-03-12 10:00"),
                                   (EXTEND, "2026-03-12 10:00", "2026-03-25 23:59:59")])  # fmt: skip
def test_an_order_after_the_clock_has_ended_changes_nothing(order: Any) -> None:
    """safety-assessment.policy-2009, met on the 11th."""
    met = CALLED.told("SafetyAssessmentCompleted", "2026-03-11 09:00", stage="initial")
    plain, ordered = met.clock(DAYS, LATER), under(met, DAYS, order).clock(DAYS, LATER)
    assert ordered == plain


def test_a_fact_learned_late_takes_an_order_back_that_came_after_it() -> None:
    """safety-assessment.policy-2009: waived on the 12th; on the 20th it is learned that it was done on the 11th."""
    story = under(CALLED, DAYS, (WAIVE, "2026-03-12 10:00"))
    story = story.told("SafetyAssessmentCompleted", "2026-03-11 09:00", learned="2026-03-20 09:00", stage="initial")
    assert stands(story, DAYS, "2026-03-20 08:59")[0] == "waived"
    assert stands(story, DAYS, "2026-03-20 09:00")[0] == "met"


def test_an_order_about_one_clock_leaves_every_other_alone() -> None:
    """investigation-initiated-l2.policy-2009 stands still, all else of the report goes on."""
    plain = {view.clock_id: view for view in CALLED.views(LATER)}
    ordered = {view.clock_id: view for view in under(CALLED, HOURS, (SUSPEND, SOON)).views(LATER)}
    assert [view.rule_id for id, view in ordered.items() if plain[id] != view] == [HOURS]


instants = st.integers(0, 71 * 3600).map(lambda seconds: local("2026-03-06 12:00") + timedelta(seconds=seconds))


@given(instants, st.sampled_from([HOURS, DAYS]), st.booleans())
def test_suspended_and_resumed_at_one_instant_is_as_if_nothing_was_ordered(
    at: datetime, rule: str, extended: bool
) -> None:
    """R-DDL-001: hours and days; also where the due time was moved before."""
    first = under(CALLED, rule, (EXTEND, "2026-03-06 12:00", "2026-03-21 23:59:59")) if extended else CALLED
    last = under(first, rule, (SUSPEND, SOON), (RESUME, SOON))
    facts = (*last.facts[:-2], *given_at(last, at, at))
    for as_of in (at, at + timedelta(days=4), at + timedelta(days=90)):
        plain = _of(rule, judge(first.facts, rules(), CALENDAR, as_of))
        told = _of(rule, judge(facts, rules(), CALENDAR, as_of))
        assert (told.state, told.due_at, told.missed_at) == (plain.state, plain.due_at, plain.missed_at)


@given(instants, st.integers(0, 60 * 24 * 90))
def test_the_time_left_at_a_suspension_is_the_time_left_at_the_resumption(at: datetime, minutes: int) -> None:
    """investigation-initiated-l2.policy-2009: hours as they elapse."""
    again = at + timedelta(minutes=minutes)
    story = under(CALLED, HOURS, (SUSPEND, SOON), (RESUME, SOON))
    due = CALLED.clock(HOURS, SOON).due_at
    assert due is not None
    view = _of(HOURS, judge((*story.facts[:-2], *given_at(story, at, again)), rules(), CALENDAR, again))
    if at < due:
        assert view.due_at is not None
        assert view.due_at - again == due - at


def given_at(story: Story, *times: datetime) -> list[Fact]:
    """The last orders of a story at other times, under ids that rise as they do where orders are given."""
    last = enumerate(zip(story.facts[-len(times) :], times, strict=True), 1)
    return [replace(fact, id=UUID(int=number), occurred_at=at, recorded_at=at) for number, (fact, at) in last]


def _of(rule: str, views: tuple[ClockView, ...]) -> ClockView:
    [view] = [view for view in views if view.rule_id == rule]
    return view


def announced(story: Story, rule: str, *looks: str) -> list[ClockEvent]:
    """What a series of looks concludes about the clocks of one rule; a fact counts once it is learned."""
    recorded: list[Any] = []
    for as_of in looks:
        recorded += DECIDER.decide(story.look(as_of), DECIDER.fold(recorded))
    return [event for event in recorded if getattr(event, "rule_id", "") == rule]


def test_each_order_is_concluded_with_who_why_and_what_was_due_before() -> None:
    """safety-assessment.policy-2009: suspended, resumed, extended, waived; each is told once."""
    orders = (
        (SUSPEND, SOON), (RESUME, "2026-03-09 08:00"), (EXTEND, "2026-03-10 08:00", "2026-03-25 23:59:59"),
        (WAIVE, "2026-03-11 08:00"),
    )  # fmt: skip
    looks = ["2026-03-06 12:00", SOON, SOON, "2026-03-09 08:00", "2026-03-10 08:00", "2026-03-11 08:00", LATER]
    told = announced(under(CALLED, DAYS, *orders), DAYS, *looks)
    assert [(type(event).__name__, event.due_at, getattr(event, "previous_due_at", None)) for event in told] == [
        ("ClockStarted", local("2026-03-13 23:59:59"), None),
        ("ClockSuspended", None, local("2026-03-13 23:59:59")),
        ("ClockResumed", local("2026-03-15 23:59:59"), None),
        ("ClockExtended", local("2026-03-25 23:59:59"), local("2026-03-15 23:59:59")),
        ("ClockWaived", local("2026-03-25 23:59:59"), None),
    ]
    assert {(event.by, event.reason) for event in told if isinstance(event, Ordered)} == {
        ("sam-supervisor", "court-order")
    }


def test_orders_obeyed_only_at_the_end_conclude_what_holds() -> None:
    """safety-assessment.policy-2009: suspended and resumed while nobody looked, as after a crash."""
    story = under(CALLED, DAYS, (SUSPEND, SOON), (RESUME, "2026-03-09 08:00"))
    told = announced(story, DAYS, "2026-03-06 12:00", "2026-03-09 09:00", "2026-03-09 10:00")
    assert [(type(event).__name__, event.due_at) for event in told] == [
        ("ClockStarted", local("2026-03-13 23:59:59")),
        ("ClockResumed", local("2026-03-15 23:59:59")),
    ]


def test_a_correction_after_an_extension_is_not_told_as_another_extension() -> None:
    """safety-assessment.policy-2009: extended, then the extension is all that counts."""
    story = under(CALLED, DAYS, (EXTEND, SOON, "2026-03-25 23:59:59"))
    story = story.told("ReportAmended", "2026-03-08 09:00", receivedAt=local("2026-03-04 09:00").isoformat())
    told = announced(story, DAYS, "2026-03-06 12:00", SOON, "2026-03-08 09:00", "2026-03-09 09:00")
    assert [type(event).__name__ for event in told] == ["ClockStarted", "ClockExtended"]


def test_the_rule_of_the_tests_counts_hours_and_days() -> None:
    """investigation-initiated-l2.policy-2009 and safety-assessment.policy-2009 as the tests above take them."""
    assert [rule_named(rule).due for rule in (HOURS, DAYS, SCHOOL)] == ["72 hours", "7 days", "3 business-days"]
