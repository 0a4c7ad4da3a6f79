"""What an event announces, as it is kept beside it: text that travels as it is and is never taken apart as JSON.

Three lines for each public event: its type, its key, its content. JSON as it is written here has no line break.
"""

from collections.abc import Iterable, Sequence

from events.event import PublicEvent


def kept(events: Sequence[PublicEvent]) -> str | None:
    """The text that is kept; None when nothing is announced. Raises ValueError for a key of more than one line."""
    if not events:
        return None
    lines = [line for event in events for line in (event.event_type, event.subject, event.to_json().decode())]
    text = "\n".join(lines)
    if text.count("\n") != len(lines) - 1:
        raise ValueError(f"a key of {[event.event_type for event in events]} has more than one line")
    return text


def announcements(text: str | None) -> Iterable[tuple[str, str, str]]:
    """Type, key and content of each public event in the text that was kept."""
    if text is None:
        return ()
    lines = iter(text.split("\n"))
    return zip(lines, lines, lines, strict=True)
