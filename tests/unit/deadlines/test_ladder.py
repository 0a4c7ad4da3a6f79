"""Who is told of a clock, and when: each rung at its time, held by acknowledgement, snooze and quiet hours."""

from datetime import datetime
from pathlib import Path

import pytest

from deadlines.calendar import Calendar
from deadlines.facts import ACKNOWLEDGE, SNOOZE, Fact
from deadlines.ladder import BrokenLadder, Rung, escalation, steps
from deadlines.lengths import Length
from deadlines.testing import local, rule_named
from events.ids import derived

CALENDAR = Calendar()
STARTED, DUE = local("2026-03-02 10:00"), local("2026-03-16 23:59:59")
WORKER, BOTH, DIRECTOR = ("worker",), ("worker", "supervisor"), ("director",)


def order(type: str, at: str, **data: object) -> Fact:
    return Fact(derived("order", type, at), type, local(at), local(at), {"clockId": "clock", **data})


def times(
    limit: str, *orders: Fact, due: datetime = DUE, warn: tuple[str, ...] = ()
) -> list[tuple[str, tuple[str, ...]]]:
    told = escalation()
    rungs = told.rungs(Length.parse(limit), warn)
    found = steps(rungs, STARTED, due, orders, told, CALENDAR)
    return [(CALENDAR.local(step.at).strftime("%m-%d %H:%M"), step.tells) for step in found]


def test_a_limit_of_fourteen_days_is_told_before_at_and_after_its_due_time() -> None:
    """Due Monday 16 March 23:59:59; two days before is in the quiet hours and may wait until 07:00 of the next day."""
    assert times("14 days") == [
        ("03-15 07:00", WORKER),
        ("03-15 23:59", BOTH),
        ("03-16 23:59", BOTH),
        ("03-20 07:00", DIRECTOR),
    ]


def test_a_rules_own_warnings_replace_the_rungs_before_due() -> None:
    assert [at for at, _ in times("14 days", warn=("5 days", "1 day"))] == [
        "03-11 23:59", "03-15 23:59", "03-16 23:59", "03-20 07:00",
    ]  # fmt: skip


def test_of_a_milestone_worker_and_supervisor_are_told_together_at_every_rung() -> None:
    """R-NTF-012; tickler-custody-12-months.settlement: no rung tells one of them without the other."""
    rungs = rule_named("tickler-custody-12-months.settlement").rungs
    assert [rung.tells for rung in rungs] == [BOTH, BOTH, BOTH, DIRECTOR]


def test_a_rung_before_the_start_is_left_out() -> None:
    assert [at for at, _ in times("14 days", due=local("2026-03-03 12:00"))] == [
        "03-02 12:00", "03-03 12:00", "03-06 12:00",
    ]  # fmt: skip


def test_an_acknowledgement_holds_what_comes_for_a_day_and_no_longer() -> None:
    held = times("14 days", order(ACKNOWLEDGE, "2026-03-15 20:00"))
    assert ("03-16 20:00", BOTH) in held
    assert ("03-16 23:59", BOTH) in held, "the due time itself is never held"


def test_a_warning_is_never_held_beyond_the_due_time() -> None:
    held = times("14 days", order(ACKNOWLEDGE, "2026-03-15 23:59:30"))
    assert all(at <= "03-16 23:59" for at, tells in held if tells != DIRECTOR)


def test_a_snooze_holds_the_director_too() -> None:
    held = times("14 days", order(SNOOZE, "2026-03-20 06:00", until=local("2026-03-20 18:00").isoformat()))
    assert held[-1] == ("03-20 18:00", DIRECTOR)


def test_hours_over_a_change_of_clocks_are_elapsed() -> None:
    """8 March 2026, 02:00 does not exist: four hours before 04:00 is 23:00 of the day before."""
    assert times("24 hours", due=local("2026-03-08 04:00"))[0][0] == "03-07 23:00"


@pytest.mark.parametrize("when", ["soon", "3 fortnights before", "before", "two days before"])
def test_a_rung_names_a_moment(when: str) -> None:
    with pytest.raises(ValueError, match=r"length|before"):
        Rung(when=when, tells=("worker",))


@pytest.mark.parametrize(
    "text", ["", "ladder = 3", 'reasons = ["x"]\n[[ladder]]\nrungs = [{ when = "due", tells = ["mayor"] }]', "= ="]
)
def test_a_broken_ladder_is_refused_with_its_file(text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(BrokenLadder, match=r"own\.toml"):
        escalation(path)
