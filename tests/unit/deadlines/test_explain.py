"""Explanations: the sentences a caseworker checks, counted by hand."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deadlines.explain import Explanation, explain
from deadlines.facts import EXTEND
from deadlines.judge import judge
from deadlines.rule import Rule
from deadlines.testing import CALENDAR, Story, local, rule_named, thing
from deadlines.wording import when

CALLED = Story().told("ReportReceived", "2026-04-06 10:00", learned="2026-04-06 10:05")


def explained(story: Story, rule_id: str, as_of: str, thing: str | None = None, **settings: object) -> Explanation:
    """The latest clock of a rule (of one thing, if it is named), explained."""
    if story.tolerance_minutes:
        settings |= {"tolerance_minutes": story.tolerance_minutes}
    rule = rule_named(rule_id, settings)
    clocks = judge(story.facts, [rule], CALENDAR, local(as_of))
    clock = [clock for clock in clocks if thing in (None, clock.per_thing)][-1]
    return explain(clock, rule, story.facts, CALENDAR)


def stories_on_paper() -> Iterator[tuple[Story, Rule, str]]:
    """Every story that the expectations tell, with its rule."""
    for file in sorted((Path(__file__).parent / "expectations").glob("*.toml")):
        for each in tomllib.loads(file.read_text("utf-8"))["expect"]:
            story = Story()
            for told in each.get("given", []):
                story = story.said(**told)
            as_of = each.get("as_of") or each["attempt"]["at"]
            rule = rule_named(each["row"])
            readings = rule.readings.model_copy(update=each.get("settings", {}))
            yield story, rule.model_copy(update={"readings": readings}), as_of


def said_of(told: Explanation, name: str) -> tuple[str, str]:
    """The value of a reading, and who set it."""
    return next((setting.value, setting.set_by) for setting in told.settings if setting.name == name)


def test_hours_are_explained_as_start_and_sum() -> None:
    """report-assigned.policy-2009: 24 hours from the call."""
    told = explained(CALLED, "report-assigned.policy-2009", "2026-04-06 12:00")
    assert told.arithmetic == (
        "Mon 2026-04-06 10:00:00 CDT + 24 hours, as elapsed time = Tue 2026-04-07 10:00:00 CDT.",
    )
    assert (
        "Report received: happened Mon 2026-04-06 10:00:00 CDT, learned Mon 2026-04-06 10:05:00 CDT." in told.sentences
    )
    assert told.facts[0].learned_at == local("2026-04-06 10:05")
    assert told.would_meet == "Report assigned or ReportScreened(decision=screened-out)"
    assert said_of(told, "hours") == ("elapsed", "standard")
    assert (told.rule, told.source) == ("report-assigned.policy-2009@2009.1", "003:1884 003:2231 003:2066")


def test_days_are_counted_one_by_one() -> None:
    """risk-assessment.policy-2009: seven days from the call."""
    told = explained(CALLED, "risk-assessment.policy-2009", "2026-04-20 12:00")
    assert told.arithmetic == (
        "Mon 2026-04-06 is the day of the start, day 0.",
        "Tue 2026-04-07: day 1.",
        "Wed 2026-04-08: day 2.",
        "Thu 2026-04-09: day 3.",
        "Fri 2026-04-10: day 4.",
        "Sat 2026-04-11: day 5.",
        "Sun 2026-04-12: day 6.",
        "Mon 2026-04-13: day 7.",
        "Due Mon 2026-04-13 23:59:59 CDT.",
    )
    assert "Missed: due Mon 2026-04-13 23:59:59 CDT." in told.sentences
    assert "It is met by: Risk assessment completed." in told.sentences


def test_a_day_that_is_not_counted_says_why() -> None:
    """risk-assessment.policy-2009 with business days, over the holiday of 3 July 2026."""
    story = Story().told("ReportReceived", "2026-07-02 10:00")
    told = explained(story, "risk-assessment.policy-2009", "2026-07-02 12:00", day_type="business")
    assert told.arithmetic[1:4] == (
        "Fri 2026-07-03: not counted, Independence Day (observed).",
        "Sat 2026-07-04: not counted, Saturday.",
        "Sun 2026-07-05: not counted, Sunday.",
    )
    assert told.arithmetic[4] == "Mon 2026-07-06: day 1."
    assert said_of(told, "day_type") == ("business", "agency, for the rule")


def test_an_unknown_condition_is_named() -> None:
    """investigation-initiated-l2.policy-2009 before the screening."""
    told = explained(CALLED, "investigation-initiated-l2.policy-2009", "2026-04-06 12:00")
    assert told.unknown == ("whether ReportScreened(level=2) (no Report screened)",)
    assert "Provisionally due Thu 2026-04-09 10:00:00 CDT." in told.sentences
    assert said_of(told, "applies_if_unknown") == ("unknown_with_provisional_due", "standard")


def test_a_missing_tolerance_is_named() -> None:
    """report-entered.settlement."""
    told = explained(CALLED, "report-entered.settlement", "2026-04-06 12:00")
    assert (told.arithmetic, told.unknown) == ((), ("how long immediately is (tolerance missing)",))
    assert said_of(told, "tolerance_minutes") == ("not set", "standard")


def test_a_tolerance_is_added_to_the_start() -> None:
    """report-entered.settlement with an hour."""
    told = explained(Story(CALLED.facts, 60), "report-entered.settlement", "2026-04-06 10:30")
    assert told.arithmetic[0].endswith("+ 60 minutes, the tolerance for immediately = Mon 2026-04-06 11:00:00 CDT.")


def test_a_clock_that_was_met_tells_when_and_no_longer_asks() -> None:
    """custody-victim-interviewed.policy-2009: the same day."""
    child = thing("child")
    story = Story().told("ReportReceived", "2026-04-06 10:00", setting="resource-home", victims=[child])
    told = explained(
        story.told("ChildInterviewed", "2026-04-06 15:00", childId=child, alone=True, private=True, awayFromHome=True),
        "custody-victim-interviewed.policy-2009",
        "2026-04-07 12:00",
    )
    assert told.arithmetic == ("Mon 2026-04-06 10:00:00 CDT: the same day ends Mon 2026-04-06 23:59:59 CDT.",)
    assert "Met Mon 2026-04-06 15:00:00 CDT." in told.sentences
    assert not [sentence for sentence in told.sentences if sentence.startswith("It is met by")]


def test_a_quota_tells_its_period_and_what_was_counted() -> None:
    """post-investigation-visits.settlement."""
    story = Story().said("InvestigationApproved", "2026-04-06 10:00", childIds=["amber"], reportedSetting="facility")
    story = story.said("VisitLogged", "2026-04-10 10:00", childId="amber", kind="worker-child")
    told = explained(story, "post-investigation-visits.settlement", "2026-04-20 12:00")
    assert told.arithmetic == (
        "Period 1 of the quota (1 month of 3 months) begins Mon 2026-04-06 10:00:00 CDT"
        " and ends Tue 2026-05-05 23:59:59 CDT.",
        "1 of 2 acts are counted in it.",
    )
    assert told.would_meet == "VisitLogged(kind=worker-child), 2 times"
    assert said_of(told, "quota_period") == ("fallback", "standard")


def test_a_quota_of_hours_tells_its_minutes_and_when_they_are_too_many() -> None:
    """fps-contact-hours-phase-1.fps-current: five to fifteen hours a week."""
    story = Story().said("FpsInitialContactMade", "2026-03-02 10:00", serviceId="service", referralId="referral")
    story = story.said("FpsContactLogged", "2026-03-03 10:00", serviceId="service", minutes=901)
    told = explained(story, "fps-contact-hours-phase-1.fps-current", "2026-03-05 12:00")
    assert told.arithmetic[1:] == (
        "901 of 300 minutes are counted in it.",
        "That is more than the maximum of 15 hours.",
    )
    assert said_of(told, "over_maximum") == ("reported_as_over", "standard")


def test_months_are_a_sum_and_say_where_they_clip() -> None:
    """il-monthly-report.policy-2009, setting month_end: a month after 31 January is the last of February."""
    story = Story().said("PeriodClosed", "2026-02-01 00:00", period="month", endsOn="2026-01-31")
    told = explained(story, "il-monthly-report.policy-2009", "2026-02-10 12:00")
    assert told.arithmetic == (
        "Turn 1 counts from the end of the period: Sat 2026-01-31 23:59:59 CST.",
        "Sat 2026-01-31 is the day of the start, day 0.",
        "Sat 2026-01-31 + 1 month = Sat 2026-02-28.",
        "Due Sat 2026-02-28 23:59:59 CST.",
    )


def test_a_later_turn_counts_from_the_last_time_done() -> None:
    """il-monthly-report.policy-2009, setting repeat_from."""
    story = Story().said("PeriodClosed", "2026-02-01 00:00", period="month", endsOn="2026-01-31")
    story = story.said("IndicatorReportIssued", "2026-02-20 10:00", kind="il-services")
    told = explained(story, "il-monthly-report.policy-2009", "2026-02-21 12:00")
    assert told.arithmetic[0] == "Turn 2 counts from the last time it was done: Fri 2026-02-20 10:00:00 CST."
    assert told.arithmetic[-1] == "Due Fri 2026-03-20 23:59:59 CDT."
    assert said_of(told, "period_closed") == ("one_every_after_close", "standard")


def test_a_due_day_that_is_moved_says_from_where() -> None:
    """custody-investigation-complete.settlement: twenty days end on Sunday, setting weekend_shift."""
    story = Story().told("ReportReceived", "2026-04-06 10:00", childInCustody=True)
    rule = "custody-investigation-complete.settlement"
    told = explained(story, rule, "2026-04-07 12:00", weekend_shift="next_business_day")
    assert told.arithmetic[1:] == (
        "Mon 2026-04-06 + 20 calendar-days = Sun 2026-04-26.",
        "Sun 2026-04-26 is no business day (Sunday): moved to Tue 2026-04-28.",
        "Due Tue 2026-04-28 23:59:59 CDT.",
    )


def test_a_limit_before_a_date_is_counted_back() -> None:
    """discharge-meeting-advance.practice-model: six months before, clipped to the end of February."""
    story = Story().said("DischargePlanned", "2026-01-05 10:00", childId="amber", plannedDate="2026-08-31")
    told = explained(story, "discharge-meeting-advance.practice-model", "2026-01-06 12:00")
    assert told.arithmetic == (
        "plannedDate of Discharge planned is Mon 2026-08-31.",
        "Mon 2026-08-31 - 6 months = Sat 2026-02-28.",
        "Due Sat 2026-02-28 23:59:59 CST.",
    )


def test_stays_are_added_up_one_by_one() -> None:
    """tpr-15-of-22.federal: five months, then ten more."""
    story = Story().said("ChildEnteredCustody", "2025-01-10 10:00", childId="amber", caseId="case")
    story = story.said("ChildLeftCustody", "2025-06-10 10:00", childId="amber")
    story = story.said("ChildEnteredCustody", "2025-08-10 10:00", childId="amber", caseId="case")
    told = explained(story, "tpr-15-of-22.federal", "2025-09-01 12:00")
    assert told.arithmetic == (
        "Time in care is added up over all stays inside 22 months; it is due when it reaches 15 months.",
        "In care from Fri 2025-01-10 to Tue 2025-06-10: 5 months.",
        "In care from Sun 2025-08-10 to Wed 2026-06-10: 10 months.",
        "Due Wed 2026-06-10 23:59:59 CDT.",
    )
    assert said_of(told, "time_in_care") == ("months_and_days_over_31", "standard")


def test_stays_that_are_not_enough_say_so() -> None:
    """tpr-15-of-22.federal."""
    story = Story().said("ChildEnteredCustody", "2025-01-10 10:00", childId="amber", caseId="case")
    story = story.said("ChildLeftCustody", "2025-06-14 10:00", childId="amber")
    told = explained(story, "tpr-15-of-22.federal", "2025-09-01 12:00")
    assert told.arithmetic[1:] == (
        "In care from Fri 2025-01-10 to Sat 2025-06-14: 5 months and 4/31.",
        "Nothing reaches 15 months yet.",
    )


def test_a_number_that_was_reached_says_so() -> None:
    """emergency-placement-once.practice-model: one at once."""
    story = Story().said("EmergencyStayStarted", "2026-01-15 10:00", childId="amber", placementId="one")
    story = story.said("EmergencyStayStarted", "2026-02-15 10:00", childId="amber", placementId="two")
    told = explained(story, "emergency-placement-once.practice-model", "2026-03-01 12:00")
    assert told.arithmetic == (
        "At most 1 may be open at once.",
        "The number was reached before this one began Sun 2026-02-15 10:00:00 CST.",
    )
    assert "Missed from its own start." in told.sentences


def test_a_monitor_that_one_fact_trips_asks_for_nothing() -> None:
    """emancipation-under-16.settlement."""
    story = Story().said("EmancipationGranted", "2026-04-06 10:00", childId="amber", age=15)
    told = explained(story, "emancipation-under-16.settlement", "2026-04-07 12:00")
    assert told.arithmetic == ("One fact trips it.", "Tripped Mon 2026-04-06 10:00:00 CDT.")
    assert told.would_meet == ""
    assert said_of(told, "monitor_threshold") == ("one_fact_trips", "standard")


def test_a_monitor_tells_the_length_that_tripped_it_and_the_answer() -> None:
    """custody-investigation-overdue-list.practice-model: twenty days."""
    story = Story().told("ReportReceived", "2026-03-02 10:00", childInCustody=True)
    told = explained(story, "custody-investigation-overdue-list.practice-model", "2026-03-23 12:00")
    assert told.arithmetic[1] == "Mon 2026-03-02 + 20 days = Sun 2026-03-22."
    assert told.arithmetic[-1] == "Tripped Sun 2026-03-22 23:59:59 CDT."
    assert "On the list: not answered yet." in told.sentences


def test_a_gate_tells_what_it_waits_for() -> None:
    """prior-reports-searched.settlement."""
    told = explained(CALLED, "prior-reports-searched.settlement", "2026-04-06 12:00")
    assert (told.arithmetic, told.would_meet) == ((), "Prior reports searched")
    assert "Not attempted yet." in told.sentences


def test_a_gate_that_was_passed_without_its_act_names_what_is_missing() -> None:
    """prior-reports-searched.settlement."""
    story = CALLED.told("ReportScreened", "2026-04-06 11:00", decision="screened-in", level=2)
    told = explained(story, "prior-reports-searched.settlement", "2026-04-06 12:00")
    assert "Attempted without it." in told.sentences
    assert "Missing: PriorReportsSearched." in told.sentences


def test_a_gate_tells_its_threshold() -> None:
    """resource-parent-preservice.policy-2009: fifteen hours."""
    story = Story().said("ResourceHomeApplied", "2026-03-02 10:00", homeId="first-home")
    told = explained(story, "resource-parent-preservice.policy-2009", "2026-03-03 12:00")
    assert told.arithmetic == ("The acts together must have at least 15 hours.",)


def test_an_order_of_staff_is_told_with_the_time_it_sets() -> None:
    """report-assigned.policy-2009, extended by two days."""
    clock = CALLED.clock("report-assigned.policy-2009", "2026-04-06 12:00")
    order = CALLED.said(EXTEND, "2026-04-06 12:00", clockId=str(clock.clock_id), newDueAt="2026-04-09T15:00:00Z").facts[
        -1
    ]
    extended = replace(clock, due_at=local("2026-04-09 10:00"), order=order)
    told = explain(extended, rule_named(clock.rule_id), (*CALLED.facts, order), CALENDAR)
    assert told.arithmetic == (
        "Mon 2026-04-06 10:00:00 CDT + 24 hours, as elapsed time = Tue 2026-04-07 10:00:00 CDT.",
        "By order of Mon 2026-04-06 12:00:00 CDT it is due Thu 2026-04-09 10:00:00 CDT.",
    )


def test_every_clock_of_every_kind_is_explained_up_to_its_due_time() -> None:
    """All rows that the expectations tell of: the steps lead to the due time that the engine found."""
    explained_kinds = set()
    for story, rule, as_of in stories_on_paper():
        for clock in judge(story.facts, [rule], CALENDAR, local(as_of)):
            told = explain(clock, rule, story.facts, CALENDAR)
            explained_kinds.add(clock.kind)
            if clock.due_at is not None:
                assert when(clock.due_at, CALENDAR) in " ".join(told.arithmetic), (rule.id, told.arithmetic)
    assert explained_kinds == {"once", "age", "lead", "recurring", "quota", "cap", "monitor", "gate"}


def test_a_clock_is_not_explained_by_another_rule() -> None:
    clock = CALLED.clock("report-assigned.policy-2009", "2026-04-06 12:00")
    with pytest.raises(ValueError, match="not explained by"):
        explain(clock, rule_named("report-entered.settlement"), CALLED.facts, CALENDAR)
