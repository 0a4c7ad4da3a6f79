"""Readings that no expectation sets: each value changes what the clocks show, as readings.toml says."""

from deadlines.judge import judge
from deadlines.testing import CALENDAR, Story, local, rule_named
from deadlines.view import ClockView


def clocks(story: Story, rule_id: str, as_of: str, **settings: object) -> list[ClockView]:
    return list(judge(story.facts, [rule_named(rule_id, settings)], CALENDAR, local(as_of)))


def test_a_late_stop_leaves_the_miss_or_erases_it() -> None:
    """stop_after_due; risk-assessment.policy-2009: due on 13 April, screened out on the 20th."""
    story = Story().told("ReportReceived", "2026-04-06 10:00")
    story = story.told("ReportScreened", "2026-04-20 09:00", decision="screened-out", level=1)
    rule = "risk-assessment.policy-2009"
    [kept] = clocks(story, rule, "2026-05-01 12:00", stop_after_due="stays_missed")
    [erased] = clocks(story, rule, "2026-05-01 12:00", stop_after_due="erases_the_miss")
    assert (kept.state, kept.missed_at) == ("missed", local("2026-04-13 23:59:59"))
    assert (erased.state, erased.missed_at) == ("cancelled", None)


MONTH_CLOSED = Story().said("PeriodClosed", "2026-02-01 00:00", period="month", endsOn="2026-01-31")
REPORTED = MONTH_CLOSED.said("IndicatorReportIssued", "2026-02-20 10:00", kind="il-services")


def test_a_turn_counts_from_the_last_time_done_or_from_its_due_time() -> None:
    """repeat_from; il-monthly-report.policy-2009: due 28 February, done on the 20th."""
    rule = "il-monthly-report.policy-2009"
    done = clocks(REPORTED, rule, "2026-02-21 12:00", repeat_from="last_done")[-1]
    due = clocks(REPORTED, rule, "2026-02-21 12:00", repeat_from="last_due")[-1]
    assert (done.period, done.due_at) == (2, local("2026-03-20 23:59:59"))
    assert (due.period, due.due_at) == (2, local("2026-03-28 23:59:59"))


def test_the_first_turn_is_due_one_interval_after_the_start_or_at_once() -> None:
    """first_due; il-monthly-report.policy-2009."""
    rule = "il-monthly-report.policy-2009"
    [later] = clocks(MONTH_CLOSED, rule, "2026-02-02 12:00", first_due="one_every_after_start")
    [at_once] = clocks(MONTH_CLOSED, rule, "2026-02-02 12:00", first_due="at_start")
    assert (later.state, later.due_at) == ("running", local("2026-02-28 23:59:59"))
    assert (at_once.state, at_once.due_at) == ("missed", local("2026-01-31 23:59:59"))


def test_the_months_of_a_quota_roll_from_the_start_or_are_those_of_the_calendar() -> None:
    """quota_period; post-investigation-visits.settlement: three months from 6 April, rolling where nobody chooses."""
    story = Story().said("InvestigationApproved", "2026-04-06 10:00", childIds=["amber"], reportedSetting="facility")
    rule = "post-investigation-visits.settlement"
    rolling = clocks(story, rule, "2026-04-20 12:00")
    assert [(clock.period, clock.due_at) for clock in rolling] == [(1, local("2026-05-05 23:59:59"))]
    assert clocks(story, rule, "2026-04-20 12:00", quota_period="calendar_month") == []
    calendar = clocks(story, rule, "2026-05-20 12:00", quota_period="calendar_month")
    assert [(clock.period, clock.due_at) for clock in calendar] == [(1, local("2026-05-31 23:59:59"))]


def test_the_referral_or_the_start_chooses_the_family_preservation_pack() -> None:
    """fps_pack_chosen_by; fps-contact-hours-phase-1.fps-proposed-2006, in force from 23 February 2006."""
    story = Story().said("FpsReferralMade", "2006-02-20 10:00", referralId="referral", caseId="case")
    story = story.said(
        "FpsFamilyAccepted", "2006-02-24 10:00", referralId="referral", serviceId="service", caseId="case"
    )
    story = story.said("FpsInitialContactMade", "2006-03-01 10:00", serviceId="service", referralId="referral")
    rule = "fps-contact-hours-phase-1.fps-proposed-2006"
    assert clocks(story, rule, "2006-03-02 12:00", fps_pack_chosen_by="referral_date") == []
    assert len(clocks(story, rule, "2006-03-02 12:00", fps_pack_chosen_by="start_date")) == 1
