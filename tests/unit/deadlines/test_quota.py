"""post-investigation-visits.settlement, 003:2176: twice a month for three months after the investigation."""

from deadlines.testing import Story, local, thing

RULE = "post-investigation-visits.settlement"
CHILD, OTHER_CHILD = thing("child"), thing("other child")
# Approved on 15 January: the months end on 14 February, 14 March and 14 April.
LONG_AFTER = "2026-06-01 09:00"


def approved(setting: str = "resource-home") -> Story:
    return Story().told("InvestigationApproved", "2026-01-15 16:00", childIds=[CHILD], reportedSetting=setting)


def visited(story: Story, *times: str, child: str = CHILD, kind: str = "worker-child") -> Story:
    for at in times:
        story = story.told("VisitLogged", at, childId=child, kind=kind)
    return story


def states(story: Story, as_of: str = LONG_AFTER) -> list[str]:
    return [clock.state for clock in story.clocks(RULE, as_of)]


def test_each_month_of_the_three_is_a_clock_that_begins_when_the_last_one_ends() -> None:
    months = [(clock.period, clock.started_at, clock.due_at) for clock in approved().clocks(RULE, LONG_AFTER)]
    assert months == [
        (1, local("2026-01-15 16:00"), local("2026-02-14 23:59:59")),
        (2, local("2026-02-15 00:00"), local("2026-03-14 23:59:59")),
        (3, local("2026-03-15 00:00"), local("2026-04-14 23:59:59")),
    ]


def test_a_month_that_has_not_begun_is_not_shown_but_looked_forward_to() -> None:
    met = visited(approved(), "2026-01-20 10:00", "2026-01-21 10:00")
    clock = met.clock(RULE, "2026-02-01 09:00")
    assert (clock.state, clock.done, clock.required, clock.next_at) == ("met", 2, 2, local("2026-02-15 00:00"))


def test_the_second_visit_in_the_last_minute_meets_the_month() -> None:
    story = visited(approved(), "2026-01-20 10:00", "2026-02-14 23:59")
    clock = story.clock(RULE, "2026-02-14 23:59:30")
    assert (clock.state, clock.met_at) == ("met", local("2026-02-14 23:59"))


def test_a_visit_after_the_month_counts_for_the_next_one() -> None:
    story = visited(approved(), "2026-01-20 10:00", "2026-02-15 00:00", "2026-03-01 10:00")
    assert states(story) == ["missed", "met", "missed"]


def test_a_minute_after_its_end_a_month_with_one_visit_is_missed() -> None:
    story = visited(approved(), "2026-01-20 10:00")
    assert states(story, "2026-02-14 23:59:59") == ["running"]
    assert states(story, "2026-02-15 00:00")[0] == "missed"


def test_visits_to_another_child_and_of_another_kind_do_not_count() -> None:
    story = visited(approved(), "2026-01-20 10:00")
    story = visited(story, "2026-01-21 10:00", child=OTHER_CHILD)
    story = visited(story, "2026-01-22 10:00", kind="parent-child")
    assert states(story)[0] == "missed"


def test_a_visit_before_the_approval_on_its_day_does_not_count() -> None:
    """Setting satisfied_before_start."""
    assert states(visited(approved(), "2026-01-15 15:00", "2026-01-20 10:00"))[0] == "missed"


def test_the_month_in_which_the_child_moves_is_cancelled_and_no_other_follows() -> None:
    """Setting partial_last_period: cancelled; the row is stopped by PlacementChanged."""
    moved = visited(approved(), "2026-01-20 10:00", "2026-01-27 10:00").told(
        "PlacementChanged", "2026-03-01 12:00", childId=CHILD
    )
    assert states(moved) == ["met", "cancelled"]


def test_the_move_of_another_child_stops_nothing() -> None:
    assert states(approved().told("PlacementChanged", "2026-03-01 12:00", childId=OTHER_CHILD)) == ["missed"] * 3


def test_a_report_on_the_childs_own_home_owes_no_extra_visits() -> None:
    assert set(states(approved("own-home"))) == {"not-applicable"}


def test_a_quota_from_the_last_of_a_month_ends_on_the_last_of_shorter_months() -> None:
    """Settings month_end and window: 30 November + 3 months = 28 February, the day after the last one counted."""
    story = Story().told("InvestigationApproved", "2026-11-30 09:00", childIds=[CHILD], reportedSetting="facility")
    assert [clock.due_at for clock in story.clocks(RULE, "2027-06-01 09:00")] == [
        local("2026-12-29 23:59:59"),
        local("2027-01-29 23:59:59"),
        local("2027-02-27 23:59:59"),
    ]


def test_a_visit_at_the_instant_of_the_move_counts() -> None:
    """Setting same_instant: satisfied_first."""
    moved = approved().told("PlacementChanged", "2026-02-01 12:00", childId=CHILD)
    assert states(visited(moved, "2026-01-20 10:00", "2026-02-01 12:00")) == ["met"]
    assert states(visited(moved, "2026-01-20 10:00", "2026-02-01 12:01")) == ["cancelled"]


def test_a_move_in_the_first_instant_of_a_month_ends_the_run_before_it() -> None:
    """Setting same_instant: a stop at the instant of a start ends only earlier clocks."""
    assert states(approved().told("PlacementChanged", "2026-02-15 00:00", childId=CHILD)) == ["missed"]


def test_a_move_in_a_later_month_has_nothing_to_do_with_an_earlier_one() -> None:
    moved = approved().told("PlacementChanged", "2026-03-01 12:00", childId=CHILD)
    first, second = moved.clocks(RULE, LONG_AFTER)
    assert (first.stopped_at, first.reasons) == (None, ())
    assert (second.stopped_at, second.reasons) == (local("2026-03-01 12:00"), ("stopped",))
