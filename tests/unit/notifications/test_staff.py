"""The directory of staff."""

from datetime import date
from typing import Any

import pytest
from tests.unit.notifications.cases import ENTRY, NOW

from events.testing import Scenario
from notifications.commands import RecordStaff
from notifications.content import StaffEntry
from notifications.events import StaffRecorded
from notifications.staff import STAFF

staff = Scenario(STAFF)
RECORDED = StaffRecorded(entry=ENTRY, by="ada-administrator")
LEFT = ENTRY.model_copy(update={"active": False})


def record(entry: StaffEntry) -> RecordStaff:
    return RecordStaff(entry, "ada-administrator", NOW)


def test_a_member_of_staff_is_entered() -> None:
    """R-INT-022: whom work can be assigned to."""
    staff.when(record(ENTRY)).then(RECORDED)


def test_the_same_entry_again_changes_nothing() -> None:
    staff.given(RECORDED).when(record(ENTRY)).nothing()


def test_a_member_of_staff_leaves() -> None:
    staff.given(RECORDED).when(record(LEFT)).then(StaffRecorded(entry=LEFT, by="ada-administrator"))


def test_nobody_is_their_own_supervisor() -> None:
    staff.when(record(ENTRY.model_copy(update={"supervisor_id": "wilma-worker"}))).rejected("supervisor-is-self")


def away(**more: Any) -> StaffEntry:
    """Wilma is away in the first week of March, and Otto stands in."""
    absence = {"absent_from": date(2026, 3, 2), "absent_until": date(2026, 3, 6), "substitute_id": "otto-worker"}
    return ENTRY.model_copy(update=absence | more)


def test_an_absence_is_entered_with_the_substitute() -> None:
    staff.given(RECORDED).when(record(away())).then(StaffRecorded(entry=away(), by="ada-administrator"))


@pytest.mark.parametrize("last", [date(2026, 3, 2), None])
def test_an_absence_lasts_one_day_or_until_further_notice(last: date | None) -> None:
    entry = away(absent_until=last)
    staff.when(record(entry)).then(StaffRecorded(entry=entry, by="ada-administrator"))


def test_an_absence_does_not_end_before_it_begins() -> None:
    staff.when(record(away(absent_until=date(2026, 3, 1)))).rejected("absence-ends-before-it-begins")


def test_an_absence_that_ends_has_a_first_day() -> None:
    staff.when(record(away(absent_from=None))).rejected("absence-without-start")


def test_nobody_stands_in_for_themselves() -> None:
    staff.when(record(away(substitute_id="wilma-worker"))).rejected("substitute-is-self")


def test_nobody_stands_in_in_a_circle() -> None:
    circle = RecordStaff(away(), "ada-administrator", NOW, frozenset({"nora-worker", "wilma-worker"}))
    staff.when(circle).rejected("substitute-loop")
    line = RecordStaff(away(), "ada-administrator", NOW, frozenset({"nora-worker"}))
    staff.when(line).then(StaffRecorded(entry=away(), by="ada-administrator"))
