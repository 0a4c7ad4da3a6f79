"""What travels over HTTP: the directory, notices, endpoints, deliveries."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from events.bodies import Body, Day, Line, View
from events.call import Answer
from events.permissions import ROLES

StaffId = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@:|-]*$")]
Address = Annotated[
    str, Field(max_length=254, pattern=r"^[^\x00-\x20\x7f@,;<>]+@[^\x00-\x20\x7f@,;<>]+\.[^\x00-\x20\x7f@,;<>]+$")
]
Pattern = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9.*-]+$")]


def _known_role(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"{role} is not a role")
    return role


class StaffBody(Body):
    """One member of staff: who they are, where mail reaches them, what they do and where.

    From `absentFrom` to `absentUntil`, both included, the substitute is told as well.
    """

    name: Line
    email: Address | None = None
    roles: tuple[Annotated[str, AfterValidator(_known_role)], ...] = Field((), max_length=80)
    counties: tuple[Line, ...] = Field((), max_length=200)
    supervisor_id: StaffId | None = None
    active: bool = True
    absent_from: Day | None = None
    absent_until: Day | None = None
    substitute_id: StaffId | None = None


class StaffRow(View):
    """A line of the directory."""

    staff_id: str
    name: str
    email: str | None
    roles: list[str]
    counties: list[str]
    supervisor_id: str | None
    active: bool
    absent_from: date | None
    absent_until: date | None
    substitute_id: str | None


class NoticeRow(View):
    """A notice in an inbox: of one person (`staffId`), or of a role in the county (`role`).

    `onBehalfOf` are the absent members of staff for whom its reader stands in.
    """

    notice_id: UUID
    kind: str
    staff_id: str | None
    role: str | None
    on_behalf_of: list[str]
    county: str
    region: str | None
    report_id: UUID | None
    subject_type: str
    subject_id: str
    title: str
    clock_id: UUID | None
    rule_id: str | None
    rule_version: str | None
    obligation: str | None
    authority: str | None
    source: str | None
    due_at: datetime | None
    rung: int | None
    decided_by: str | None
    reason: str | None
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None


class WebhookBody(Body):
    """An endpoint: its URL, the types it takes (patterns such as `deadlines.*`), the counties, and whose it is."""

    url: str = Field(min_length=1, max_length=2000, pattern=r"^[\x21-\x7e]+$")
    types: tuple[Pattern, ...] = Field(min_length=1, max_length=50)
    counties: tuple[Line, ...] = Field(min_length=1, max_length=200)
    organisation: Line


class WebhookRow(View):
    """A registered endpoint. Its secret was shown once and is not shown again."""

    webhook_id: UUID
    url: str
    types: list[str]
    counties: list[str]
    organisation: str
    active: bool
    disabled_because: str | None


class WebhookAnswer(Answer):
    """What the command did. `secret` is there once only: when the endpoint is new or its secret was rotated."""

    secret: str | None = None


class DeliveryRow(View):
    """One delivery outside: waiting, sent, failed or cancelled; how often it was tried and what came of it."""

    delivery_id: UUID
    channel: str
    source_id: UUID
    type: str
    staff_id: str | None
    webhook_id: UUID | None
    county: str
    state: str
    attempts: int
    created_at: datetime
    next_at: datetime
    settled_at: datetime | None
    last_status: int | None
    last_error: str | None
    resent_by: str | None
