"""The directory of staff: one stream for each member, the latest entry counts."""

from events.decider import Decider, Rejected
from notifications.commands import RecordStaff
from notifications.content import StaffEntry
from notifications.events import StaffRecorded


def decide(command: RecordStaff, known: StaffEntry | None) -> list[StaffRecorded]:
    entry = command.entry
    if entry.supervisor_id == entry.staff_id:
        raise Rejected("supervisor-is-self", "nobody is their own supervisor", field="supervisorId")
    return [] if entry == known else [StaffRecorded(entry=entry, by=command.by)]


def evolve(known: StaffEntry | None, event: StaffRecorded) -> StaffEntry:
    return event.entry


STAFF: Decider[RecordStaff, StaffEntry | None, StaffRecorded] = Decider("staff", decide, evolve, initial=None)
