"""The values that notices and endpoints are made of: ids, rule words and times; never a confidential text."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.ids import derived

Kind = Literal["warned", "missed", "assigned"]
SUPERVISOR = "ROLE-03"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Recipient(_Value):
    """Who is told: one person by staff id, or whoever holds a role in the county of the matter."""

    staff_id: str | None = None
    role: str | None = None

    @property
    def name(self) -> str:
        """The recipient as one word, for ids that follow from it."""
        return self.staff_id or self.role or ""


class ClockReference(_Value):
    """The clock that a notice is about, with its rule and authority."""

    clock_id: UUID
    rule_id: str
    rule_version: str
    obligation: str
    authority: str
    source: str
    due_at: datetime


class Matter(_Value):
    """What a notice is about."""

    county: str
    report_id: UUID
    subject_type: str
    subject_id: UUID
    title: str
    clock: ClockReference | None = None


class StaffEntry(_Value):
    """One line of the directory of staff. `staff_id` is the subject of the person's token."""

    staff_id: str
    name: str
    email: str | None
    roles: tuple[str, ...]
    counties: tuple[str, ...]
    supervisor_id: str | None
    active: bool


class Endpoint(_Value):
    """Where a subscriber takes events, which types (patterns such as `deadlines.*`), and from which counties."""

    url: str
    types: tuple[str, ...]
    counties: tuple[str, ...]
    organisation: str


def staff_key(staff_id: str) -> UUID:
    """The id of the stream of one member of staff."""
    return derived("staff", staff_id)


def notice_key(source_event: UUID, recipient: Recipient, county: str) -> UUID:
    """One notice for each fact and recipient: the same fact told again leads to the same stream."""
    place = () if recipient.staff_id else (county,)
    return derived("notice", source_event, recipient.name, *place)
