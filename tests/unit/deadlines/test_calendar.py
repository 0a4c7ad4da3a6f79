"""Days, hours and business days where the agency works."""

from datetime import UTC, date, datetime

import pytest

from deadlines.calendar import Calendar, UnknownCalendar
from deadlines.due import due_of, warnings
from deadlines.lengths import Length
from deadlines.packs import load_packs
from deadlines.rule import Rule
from deadlines.testing import CALENDAR, local, rule_named

WEEK, DAY = "safety-assessment.policy-2009", "investigation-initiated-l3.policy-2009"


def read_as(rule_id: str, **settings: object) -> Rule:
    packs = [pack.adjusted(settings, rule_id) for pack in load_packs()]
    return next(rule for pack in packs for rule in pack.rules if rule.id == rule_id)


def due(rule: Rule, start: str) -> datetime:
    found = due_of(rule, local(start), CALENDAR)
    assert found is not None
    return found.at


def test_24_hours_are_24_hours_when_the_clocks_go_forward() -> None:
    """investigation-initiated-l3, setting hours: 8 March 2026 has 23 hours."""
    assert due(rule_named(DAY), "2026-03-07 10:00") == local("2026-03-08 11:00")


def test_24_hours_are_24_hours_when_the_clocks_go_back() -> None:
    """investigation-initiated-l3, setting hours: 1 November 2026 has 25 hours."""
    assert due(rule_named(DAY), "2026-10-31 10:00") == local("2026-11-01 09:00")


def test_days_end_at_the_end_of_the_local_day_over_a_change_of_clocks() -> None:
    """safety-assessment, setting due_time: from standard into daylight time, 04:59:59 UTC."""
    assert due(rule_named(WEEK), "2026-03-05 22:30") == datetime(2026, 3, 13, 4, 59, 59, tzinfo=UTC)


def test_the_day_of_the_start_is_the_local_one() -> None:
    """safety-assessment: 23:30 on 5 April is already 6 April in UTC."""
    assert due(rule_named(WEEK), "2026-04-05 23:30") == local("2026-04-12 23:59:59")


def test_an_act_in_the_last_second_of_the_day_is_in_time() -> None:
    """Setting due_time: the next midnight, exclusive, is equal."""
    found = due_of(rule_named(WEEK), local("2026-04-06 10:00"), CALENDAR)
    assert found is not None
    assert found.lapses_at == local("2026-04-14 00:00")


def test_a_pack_may_count_the_day_of_the_start_as_the_first() -> None:
    """Setting start_day: day_1."""
    assert due(read_as(WEEK, start_day="day_1"), "2026-04-06 10:00") == local("2026-04-12 23:59:59")


def test_a_pack_may_end_a_limit_at_the_time_of_its_start() -> None:
    """Setting due_time: same_time."""
    assert due(read_as(WEEK, due_time="same_time"), "2026-04-06 10:00") == local("2026-04-13 10:00")


def test_a_pack_may_count_plain_days_as_business_days() -> None:
    """Setting day_type: from Thursday 2 July 2026 over the holiday on Friday the 3rd and two weekends to Tuesday the 14th."""
    assert due(read_as(WEEK, day_type="business"), "2026-07-02 10:00") == local("2026-07-14 23:59:59")


def test_calendar_days_stay_calendar_days_whatever_the_day_type() -> None:
    """custody-investigation-complete.settlement says calendar days."""
    rule = read_as("custody-investigation-complete.settlement", day_type="business")
    assert due(rule, "2026-04-06 10:00") == local("2026-04-26 23:59:59")


def test_an_office_closure_is_no_business_day() -> None:
    closed = Calendar(closures=frozenset({date(2026, 4, 7)}))
    assert closed.add(date(2026, 4, 6), Length(1, "business-days"), business=True) == date(2026, 4, 8)
    assert closed.closed_for(date(2026, 4, 7)) == "office closed"
    assert closed.closed_for(date(2026, 4, 11)) == "Saturday"
    assert closed.closed_for(date(2026, 12, 25)) == "Christmas Day"
    assert closed.closed_for(date(2026, 4, 8)) == ""


def test_a_month_after_the_31st_ends_on_the_last_day_of_february() -> None:
    """Setting month_end: clip."""
    assert CALENDAR.add(date(2027, 1, 31), Length(1, "months")) == date(2027, 2, 28)
    assert CALENDAR.add(date(2028, 1, 31), Length(1, "months")) == date(2028, 2, 29)
    assert CALENDAR.add(date(2028, 2, 29), Length(1, "years")) == date(2029, 2, 28)
    assert CALENDAR.add(date(2026, 12, 1), Length(2, "weeks")) == date(2026, 12, 15)


def test_a_warning_before_the_start_is_not_given() -> None:
    start, end = local("2026-04-06 20:00"), local("2026-04-06 23:59:59")
    rule = rule_named("custody-victim-interviewed.policy-2009")
    assert rule.warn == ("4 hours", "2 hours")
    assert warnings(rule, start, end, CALENDAR) == (local("2026-04-06 21:59:59"),)


def test_a_warning_of_days_comes_at_the_same_local_time() -> None:
    """safety-assessment: two days before Monday 9 March, across the change of clocks."""
    at = warnings(rule_named(WEEK), local("2026-03-02 10:00"), local("2026-03-09 23:59:59"), CALENDAR)
    assert at == (local("2026-03-07 23:59:59"), local("2026-03-08 23:59:59"))


@pytest.mark.parametrize("wrong", [{"zone": "America/Nowhere"}, {"state": "ZZ"}, {"country": "XX"}])
def test_a_calendar_that_nobody_knows_is_an_error(wrong: dict[str, str]) -> None:
    with pytest.raises(UnknownCalendar):
        Calendar(**wrong)  # type: ignore[arg-type]
