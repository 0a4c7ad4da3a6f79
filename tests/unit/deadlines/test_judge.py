"""The engine as a whole: order and repeats do not count, knowledge does, and the next change is announced."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from deadlines.facts import Fact, upcoming
from deadlines.judge import earliest_of_obligation, judge
from deadlines.testing import CALENDAR, Story, local, rules, thing

CHILD, OTHER_CHILD = thing("child"), thing("other child")
CUSTODY = (
    Story(tolerance_minutes=30)
    .told(
        "ReportReceived", "2026-03-06 16:00", childInCustody=True, setting="resource-home",
        resourceHomeId=thing("home"), victims=[CHILD, OTHER_CHILD], felonyType="none",
    )
    .told("PriorReportsSearched", "2026-03-06 16:10", matchCount=1)
    .told("ReportScreened", "2026-03-06 17:00", decision="screened-in", level=2)
    .told("ReportScreened", "2026-03-06 18:00", learned="2026-03-07 09:00", decision="screened-in", level=3)
    .told("ReportAssigned", "2026-03-06 18:30", workerId=thing("worker"), caseTie=False, licensedTheHome=False)
    .told("InvestigationOpened", "2026-03-06 18:31", childIds=[CHILD], youngestChildAge=3)
    .told("ChildInterviewed", "2026-03-06 22:00", learned="2026-03-09 08:00", childId=CHILD, alone=True, private=True,
          awayFromHome=True)
    .told("InvestigationInitiated", "2026-03-07 15:59", learned="2026-03-08 12:00")
    .told("SafetyFactorFound", "2026-03-09 11:00", factorNo=4)
    .told("SafetyPlanActivated", "2026-03-09 11:20", learned="2026-03-09 13:00", planId=thing("plan"))
    .told("SafetyAssessmentCompleted", "2026-03-13 23:59:59", stage="initial", factorsYes=1)
    .told("InvestigationSubmitted", "2026-03-27 12:00", safetyThreat=True)
    .told("InvestigationApproved", "2026-03-30 09:00", childIds=[CHILD], reportedSetting="resource-home")
    .told("VisitLogged", "2026-04-10 09:00", learned="2026-05-20 09:00", childId=CHILD, kind="worker-child")
    .told("VisitLogged", "2026-04-11 09:00", childId=CHILD, kind="worker-child")
)  # fmt: skip
BEGINNING = local("2026-03-06 15:00")
moments = st.integers(0, 90 * 24 * 60).map(lambda minutes: BEGINNING + timedelta(minutes=minutes))


@st.composite
def arrivals(draw: st.DrawFn) -> list[Fact]:
    """The facts of the story in any order, some of them twice."""
    return [*draw(st.permutations(CUSTODY.facts)), *draw(st.lists(st.sampled_from(CUSTODY.facts), max_size=5))]


@given(arrivals(), moments, moments)
def test_order_and_repeats_of_facts_do_not_count(facts: list[Fact], as_of: datetime, known_at: datetime) -> None:
    told = judge(CUSTODY.facts, rules(30), CALENDAR, as_of, known_at)
    assert judge(facts, rules(30), CALENDAR, as_of, known_at) == told


@given(moments, st.integers(1, 600))
def test_nothing_changes_before_the_next_instant_that_a_clock_names(as_of: datetime, minutes: int) -> None:
    """Verdicts and warnings: on the same knowledge, a look before `next_at` finds the same clocks."""
    now = judge(CUSTODY.facts, rules(30), CALENDAR, as_of)
    ahead = [view.next_at for view in now if view.next_at]
    coming = upcoming(CUSTODY.facts, as_of, as_of)
    until = min([*ahead, *([coming] if coming else []), as_of + timedelta(minutes=minutes)])
    later = judge(CUSTODY.facts, rules(30), CALENDAR, until - timedelta(microseconds=1), known_at=as_of)
    assert later == now


@given(moments, moments)
def test_a_clock_keeps_its_identity_whatever_is_learned(first: datetime, second: datetime) -> None:
    then = judge(CUSTODY.facts, rules(30), CALENDAR, min(first, second))
    later = judge(CUSTODY.facts, rules(30), CALENDAR, max(first, second))
    assert {view.clock_id for view in then} <= {view.clock_id for view in later}
    assert len({view.clock_id for view in later}) == len(later)


def test_only_what_was_known_counts() -> None:
    """investigation-initiated-l3: initiated on Saturday at 15:59, learned on Sunday at noon."""
    rule = "investigation-initiated-l3.policy-2009"
    assert CUSTODY.clock(rule, "2026-03-08 11:59").state == "missed"
    assert CUSTODY.clock(rule, "2026-03-08 12:00").state == "met"
    assert CUSTODY.clock(rule, "2026-03-07 15:59", known_at="2026-03-08 12:00").state == "met"
    assert CUSTODY.clock(rule, "2026-03-07 15:58", known_at="2026-03-08 12:00").state == "running"


def test_a_fact_that_has_not_happened_yet_is_looked_forward_to() -> None:
    """report-entered: known beforehand, it counts from the moment it happens."""
    story = Story().told("ReportReceived", "2026-03-06 16:00")
    story = story.told("ReportAssigned", "2026-03-06 16:30", learned="2026-03-06 16:05")
    clock = story.clock("report-assigned.policy-2009", "2026-03-06 16:10")
    assert (clock.state, clock.next_at) == ("running", local("2026-03-06 16:30"))
    assert upcoming(story.facts, local("2026-03-06 16:10"), local("2026-03-06 16:10")) == local("2026-03-06 16:30")


def test_a_running_clock_names_its_next_warning_and_then_the_instant_it_lapses() -> None:
    """investigation-initiated-l2: 72 hours, warnings a day and four hours before."""
    story = Story().told("ReportReceived", "2026-04-06 10:00")
    story = story.told("ReportScreened", "2026-04-06 11:00", decision="screened-in", level=2)
    rule = "investigation-initiated-l2.policy-2009"
    assert story.clock(rule, "2026-04-06 12:00").next_at == local("2026-04-08 10:00")
    assert story.clock(rule, "2026-04-08 10:00").next_at == local("2026-04-09 06:00")
    assert story.clock(rule, "2026-04-09 06:00").next_at == local("2026-04-09 10:00") + timedelta(microseconds=1)


def test_of_several_authorities_on_one_obligation_the_earliest_alerts() -> None:
    """custody-investigation-initiated has a settlement and a policy row of 24 hours; both are measured."""
    views = CUSTODY.views("2026-03-06 19:00")
    shared = [view for view in views if view.obligation == "custody-investigation-initiated"]
    assert [(view.pack, view.state) for view in shared] == [("policy-2009", "running"), ("settlement", "running")]
    assert [view.pack for view in earliest_of_obligation(shared)] == ["policy-2009"]
    settlement = [view for view in shared if view.pack == "settlement"]
    assert list(earliest_of_obligation(settlement)) == settlement


def test_clocks_of_one_rule_on_several_children_all_alert() -> None:
    """custody-victim-interviewed.policy-2009."""
    victims = CUSTODY.clocks("custody-victim-interviewed.policy-2009", "2026-03-06 19:00")
    assert {view.subject_id for view in earliest_of_obligation(victims)} == {view.subject_id for view in victims}
    assert len(victims) == 2


def test_a_clock_of_an_investigation_that_is_not_opened_yet_is_about_its_report() -> None:
    """risk-assessment.policy-2009 starts with the call."""
    assert CUSTODY.clock("risk-assessment.policy-2009", "2026-03-06 16:30").subject_type == "report"
    assert CUSTODY.clock("risk-assessment.policy-2009", "2026-03-06 19:00").subject_type == "investigation"


def test_clocks_of_one_rule_from_two_starts_both_alert() -> None:
    """safety-plan-on-factor.policy-2009: two factors, found one after the other."""
    story = Story(tolerance_minutes=30).told("SafetyFactorFound", "2026-04-08 09:00")
    story = story.told("SafetyFactorFound", "2026-04-08 09:10")
    plans = story.clocks("safety-plan-on-factor.policy-2009", "2026-04-08 09:15")
    assert [clock.due_at for clock in earliest_of_obligation(plans)] == [
        local("2026-04-08 09:30"),
        local("2026-04-08 09:40"),
    ]
