"""The values that notices and endpoints are made of: ids, rule words and times; never a confidential text."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.ids import derived

Kind = Literal["warned", "missed", "escalated", "suspended", "extended", "waived", "assigned"]
SUPERVISOR, DIRECTOR = "ROLE-03", "ROLE-12"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Recipient(_Value):
    """Who is told: one person by staff id, or whoever holds a role in the county of the matter.

    `on_behalf_of`: the absent members of staff for whom this recipient stands in, whether or not told anyway.
    """

    staff_id: str | None = None
    role: str | None = None
    on_behalf_of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The recipient as one word, for ids that follow from it."""
        return self.staff_id or self.role or ""


class ClockReference(_Value):
    """The clock that a notice is about, with its rule and authority.

    `rung`: the place on the ladder of escalation. `decided_by` and `reason`, a coded word: of a decision about the clock.
    """

    clock_id: UUID
    rule_id: str
    rule_version: str
    obligation: str
    authority: str
    source: str
    due_at: datetime | None = None
    rung: int | None = None
    decided_by: str | None = None
    reason: str | None = None


class Matter(_Value):
    """What a notice is about. `county` is empty for what belongs to a region, to the agency, or to no known county yet."""

    county: str
    region: str | None = None
    report_id: UUID | None = None
    subject_type: str
    subject_id: str
    title: str
    clock: ClockReference | None = None


class StaffEntry(_Value):
    """One line of the directory of staff. `staff_id` is the subject of the person's token.

    Absent are the days from `absent_from` to `absent_until`, both included, where the agency is; without an end, until
    further notice.
    """

    staff_id: str
    name: str
    email: str | None
    roles: tuple[str, ...]
    counties: tuple[str, ...]
    supervisor_id: str | None
    active: bool
    absent_from: date | None = None
    absent_until: date | None = None
    substitute_id: str | None = None


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
