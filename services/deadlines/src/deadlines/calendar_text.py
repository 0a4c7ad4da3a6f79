"""Open clocks as an iCalendar: the due time, what is owed and by which authority; nobody's name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

PRODUCT = "-//Hearthline//Deadlines//EN"
NAME = "Time limits"
LOOK_AGAIN = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """One open clock: `row` is its row of the sheet, `warnings` are the instants at which its ladder warns."""

    row: Mapping[str, Any]
    warnings: tuple[datetime, ...] = ()


def calendar_text(entries: Iterable[Entry]) -> bytes:
    """The whole calendar. The same clocks always give the same text."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", LOOK_AGAIN)
    for entry in entries:
        calendar.add_component(_event(entry))
    text: bytes = calendar.to_ical()
    return text


def _event(entry: Entry) -> Event:
    """An entry at the due instant that takes no time, since calendar programs pass over to-dos in what they subscribe to."""
    row, event = entry.row, Event()
    event.add("uid", str(row["clock_id"]))
    event.add("dtstamp", row["changed_at"])
    event.add("last-modified", row["changed_at"])
    event.add("dtstart", row["due_at"])
    event.add("summary", row["title"])
    event.add("description", f"{row['authority']}\n{row['source']}")
    event.add("transp", "TRANSPARENT")
    for warning in entry.warnings:
        event.add_component(_alarm(str(row["title"]), warning))
    return event


def _alarm(title: str, at: datetime) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", at, parameters={"value": "DATE-TIME"})
    return alarm
