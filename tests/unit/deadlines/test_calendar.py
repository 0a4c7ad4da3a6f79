"""Days, hours and business days where the agency works."""

from datetime import UTC, date, datetime

import pytest

from deadlines.calendar import Calendar, UnknownCalendar
from deadlines.due import Due, due_after
from deadlines.lengths import Length
from deadlines.limits import limit
from deadlines.rule import Rule
from deadlines.testing import CALENDAR, local, rule_named

WEEK, DAY = "safety-assessment.policy-2009", "investigation-initiated-l3.policy-2009"


def read_as(rule_id: str, **settings: object) -> Rule:
    return rule_named(rule_id, settings)


def ends(rule: Rule, start: str) -> Due:
    return due_after(rule, rule.limit, local(start), CALENDAR)


def due(rule: Rule, start: str) -> datetime:
    return ends(rule, start).at


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
    assert ends(rule_named(WEEK), "2026-04-06 10:00").lapses_at == local("2026-04-14 00:00")


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


def test_a_length_back_clips_to_the_end_of_the_month() -> None:
    """Rows with `before date in`: months back end on the last day of their month at most."""
    assert CALENDAR.back(date(2026, 8, 31), Length(6, "months")) == date(2026, 2, 28)
    assert CALENDAR.back(date(2028, 8, 31), Length(6, "months")) == date(2028, 2, 29)
    assert CALENDAR.back(date(2028, 2, 29), Length(1, "years")) == date(2027, 2, 28)
    assert CALENDAR.back(date(2026, 3, 9), Length(2, "weeks")) == date(2026, 2, 23)
    assert CALENDAR.back(date(2026, 3, 2), Length(3, "calendar-days")) == date(2026, 2, 27)


def test_hours_may_be_read_from_the_clock_on_the_wall() -> None:
    """Setting hours: wall_clock over both changes of clocks; a time that is skipped is the hour after it."""
    rule = read_as(DAY, hours="wall_clock")
    assert due(rule, "2026-03-07 10:00") == local("2026-03-08 10:00")
    assert due(rule, "2026-10-31 10:00") == local("2026-11-01 10:00")
    assert due(rule, "2026-03-07 02:30") == datetime(2026, 3, 8, 8, 30, tzinfo=UTC)


def test_the_due_instant_may_be_too_late_itself() -> None:
    """Setting boundary: exclusive for hours; the end of a day lapses with its last second either way."""
    inclusive, exclusive = rule_named(DAY), read_as(DAY, boundary="exclusive")
    assert ends(inclusive, "2026-04-06 10:00").lapses_at > local("2026-04-07 10:00")
    assert ends(exclusive, "2026-04-06 10:00").lapses_at == local("2026-04-07 10:00")
    week = read_as(WEEK, boundary="exclusive")
    assert ends(week, "2026-04-06 10:00") == ends(rule_named(WEEK), "2026-04-06 10:00")


@pytest.mark.parametrize(
    ("shift", "day"),
    [("none", "2026-04-11"), ("next_business_day", "2026-04-13"), ("previous_business_day", "2026-04-10")],
)
def test_a_due_day_on_a_weekend_stays_or_moves(shift: str, day: str) -> None:
    """Setting weekend_shift: from Saturday 4 April 2026 seven days end on Saturday the 11th."""
    assert due(read_as(WEEK, weekend_shift=shift), "2026-04-04 10:00") == local(f"{day} 23:59:59")


def test_a_due_day_on_a_holiday_moves_over_the_weekend_too() -> None:
    """Setting weekend_shift: Friday 3 July 2026 is the observed holiday; Monday the 6th is the next business day."""
    assert due(read_as(WEEK, weekend_shift="next_business_day"), "2026-06-26 10:00") == local("2026-07-06 23:59:59")


def test_a_limit_may_go_on_to_the_end_of_its_month() -> None:
    """tpr-15-of-22.settlement: fifteen months, to the end of the calendar month."""
    rule = rule_named("tpr-15-of-22.settlement")
    assert limit(rule.due).to_month_end
    assert due(rule, "2024-11-15 10:00") == local("2026-02-28 23:59:59")


def test_the_ends_of_month_and_quarter() -> None:
    days = [date(2026, 1, 1), date(2026, 3, 31), date(2028, 2, 10), date(2026, 11, 30)]
    assert [CALENDAR.quarter_end(day) for day in days] == [
        date(2026, 3, 31), date(2026, 3, 31), date(2028, 3, 31), date(2026, 12, 31),
    ]  # fmt: skip
    assert [CALENDAR.month_end(day) for day in days] == [
        date(2026, 1, 31), date(2026, 3, 31), date(2028, 2, 29), date(2026, 11, 30),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{"zone": "America/Nowhere"}, {"state": "ZZ"}, {"country": "XX"}])
def test_a_calendar_that_nobody_knows_is_an_error(wrong: dict[str, str]) -> None:
    with pytest.raises(UnknownCalendar):
        Calendar(**wrong)  # type: ignore[arg-type]
