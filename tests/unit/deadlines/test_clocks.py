"""What is announced: each verdict once, every change of mind in the open, nothing twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines.calendar import Calendar
from deadlines.clocks import DECIDER, Judge
from deadlines.conclusions import (
    REGISTRY,
    ClockEscalated,
    ClockEvent,
    ClockMet,
    ClockMoved,
    ClocksAssigned,
    ClockStarted,
    ClockWarned,
    FamilyEvent,
)
from deadlines.facts import Fact
from deadlines.judge import Judged
from deadlines.rule import Rule
from deadlines.standings import Standings
from deadlines.testing import REPORT, Story, local, rule_named, thing

L2, L3 = "investigation-initiated-l2.policy-2009", "investigation-initiated-l3.policy-2009"
CHILD = thing("child")
OF_THE_CHILD: dict[str, Any] = {"kind": "child", "id": CHILD}
CALLED = Story(tolerance_minutes=30).told(
    "ReportReceived", "2026-04-06 10:00", childInCustody=False, setting="own-home"
)
LEVEL_3 = CALLED.told("ReportScreened", "2026-04-06 11:00", decision="screened-in", level=3)


def everything(*looks: Judge) -> list[FamilyEvent]:
    """All that a series of looks records."""
    recorded: list[FamilyEvent] = []
    for look in looks:
        recorded += DECIDER.decide(look, DECIDER.fold(recorded))
    return recorded


def history(*looks: Judge) -> list[ClockEvent]:
    """Everything that a series of looks announces about clocks."""
    return [event for event in everything(*looks) if not isinstance(event, ClocksAssigned)]


def of_rule(rule_id: str, announced: Sequence[ClockEvent]) -> list[tuple[str, str]]:
    return [(type(event).__name__, event.reason) for event in announced if event.rule_id == rule_id]


def test_a_clock_starts_warns_and_is_met() -> None:
    """investigation-initiated-l3.policy-2009: warnings 12 and 4 hours before 10:00 on 7 April."""
    met = LEVEL_3.told("InvestigationInitiated", "2026-04-07 09:00")
    announced = history(
        LEVEL_3.look("2026-04-06 11:00"),
        LEVEL_3.look("2026-04-06 22:00"),
        LEVEL_3.look("2026-04-07 06:00"),
        met.look("2026-04-07 09:00"),
    )
    assert of_rule(L3, announced) == [
        ("ClockStarted", ""), ("ClockWarned", ""), ("ClockWarned", ""), ("ClockMet", ""),
    ]  # fmt: skip
    assert [event.warn_at for event in announced if isinstance(event, ClockWarned) and event.rule_id == L3] == [
        local("2026-04-06 22:00"),
        local("2026-04-07 06:00"),
    ]


def test_a_conclusion_says_whose_clock_it_is_under_which_rule_and_on_which_facts() -> None:
    """investigation-initiated-l3.policy-2009."""
    [started] = [event for event in history(LEVEL_3.look("2026-04-06 11:00")) if event.rule_id == L3]
    assert started.model_dump(exclude={"clock_id", "title", "subject_id"}) == {
        "rule_id": L3,
        "rule_version": f"{L3}@2009.1",
        "obligation": "investigation-initiated-l3",
        "kind": "once",
        "pack": "policy-2009",
        "authority": "DFCS policy as described in 2009",
        "source": "003:1884 003:1899 003:2232",
        "subject_type": "report",
        "per_thing": None,
        "scope": f"report:{REPORT}",
        "report_id": REPORT,
        "county": "Tunica",
        "region": None,
        "role": "assigned investigator",
        "worker_id": thing("worker"),
        "supervisor_id": thing("supervisor"),
        "started_at": local("2026-04-06 10:00"),
        "due_at": local("2026-04-07 10:00"),
        "provisional": False,
        "alerts": True,
        "facts": tuple(fact.id for fact in LEVEL_3.facts),
        "at": local("2026-04-06 11:00"),
        "reason": "",
    }


def test_a_miss_is_announced_and_so_is_the_late_act() -> None:
    late = LEVEL_3.told("InvestigationInitiated", "2026-04-07 10:01")
    announced = history(
        LEVEL_3.look("2026-04-07 09:59"), LEVEL_3.look("2026-04-07 10:00:01"), late.look("2026-04-07 10:01")
    )
    assert of_rule(L3, announced)[2:] == [("ClockMissed", ""), ("ClockMetLate", "")]


def test_a_fact_learned_late_turns_a_miss_into_met_and_says_so() -> None:
    learned = LEVEL_3.told("InvestigationInitiated", "2026-04-07 09:00", learned="2026-04-08 08:00")
    announced = history(learned.look("2026-04-07 12:00"), learned.look("2026-04-08 08:00"))
    assert of_rule(L3, announced) == [("ClockStarted", ""), ("ClockMissed", ""), ("ClockMet", "late-knowledge")]
    [met] = [event for event in announced if isinstance(event, ClockMet) and event.rule_id == L3]
    assert met.met_at == local("2026-04-07 09:00")


def test_of_several_warnings_passed_over_only_the_latest_is_given() -> None:
    announced = history(LEVEL_3.look("2026-04-06 11:00"), LEVEL_3.look("2026-04-07 07:00"))
    given_at = [event.warn_at for event in announced if isinstance(event, ClockWarned) and event.rule_id == L3]
    assert given_at == [local("2026-04-07 06:00")]


def test_a_clock_that_is_missed_when_first_seen_does_not_warn() -> None:
    assert of_rule(L3, history(LEVEL_3.look("2026-04-08 09:00"))) == [("ClockStarted", ""), ("ClockMissed", "")]


def test_what_stays_missed_is_raised_to_the_director_once_also_after_downtime() -> None:
    """The ladder of investigation-initiated-l3.policy-2009: a day after the due time."""
    looks = LEVEL_3.look("2026-04-06 11:00"), LEVEL_3.look("2026-04-10 12:00"), LEVEL_3.look("2026-04-11 12:00")
    announced = history(*looks)
    assert of_rule(L3, announced) == [("ClockStarted", ""), ("ClockMissed", ""), ("ClockEscalated", "")]
    [raised] = [event for event in announced if isinstance(event, ClockEscalated) and event.rule_id == L3]
    assert (raised.escalated_at, raised.tells) == (local("2026-04-08 10:00"), ("director",))


def test_while_the_level_is_unknown_both_clocks_start_provisionally_and_warn_nobody() -> None:
    announced = history(CALLED.look("2026-04-06 10:01"), CALLED.look("2026-04-07 07:00"))
    assert of_rule(L3, announced) == of_rule(L2, announced) == [("ClockStarted", "")]
    assert all(event.provisional for event in announced if event.rule_id in (L2, L3))


def test_once_the_level_is_known_one_clock_is_confirmed_and_the_other_cancelled() -> None:
    announced = history(CALLED.look("2026-04-06 10:01"), LEVEL_3.look("2026-04-06 11:00"))
    assert of_rule(L3, announced) == [("ClockStarted", ""), ("ClockMoved", "condition-known")]
    assert of_rule(L2, announced) == [("ClockStarted", ""), ("ClockCancelled", "condition-false")]


def test_a_lower_level_cancels_a_clock_and_a_higher_one_starts_it_again() -> None:
    lowered = LEVEL_3.told("ReportScreened", "2026-04-06 12:00", decision="screened-in", level=2)
    raised = lowered.told("ReportScreened", "2026-04-06 13:00", decision="screened-in", level=3)
    looks = [LEVEL_3.look("2026-04-06 11:30"), lowered.look("2026-04-06 12:30"), raised.look("2026-04-06 13:30")]
    assert of_rule(L3, history(*looks)) == [
        ("ClockStarted", ""), ("ClockCancelled", "condition-false"), ("ClockStarted", "restarted"),
    ]  # fmt: skip


def test_a_clock_that_does_not_apply_is_never_started() -> None:
    """law-enforcement-call.policy-2009 without a felony; gates and missing tolerances announce nothing either."""
    announced = history(Story(LEVEL_3.facts).look("2026-04-08 12:00"))
    names = {event.rule_id for event in announced}
    assert "law-enforcement-call.policy-2009" not in names
    assert "report-entered.settlement" not in names
    assert not {name for name in names if rule_named(name).kind == "gate"}


def in_business_days(calendar: Calendar, as_of: str) -> Judge:
    """safety-assessment.policy-2009 as a limit of seven business days."""
    said = vars(rule_named("safety-assessment.policy-2009"))
    rule = Rule.model_validate({**{name: said[name] for name in Rule.model_fields}, "due": "7 business-days"})
    return replace(LEVEL_3.look(as_of), judged=Judged.of([rule]), calendar=calendar)


CLOSED = Calendar(closures=frozenset({local("2026-04-08 12:00").date()}))


def test_a_closure_learned_later_moves_the_due_time() -> None:
    """safety-assessment.policy-2009: seven business days end on 15 April, with one more closed day on the 16th."""
    looks = in_business_days(Calendar(), "2026-04-06 12:00"), in_business_days(CLOSED, "2026-04-07 12:00")
    [_, moved] = history(*looks)
    assert isinstance(moved, ClockMoved)
    assert (moved.previous_due_at, moved.due_at, moved.reason) == (
        local("2026-04-15 23:59:59"),
        local("2026-04-16 23:59:59"),
        "due-time-moved",
    )


def test_an_earlier_due_time_warns_again() -> None:
    """safety-assessment.policy-2009: the warning for the 16th came on the 14th; now it is due on the 15th already."""
    announced = history(
        in_business_days(CLOSED, "2026-04-06 12:00"),
        in_business_days(CLOSED, "2026-04-15 00:00"),
        in_business_days(Calendar(), "2026-04-15 01:00"),
        in_business_days(Calendar(), "2026-04-15 02:00"),
    )
    assert [(type(event).__name__, event.due_at) for event in announced] == [
        ("ClockStarted", local("2026-04-16 23:59:59")),
        ("ClockWarned", local("2026-04-16 23:59:59")),
        ("ClockMoved", local("2026-04-15 23:59:59")),
        ("ClockWarned", local("2026-04-15 23:59:59")),
    ]


def test_what_was_met_stays_met_when_the_victim_is_taken_off_the_list() -> None:
    """custody-victim-interviewed.policy-2009."""
    first = Story().told("ReportReceived", "2026-04-06 10:00", setting="resource-home", victims=[CHILD])
    met = first.told("ChildInterviewed", "2026-04-06 11:00", childId=CHILD, alone=True, private=True, awayFromHome=True)
    corrected = met.told("ReportReceived", "2026-04-06 12:00", setting="resource-home", victims=[])
    announced = history(
        met.look("2026-04-06 11:00", **OF_THE_CHILD), corrected.look("2026-04-06 12:00", **OF_THE_CHILD)
    )
    assert of_rule("custody-victim-interviewed.policy-2009", announced) == [("ClockStarted", ""), ("ClockMet", "")]


def test_a_victim_taken_off_the_list_is_no_longer_owed() -> None:
    """custody-victim-interviewed.policy-2009, setting per_list."""
    first = Story().told("ReportReceived", "2026-04-06 10:00", setting="resource-home", victims=[CHILD])
    corrected = first.told("ReportReceived", "2026-04-06 12:00", setting="resource-home", victims=[])
    announced = history(
        first.look("2026-04-06 11:00", **OF_THE_CHILD), corrected.look("2026-04-06 12:00", **OF_THE_CHILD)
    )
    assert of_rule("custody-victim-interviewed.policy-2009", announced) == [
        ("ClockStarted", ""), ("ClockCancelled", "no-longer-owed"),
    ]  # fmt: skip


def test_the_same_look_again_announces_nothing() -> None:
    look = LEVEL_3.look("2026-04-07 07:00")
    assert history(look, look) == history(look)


def test_of_two_authorities_only_one_alerts() -> None:
    """custody-investigation-initiated: settlement and policy."""
    story = Story().told("ReportReceived", "2026-04-06 10:00", childInCustody=True)
    alerting = {
        event.pack: event.alerts
        for event in history(story.look("2026-04-06 11:00"))
        if event.obligation == "custody-investigation-initiated"
    }
    assert alerting == {"policy-2009": True, "settlement": False}


@pytest.mark.parametrize("as_of", ["2026-04-06 10:01", "2026-04-07 07:00", "2026-06-01 12:00"])
def test_every_conclusion_survives_storage(as_of: str) -> None:
    for event in history(LEVEL_3.look(as_of)):
        assert REGISTRY.load(event.stored_name, event.stored_version, event.model_dump_json()) == event
        assert event.stored_name.startswith("deadlines.clock-")


LIVED = (
    CALLED.told("ReportScreened", "2026-04-06 11:00", learned="2026-04-06 12:30", decision="screened-in", level=2)
    .told("ReportScreened", "2026-04-06 12:00", learned="2026-04-07 15:00", decision="screened-in", level=3)
    .told("ReportAssigned", "2026-04-06 13:00", learned="2026-04-08 09:00")
    .told("InvestigationOpened", "2026-04-06 14:00", childIds=[CHILD])
    .told("InvestigationInitiated", "2026-04-07 09:59", learned="2026-04-09 09:00")
    .told("SafetyAssessmentCompleted", "2026-04-13 09:00", learned="2026-04-20 09:00", stage="initial")
    .told("RiskAssessmentCompleted", "2026-04-15 09:00")
    .told("InvestigationSubmitted", "2026-05-01 23:59", learned="2026-05-04 09:00")
    .told("InvestigationApproved", "2026-05-05 10:00", childIds=[CHILD], reportedSetting="facility")
    .told("VisitLogged", "2026-05-20 10:00", childId=CHILD, kind="worker-child")
    .told("VisitLogged", "2026-06-01 10:00", learned="2026-06-20 10:00", childId=CHILD, kind="worker-child")
)
LAST_LOOK = local("2026-09-01 12:00")
instants = st.lists(
    st.integers(0, 120 * 24 * 60).map(lambda minutes: local("2026-04-06 10:00") + timedelta(minutes=minutes)),
    max_size=6,
)


@st.composite
def shuffled(draw: st.DrawFn) -> list[Fact]:
    return [*draw(st.permutations(LIVED.facts)), *draw(st.lists(st.sampled_from(LIVED.facts), max_size=4))]


def looks_at(times: Sequence[datetime], facts: Sequence[Fact]) -> list[Judge]:
    look = LIVED.look("2026-04-06 10:00", facts)
    return [replace(look, as_of=at) for at in (*sorted(times), LAST_LOOK)]


def verdicts(standings: Standings) -> dict[UUID, tuple[str, datetime | None]]:
    """What stands in the end. A clock that only ever was provisional may have been seen or not."""
    return {clock: (known.state, known.last.due_at) for clock, known in standings.items() if known.state != "cancelled"}


@settings(max_examples=30)
@given(shuffled(), instants)
def test_order_and_repeats_leave_the_announced_history_as_it_is(facts: list[Fact], times: list[datetime]) -> None:
    assert history(*looks_at(times, facts)) == history(*looks_at(times, LIVED.facts))


@settings(max_examples=30)
@given(instants, instants)
def test_however_often_one_looked_the_same_verdicts_stand_in_the_end(
    some: list[datetime], other: list[datetime]
) -> None:
    first, second = history(*looks_at(some, LIVED.facts)), history(*looks_at(other, LIVED.facts))
    assert verdicts(DECIDER.fold(first)) == verdicts(DECIDER.fold(second))


@settings(max_examples=30)
@given(instants)
def test_no_clock_starts_twice_and_no_warning_is_given_twice(times: list[datetime]) -> None:
    announced = history(*looks_at(times, LIVED.facts))
    warned = [(event.clock_id, event.warn_at) for event in announced if isinstance(event, ClockWarned)]
    started = [event.clock_id for event in announced if isinstance(event, ClockStarted) and not event.reason]
    assert len(set(warned)) == len(warned)
    assert len(set(started)) == len(started)


def test_open_clocks_follow_the_report_to_another_worker_and_are_not_announced_again() -> None:
    look = LEVEL_3.look("2026-04-06 11:00")
    given_away = replace(look, place=replace(look.place, worker_id="walter-worker"))
    recorded = everything(look, given_away, given_away)
    started = {event.clock_id for event in recorded if isinstance(event, ClockStarted)}
    [assigned] = [event for event in recorded if isinstance(event, ClocksAssigned)]
    assert recorded[-1] is assigned
    assert (assigned.worker_id, set(assigned.clock_ids)) == ("walter-worker", started)


def test_a_correction_of_the_call_time_moves_the_clock_in_the_open() -> None:
    """investigation-initiated-l3.policy-2009: called at 08:00, not at 10:00, as was learned at 13:00."""
    corrected = LEVEL_3.told("ReportAmended", "2026-04-06 13:00", receivedAt=local("2026-04-06 08:00").isoformat())
    announced = history(LEVEL_3.look("2026-04-06 11:00"), corrected.look("2026-04-06 13:00"))
    [moved] = [event for event in announced if isinstance(event, ClockMoved) and event.rule_id == L3]
    assert (moved.previous_due_at, moved.due_at) == (local("2026-04-07 10:00"), local("2026-04-07 08:00"))


def test_a_correction_that_the_child_is_in_custody_starts_the_custody_clocks() -> None:
    """custody-investigation-complete.settlement: 20 calendar days from the call, whenever custody was learned."""
    corrected = LEVEL_3.told("ReportAmended", "2026-04-08 09:00", childInCustody=True)
    rule_id = "custody-investigation-complete.settlement"
    assert corrected.clock(rule_id, "2026-04-08 08:00").state == "not-applicable"
    clock = corrected.clock(rule_id, "2026-04-08 09:00")
    assert (clock.state, clock.due_at) == ("running", local("2026-04-26 23:59:59"))


def test_a_clock_that_is_set_back_before_a_suspension_goes_on_without_it() -> None:
    """Setting the clock back is no order: nobody is named, the due time says what changed, and nothing breaks."""
    [clock] = LEVEL_3.clocks(L3, "2026-04-06 11:30")
    order = {"scope": f"report:{REPORT}", "clockId": str(clock.clock_id), "by": "sam-supervisor", "reason": "emergency"}
    suspended = LEVEL_3.said("ClockSuspended", "2026-04-06 12:00", **order)
    announced = history(suspended.look("2026-04-06 12:30"), suspended.look("2026-04-06 11:30"))
    assert of_rule(L3, announced) == [
        ("ClockStarted", ""),
        ("ClockSuspended", "emergency"),
        ("ClockMoved", "due-time-moved"),
    ]
    [moved] = [event for event in announced if isinstance(event, ClockMoved) and event.rule_id == L3]
    assert (moved.previous_due_at, moved.due_at) == (None, local("2026-04-07 10:00"))
