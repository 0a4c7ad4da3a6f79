"""The directory of staff: one stream for each member, the latest entry counts."""

from events.decider import Decider, Rejected
from notifications.commands import RecordStaff
from notifications.content import StaffEntry
from notifications.events import StaffRecorded


def decide(command: RecordStaff, known: StaffEntry | None) -> list[StaffRecorded]:
    entry = command.entry
    if entry.supervisor_id == entry.staff_id:
        raise Rejected("supervisor-is-self", "nobody is their own supervisor", field="supervisorId")
    _check_absence(entry)
    _check_substitute(command)
    return [] if entry == known else [StaffRecorded(entry=entry, by=command.by)]


def _check_absence(entry: StaffEntry) -> None:
    first, last = entry.absent_from, entry.absent_until
    if last and not first:
        raise Rejected("absence-without-start", "an absence that ends has a first day", field="absentFrom")
    if first and last and last < first:
        raise Rejected("absence-ends-before-it-begins", "the last day lies before the first", field="absentUntil")


def _check_substitute(command: RecordStaff) -> None:
    entry = command.entry
    if entry.substitute_id == entry.staff_id:
        raise Rejected("substitute-is-self", "nobody stands in for themselves", field="substituteId")
    if entry.substitute_id and entry.staff_id in command.stand_ins:
        detail = f"{entry.staff_id} already stands in for {entry.substitute_id}, directly or in turn"
        raise Rejected("substitute-loop", detail, field="substituteId")


def evolve(known: StaffEntry | None, event: StaffRecorded) -> StaffEntry:
    return event.entry


STAFF: Decider[RecordStaff, StaffEntry | None, StaffRecorded] = Decider("staff", decide, evolve, initial=None)
