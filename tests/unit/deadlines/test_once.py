"""Each clock row: met just in time, missed by a minute, met late, not applicable, unknown. Limits counted by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from deadlines.testing import Story, local, thing

LONG_AFTER = "2026-08-01 12:00"
CHILD = thing("child")


@dataclass(frozen=True)
class Row:
    """One clock row: the story that starts it, the act that meets it, and the due time worked out by hand.

    `otherwise` is a story in which it does not apply, `too_early` one in which nobody can say yet.
    """

    rule: str
    given: Story
    act: tuple[str, dict[str, Any]]
    due: str
    otherwise: Story | None = None
    too_early: Story | None = None


def reported(**data: Any) -> Story:
    """A call on Monday, 6 April 2026, at ten in the morning; the agency takes half an hour as immediately."""
    return Story(tolerance_minutes=30).told("ReportReceived", "2026-04-06 10:00", **data)


def screened(level: int, story: Story | None = None, **data: Any) -> Story:
    told = story or reported()
    return told.told("ReportScreened", "2026-04-06 11:00", decision="screened-in", level=level, **data)


def assigned(matches: int) -> Story:
    searched = reported().told("PriorReportsSearched", "2026-04-06 10:20", matchCount=matches)
    return screened(2, searched).told("ReportAssigned", "2026-04-06 12:00")


def noticed_but_one() -> Story:
    story = reported(setting="resource-home")
    for role in ("regional-director-cos", "resource-supervisor-cos", "regional-director-cor", "supervisor-cor"):
        story = story.told("CustodyReportNoticeSent", "2026-04-06 10:05", recipientRole=role)
    return story


IN_CUSTODY, AT_HOME = (
    reported(childInCustody=True),
    reported(childInCustody=False, setting="own-home", felonyType="none"),
)
IN_A_RESOURCE_HOME = reported(setting="resource-home", victims=[CHILD])
SUBMITTED = ("InvestigationSubmitted", "2026-04-20 15:00")
PRIVATELY: dict[str, Any] = {"childId": CHILD, "alone": True, "private": True, "awayFromHome": True}
ROWS = [
    # 003:2183 at once: 10:00 + the tolerance of 30 minutes
    Row("report-entered.settlement", reported(), ("ReportEntered", {}), "2026-04-06 10:30"),
    # 003:2184 at once from the assignment at 12:00
    Row(
        "prior-reports-shared.settlement", assigned(matches=2), ("PriorReportsShared", {}), "2026-04-06 12:30",
        otherwise=assigned(matches=0), too_early=screened(2).told("ReportAssigned", "2026-04-06 12:00"),
    ),
    # 003:1884 within 24 hours of the call
    Row("report-assigned.policy-2009", reported(), ("ReportAssigned", {}), "2026-04-07 10:00"),
    # 003:1886 immediately
    Row(
        "law-enforcement-call.policy-2009", reported(felonyType="sexual-abuse"), ("LawEnforcementNotified", {}),
        "2026-04-06 10:30", otherwise=AT_HOME,
    ),
    # 003:1987 notified immediately, each of the five; the fifth is the act
    Row(
        "resource-home-report-notice.policy-2009", noticed_but_one(),
        ("CustodyReportNoticeSent", {"recipientRole": "resource-supervisor-victim"}), "2026-04-06 10:30",
        otherwise=AT_HOME,
    ),
    # 003:1884 Level 2 within 72 hours
    Row(
        "investigation-initiated-l2.policy-2009", screened(2), ("InvestigationInitiated", {}), "2026-04-09 10:00",
        otherwise=screened(3), too_early=reported(),
    ),
    # 003:1884 Level 3 within 24 hours
    Row(
        "investigation-initiated-l3.policy-2009", screened(3), ("InvestigationInitiated", {}), "2026-04-07 10:00",
        otherwise=screened(2), too_early=reported(),
    ),
    # 003:2175 and 003:1873: a child in custody, within 24 hours
    Row(
        "custody-investigation-initiated.settlement", IN_CUSTODY, ("InvestigationInitiated", {}), "2026-04-07 10:00",
        otherwise=AT_HOME,
    ),
    Row(
        "custody-investigation-initiated.policy-2009", IN_CUSTODY, ("InvestigationInitiated", {}), "2026-04-07 10:00",
        otherwise=AT_HOME,
    ),
    # 003:1989 on the same day
    Row(
        "custody-victim-interviewed.policy-2009", IN_A_RESOURCE_HOME, ("ChildInterviewed", PRIVATELY),
        "2026-04-06 23:59:59", otherwise=reported(setting="own-home", victims=[CHILD]),
    ),
    # 003:1884, 003:2233 within 7 days: 6 April is day 0, Monday 13 April day 7
    Row(
        "safety-assessment.policy-2009", screened(2), ("SafetyAssessmentCompleted", {"stage": "initial"}),
        "2026-04-13 23:59:59", otherwise=screened(1), too_early=reported(),
    ),
    Row("risk-assessment.policy-2009", reported(), ("RiskAssessmentCompleted", {}), "2026-04-13 23:59:59"),
    # 003:1884: 25 days for the worker (1 May), 5 for the supervisor, 30 in all (6 May)
    Row(
        "investigation-worker-complete.policy-2009", screened(3), ("InvestigationSubmitted", {}),
        "2026-05-01 23:59:59", otherwise=screened(2), too_early=reported(),
    ),
    Row(
        "investigation-supervisor-approval.policy-2009", screened(3).told(*SUBMITTED), ("InvestigationApproved", {}),
        "2026-04-25 23:59:59", otherwise=screened(2).told(*SUBMITTED), too_early=reported().told(*SUBMITTED),
    ),
    Row(
        "investigation-complete.policy-2009", screened(3), ("InvestigationApproved", {}), "2026-05-06 23:59:59",
        otherwise=screened(2), too_early=reported(),
    ),
    # 003:2175 within 20 calendar days: Sunday 26 April
    Row(
        "custody-investigation-complete.settlement", IN_CUSTODY, ("InvestigationApproved", {}), "2026-04-26 23:59:59",
        otherwise=AT_HOME,
    ),
    # 003:1933 immediately once a factor is found
    Row(
        "safety-plan-on-factor.policy-2009", reported().told("SafetyFactorFound", "2026-04-08 09:00"),
        ("SafetyPlanActivated", {}), "2026-04-08 09:30",
    ),
    # 003:2317 within the first 7 days of the investigation
    Row(
        "safety-plan-completed.policy-2009", screened(3).told("InvestigationOpened", "2026-04-07 14:00"),
        ("SafetyPlanActivated", {}), "2026-04-14 23:59:59",
        otherwise=screened(2).told("InvestigationOpened", "2026-04-07 14:00"),
        too_early=reported().told("InvestigationOpened", "2026-04-07 14:00"),
    ),
]  # fmt: skip
every_row = pytest.mark.parametrize("row", ROWS, ids=[row.rule for row in ROWS])


def tied(story: Story) -> Story:
    """The story with its investigation opened: only that says which report the facts of an investigation belong to."""
    opened = any(fact.type == "InvestigationOpened" for fact in story.facts)
    return story if opened else story.told("InvestigationOpened", "2026-04-06 13:00")


def minute_after(row: Row) -> str:
    return (datetime.fromisoformat(row.due) + timedelta(minutes=1)).isoformat(" ")


@every_row
def test_an_act_at_the_due_time_meets_it(row: Row) -> None:
    event, data = row.act
    clock = tied(row.given).told(event, row.due, **data).clock(row.rule, LONG_AFTER)
    assert (clock.state, clock.due_at, clock.met_at) == ("met", local(row.due), local(row.due))
    assert len(clock.met_by) >= 1


@every_row
def test_a_minute_after_the_due_time_it_is_missed(row: Row) -> None:
    story = tied(row.given)
    assert story.clock(row.rule, row.due).state == "running"
    clock = story.clock(row.rule, minute_after(row))
    assert (clock.state, clock.missed_at) == ("missed", local(row.due))
    assert clock.next_at == next((step.at for step in clock.steps if step.at > local(minute_after(row))), None)


@every_row
def test_an_act_a_minute_late_meets_it_late(row: Row) -> None:
    event, data = row.act
    clock = tied(row.given).told(event, minute_after(row), **data).clock(row.rule, LONG_AFTER)
    assert (clock.state, clock.met_at) == ("met-late", local(minute_after(row)))


@every_row
def test_an_act_learned_late_is_judged_by_when_it_happened(row: Row) -> None:
    event, data = row.act
    story = tied(row.given).told(event, row.due, learned="2026-07-01 09:00", **data)
    assert story.clock(row.rule, "2026-06-30 09:00").state == "missed"
    assert story.clock(row.rule, "2026-07-01 09:00").state == "met"


@pytest.mark.parametrize("row", [row for row in ROWS if row.otherwise], ids=lambda row: row.rule)
def test_where_its_condition_is_false_it_does_not_apply(row: Row) -> None:
    assert row.otherwise is not None
    clock = tied(row.otherwise).clock(row.rule, LONG_AFTER)
    assert (clock.state, clock.reasons, clock.next_at) == ("not-applicable", ("condition-false",), None)


@pytest.mark.parametrize("row", [row for row in ROWS if row.too_early], ids=lambda row: row.rule)
def test_while_its_condition_is_unknown_the_due_time_is_provisional(row: Row) -> None:
    assert row.too_early is not None
    clock = tied(row.too_early).clock(row.rule, LONG_AFTER)
    assert (clock.state, clock.due_at, clock.provisional) == ("unknown", local(row.due), True)
    assert clock.reasons[0].startswith("condition-unknown:")


@pytest.mark.parametrize("row", [row for row in ROWS if row.due.endswith(":30")], ids=lambda row: row.rule)
def test_without_a_tolerance_immediately_is_unknown(row: Row) -> None:
    """Setting tolerance_minutes: no default."""
    clock = Story(tied(row.given).facts).clock(row.rule, LONG_AFTER)
    assert (clock.state, clock.due_at, clock.reasons, clock.steps) == ("unknown", None, ("tolerance-missing",), ())


def test_screening_out_is_another_way_to_answer_a_report_in_24_hours() -> None:
    """report-assigned.policy-2009: Level 1 is screened out; screening in alone does not assign."""
    out = reported().told("ReportScreened", "2026-04-07 09:59", decision="screened-out", level=1)
    assert out.clock("report-assigned.policy-2009", LONG_AFTER).state == "met"
    assert screened(2).clock("report-assigned.policy-2009", LONG_AFTER).state == "missed"


def test_a_screened_out_report_owes_no_risk_assessment() -> None:
    """risk-assessment.policy-2009: all investigations, and here is none."""
    out = reported().told("ReportScreened", "2026-04-07 09:00", decision="screened-out", level=1)
    clock = out.clock("risk-assessment.policy-2009", LONG_AFTER)
    assert (clock.state, clock.stopped_at, clock.reasons) == ("cancelled", local("2026-04-07 09:00"), ("stopped",))


def test_a_stop_after_the_due_time_does_not_erase_the_miss() -> None:
    """Setting stop_after_due: stays_missed."""
    out = reported().told("ReportScreened", "2026-04-20 09:00", decision="screened-out", level=1)
    assert out.clock("risk-assessment.policy-2009", LONG_AFTER).state == "missed"


def test_present_danger_starts_the_24_hours_at_level_2_too() -> None:
    """investigation-initiated-l3.policy-2009, 003:1899: within 24 hours when present danger is suspected."""
    clock = screened(2, presentDanger=True).clock("investigation-initiated-l3.policy-2009", "2026-04-06 12:00")
    assert (clock.state, clock.due_at) == ("running", local("2026-04-07 10:00"))


def test_the_latest_screening_decides_until_the_clock_is_met() -> None:
    """Setting condition_read_at, investigation-initiated-l2 and -l3."""
    raised = screened(2).told("ReportScreened", "2026-04-06 15:00", decision="screened-in", level=3)
    assert raised.clock("investigation-initiated-l2.policy-2009", "2026-04-06 16:00").state == "not-applicable"
    assert raised.clock("investigation-initiated-l3.policy-2009", "2026-04-06 16:00").state == "running"
    met_before = (
        screened(2)
        .told("InvestigationInitiated", "2026-04-06 14:00")
        .told("ReportScreened", "2026-04-06 15:00", decision="screened-in", level=3)
    )
    assert met_before.clock("investigation-initiated-l2.policy-2009", "2026-04-06 16:00").state == "met"


def test_four_notices_of_five_do_not_meet_the_duty() -> None:
    """resource-home-report-notice.policy-2009: one notice per recipient, each needs proof."""
    assert noticed_but_one().clock("resource-home-report-notice.policy-2009", LONG_AFTER).state == "missed"


def test_every_alleged_victim_has_a_clock_of_its_own() -> None:
    """custody-victim-interviewed.policy-2009."""
    other = thing("other child")
    story = reported(setting="resource-home", victims=[CHILD, other])
    told = story.told("ChildInterviewed", "2026-04-06 17:00", **PRIVATELY)
    states = {
        clock.per_thing: clock.state for clock in told.clocks("custody-victim-interviewed.policy-2009", LONG_AFTER)
    }
    assert states == {CHILD: "met", other: "missed"}


def test_an_interview_that_is_not_private_does_not_count() -> None:
    """custody-victim-interviewed.policy-2009, R-INV-006: individually, privately and away from the resource home."""
    told = IN_A_RESOURCE_HOME.told("ChildInterviewed", "2026-04-06 17:00", **(PRIVATELY | {"private": False}))
    assert told.clock("custody-victim-interviewed.policy-2009", LONG_AFTER).state == "missed"


def test_a_victim_added_later_is_owed_from_the_same_start() -> None:
    """Setting per_list: latest; custody-victim-interviewed.policy-2009."""
    other = thing("other child")
    told = IN_A_RESOURCE_HOME.told("ReportAmended", "2026-04-06 12:00", victims=[CHILD, other])
    before = {
        clock.clock_id for clock in IN_A_RESOURCE_HOME.clocks("custody-victim-interviewed.policy-2009", LONG_AFTER)
    }
    after = told.clocks("custody-victim-interviewed.policy-2009", LONG_AFTER)
    assert {(clock.per_thing, clock.started_at) for clock in after} == {
        (CHILD, local("2026-04-06 10:00")),
        (other, local("2026-04-06 10:00")),
    }
    assert before < {clock.clock_id for clock in after}


def test_an_act_before_the_start_does_not_count() -> None:
    """Setting satisfied_before_start; safety-plan-on-factor.policy-2009."""
    early = (
        tied(reported()).told("SafetyPlanActivated", "2026-04-08 08:59").told("SafetyFactorFound", "2026-04-08 09:00")
    )
    assert early.clock("safety-plan-on-factor.policy-2009", LONG_AFTER).state == "missed"


def test_the_settlement_rows_begin_180_days_after_the_approval_of_its_plan() -> None:
    """report-entered.settlement: 31 January 2008 + 180 calendar days = 29 July 2008."""
    before = Story().told("ReportReceived", "2008-07-28 23:59")
    after = Story().told("ReportReceived", "2008-07-29 00:00")
    assert before.clocks("report-entered.settlement", "2008-08-01 00:00") == []
    assert len(after.clocks("report-entered.settlement", "2008-08-01 00:00")) == 1


def test_an_act_at_midnight_after_the_last_day_is_late() -> None:
    """risk-assessment.policy-2009, settings due_time and boundary: 23:59:59 is in time, the next midnight is not."""
    in_time = tied(reported()).told("RiskAssessmentCompleted", "2026-04-13 23:59:59.900")
    late = tied(reported()).told("RiskAssessmentCompleted", "2026-04-14 00:00")
    assert in_time.clock("risk-assessment.policy-2009", LONG_AFTER).state == "met"
    assert late.clock("risk-assessment.policy-2009", LONG_AFTER).state == "met-late"


def test_an_act_at_the_instant_of_the_stop_counts() -> None:
    """Setting same_instant: satisfied_first; risk-assessment.policy-2009."""
    out = reported().told("ReportScreened", "2026-04-08 09:00", decision="screened-out", level=1)
    out = tied(out)
    together = out.told("RiskAssessmentCompleted", "2026-04-08 09:00")
    too_late = out.told("RiskAssessmentCompleted", "2026-04-08 09:01")
    assert together.clock("risk-assessment.policy-2009", LONG_AFTER).state == "met"
    assert too_late.clock("risk-assessment.policy-2009", LONG_AFTER).state == "cancelled"


def test_a_stop_at_the_instant_of_the_start_ends_only_earlier_clocks() -> None:
    """Setting same_instant; risk-assessment.policy-2009."""
    out = reported().told("ReportScreened", "2026-04-06 10:00", decision="screened-out", level=1)
    assert out.clock("risk-assessment.policy-2009", "2026-04-07 12:00").state == "running"


def test_a_condition_first_known_after_the_act_is_read_then() -> None:
    """investigation-initiated-l3.policy-2009: initiated at once, screened afterwards."""
    story = reported().told("InvestigationInitiated", "2026-04-06 10:30")
    assert story.clock("investigation-initiated-l3.policy-2009", "2026-04-06 10:45").state == "unknown"
    assert screened(3, story).clock("investigation-initiated-l3.policy-2009", "2026-04-06 12:00").state == "met"


def test_an_earlier_start_told_later_is_still_the_same_clock() -> None:
    """custody-victim-interviewed.policy-2009: the call turns out to have come the evening before."""
    rule = "custody-victim-interviewed.policy-2009"
    told = IN_A_RESOURCE_HOME.told(
        "ReportReceived", "2026-04-05 20:00", learned="2026-04-06 12:00", setting="resource-home", victims=[CHILD]
    )
    before, after = told.clock(rule, "2026-04-06 11:00"), told.clock(rule, "2026-04-06 12:00")
    assert before.clock_id == after.clock_id
    assert (before.due_at, after.due_at) == (local("2026-04-06 23:59:59"), local("2026-04-05 23:59:59"))
