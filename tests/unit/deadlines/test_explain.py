"""Explanations: the sentences a caseworker checks, counted by hand."""

import pytest

from deadlines.explain import Explanation, explain
from deadlines.testing import CALENDAR, Story, local, rule_named, thing

CALLED = Story().told("ReportReceived", "2026-04-06 10:00", learned="2026-04-06 10:05")


def explained(story: Story, rule_id: str, as_of: str) -> Explanation:
    rule = rule_named(rule_id, story.tolerance_minutes)
    return explain(story.clock(rule_id, as_of), rule, story.facts, CALENDAR)


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
    assert ("hours", "elapsed") in told.settings
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
    rule = rule_named("risk-assessment.policy-2009")
    rule = rule.model_copy(update={"readings": rule.readings.model_copy(update={"day_type": "business"})})
    told = explain(story.clock(rule.id, "2026-07-02 12:00"), rule, story.facts, CALENDAR)
    assert told.arithmetic[1:4] == (
        "Fri 2026-07-03: not counted, Independence Day (observed).",
        "Sat 2026-07-04: not counted, Saturday.",
        "Sun 2026-07-05: not counted, Sunday.",
    )
    assert told.arithmetic[4] == "Mon 2026-07-06: day 1."


def test_an_unknown_condition_is_named() -> None:
    """investigation-initiated-l2.policy-2009 before the screening."""
    told = explained(CALLED, "investigation-initiated-l2.policy-2009", "2026-04-06 12:00")
    assert told.unknown == ("whether ReportScreened(level=2) (no Report screened)",)
    assert "Provisionally due Thu 2026-04-09 10:00:00 CDT." in told.sentences
    assert ("applies_if_unknown", "unknown_with_provisional_due") in told.settings


def test_a_missing_tolerance_is_named() -> None:
    """report-entered.settlement."""
    told = explained(CALLED, "report-entered.settlement", "2026-04-06 12:00")
    assert (told.arithmetic, told.unknown) == ((), ("how long immediately is (tolerance missing)",))
    assert ("tolerance_minutes", "not set") in told.settings


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
    child = thing("child")
    story = Story().told("InvestigationApproved", "2026-04-06 10:00", childIds=[child], reportedSetting="facility")
    story = story.told("VisitLogged", "2026-04-10 10:00", childId=child, kind="worker-child")
    told = explained(story, "post-investigation-visits.settlement", "2026-04-20 12:00")
    assert told.arithmetic == (
        "Period 1 of the quota (1 month of 3 months) begins Mon 2026-04-06 10:00:00 CDT"
        " and ends Tue 2026-05-05 23:59:59 CDT.",
        "1 of 2 acts are counted in it.",
    )
    assert told.would_meet == "VisitLogged(kind=worker-child), 2 times"


def test_a_gate_tells_what_it_waits_for() -> None:
    """prior-reports-searched.settlement."""
    told = explained(CALLED, "prior-reports-searched.settlement", "2026-04-06 12:00")
    assert (told.arithmetic, told.would_meet) == ((), "Prior reports searched")
    assert "Not attempted yet." in told.sentences


def test_a_clock_is_not_explained_by_another_rule() -> None:
    clock = CALLED.clock("report-assigned.policy-2009", "2026-04-06 12:00")
    with pytest.raises(ValueError, match="not explained by"):
        explain(clock, rule_named("report-entered.settlement"), CALLED.facts, CALENDAR)
