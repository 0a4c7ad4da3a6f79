"""Guards: each refuses, or returns what it proves."""

from typing import Any
from uuid import UUID

from events.decider import Rejected
from events.private import Private, map_privates
from investigation.events import InvestigationOpened
from investigation.forms import SUBJECT, Text
from investigation.state import Investigation


def opened(investigation: Investigation | None) -> InvestigationOpened:
    """The opening of an opened investigation."""
    if investigation is None or investigation.opened is None:
        raise Rejected("investigation-not-found", "no investigation was opened under this id", status=404)
    return investigation.opened


def under_way(state: Investigation | None) -> Investigation:
    """An opened investigation: what happened may be entered late, also after the approval."""
    opened(state)
    assert state is not None
    return state


def unapproved(state: Investigation | None) -> Investigation:
    """An investigation that may still be worked on."""
    investigation = under_way(state)
    if investigation.status == "approved":
        raise Rejected("investigation-approved", "an approved investigation is concluded", rule="R-INV-007 D-04")
    return investigation


def subject(investigation: Investigation) -> UUID:
    """The person a text about the whole family belongs to: the first victim, else the first child of the home."""
    return next(iter(investigation.in_home), opened(investigation).investigation_id)


def owned(investigation: Investigation, form: Any) -> Any:
    """The form with its texts about the whole family made private to the subject of the investigation."""
    person = subject(investigation)
    return map_privates(form, lambda text: text.belonging_to(person) if text.person == SUBJECT else text)


def about(investigation: Investigation) -> dict[str, Any]:
    """What every fact of this investigation carries."""
    opening = opened(investigation)
    return {
        "investigation_id": opening.investigation_id,
        "report_id": opening.report_id,
        "county": opening.county,
        "worker_id": investigation.worker_id,
    }


def said(text: Text) -> bool:
    """Whether a text says anything. A sealed or erased one did when it was entered."""
    return text is not None and (text.value is None or bool(text.value.strip()))


def reasoned(investigation: Investigation, reason: Text) -> Private[str]:
    """The reason of a return."""
    if reason is None or not said(reason):
        raise Rejected(
            "return-without-reason",
            "a supervisor certifies or returns with a reason",
            rule="R-INV-052",
            source="003:2467",
            field="reason",
        )
    owned_reason: Private[str] = owned(investigation, reason)
    return owned_reason


def of_another(by: str, *authors: str, rule: str, source: str) -> None:
    """Nobody certifies their own work."""
    if by in authors:
        raise Rejected("self-approval", "nobody approves their own work", rule=rule, source=source, status=403)
