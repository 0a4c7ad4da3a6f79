"""The directory of staff."""

from tests.unit.notifications.cases import ENTRY, NOW

from events.testing import Scenario
from notifications.commands import RecordStaff
from notifications.events import StaffRecorded
from notifications.staff import STAFF

staff = Scenario(STAFF)
RECORDED = StaffRecorded(entry=ENTRY, by="ada-administrator")
LEFT = ENTRY.model_copy(update={"active": False})


def record(entry: object) -> RecordStaff:
    return RecordStaff(entry, "ada-administrator", NOW)  # type: ignore[arg-type]


def test_a_member_of_staff_is_entered() -> None:
    """R-INT-022: whom work can be assigned to."""
    staff.when(record(ENTRY)).then(RECORDED)


def test_the_same_entry_again_changes_nothing() -> None:
    staff.given(RECORDED).when(record(ENTRY)).nothing()


def test_a_member_of_staff_leaves() -> None:
    staff.given(RECORDED).when(record(LEFT)).then(StaffRecorded(entry=LEFT, by="ada-administrator"))


def test_nobody_is_their_own_supervisor() -> None:
    staff.when(record(ENTRY.model_copy(update={"supervisor_id": "wilma-worker"}))).rejected("supervisor-is-self")
