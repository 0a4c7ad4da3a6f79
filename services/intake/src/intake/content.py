"""What a report says, as far as it is known. Nothing in it is compulsory; what it lacks becomes a flag."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.ids import derived
from events.private import Private
from intake.vocabulary import (
    Allegation,
    Channel,
    Entry,
    FelonyGround,
    Known,
    ReporterType,
    ResponseTime,
    Role,
    Setting,
    Tribal,
)


class Part(BaseModel):
    """A part of a private fact."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class Person(Part):
    """A person named in a report, in one or more roles. The tokens find the same person in other reports."""

    person_id: UUID
    roles: tuple[Role, ...] = ()
    name: Private[str] | None = None
    birth_date: Private[str] | None = None
    age: Private[str] | None = None
    relationship: Private[str] | None = None
    contact: Private[str] | None = None
    allegations: tuple[Allegation, ...] = ()
    name_token: str | None = None
    birth_token: str | None = None


class Content(Part):
    """The fields of a report. `unknown` names the entries that the caller could not give: they count as given."""

    received_at: datetime | None = None
    channel: Channel | None = None
    county: str | None = None
    reporter_type: ReporterType | None = None
    people: tuple[Person, ...] = ()
    allegation_summary: Private[str] | None = None
    locations: Private[str] | None = None
    felony_ground: FelonyGround | None = None
    setting: Setting | None = None
    resource_home_id: UUID | None = None
    facility_id: UUID | None = None
    extent: Private[str] | None = None
    vulnerability: Private[str] | None = None
    child_whereabouts: Private[str] | None = None
    perpetrator_whereabouts: Private[str] | None = None
    present_danger: Known | None = None
    present_danger_description: Private[str] | None = None
    child_under_two: Known | None = None
    handicapping_condition: Private[str] | None = None
    young_or_handicapped: bool | None = None
    family_may_flee: Known | None = None
    recent_substantiated_report: Known | None = None
    child_in_custody: Known | None = None
    tribal_membership: Tribal | None = None
    adult_functioning: Private[str] | None = None
    child_functioning: Private[str] | None = None
    parenting: Private[str] | None = None
    discipline: Private[str] | None = None
    earlier_services: Private[str] | None = None
    response_time: ResponseTime | None = None
    unknown: tuple[Entry, ...] | None = None

    def in_role(self, role: Role) -> tuple[Person, ...]:
        """The people named in `role`, in the order they were given."""
        return tuple(person for person in self.people if role in person.roles)

    @property
    def victims(self) -> tuple[UUID, ...]:
        return tuple(person.person_id for person in self.in_role("victim"))

    @property
    def allegations(self) -> tuple[Allegation, ...]:
        return tuple(sorted({each for victim in self.in_role("victim") for each in victim.allegations}))

    @property
    def in_custody(self) -> bool:
        return self.child_in_custody == "yes"

    @property
    def in_resource_home(self) -> bool:
        return self.setting in ("resource-home", "therapeutic-foster-home")

    def amended(self, changes: Self, removed: tuple[UUID, ...] = ()) -> Self:
        """These fields with those of `changes` that are given; people are replaced by id, or removed."""
        fields = {name for name in type(self).model_fields if name != "people"}
        given = {name: value for name in fields if (value := getattr(changes, name)) is not None}
        return self.model_copy(update={**given, "people": _people(self.people, changes.people, removed)})

    def owned_by(self, person: UUID) -> Self:
        """The same fields with every narrative belonging to `person`, whose forgetting erases it."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        texts = {name: value for name, value in fields.items() if isinstance(value, Private)}
        return self.model_copy(update={name: owned(text, person) for name, text in texts.items()})


def owned(text: Private[str], person: UUID) -> Private[str]:
    """The text, just entered, as one that belongs to `person`."""
    return Private(person, text.value)


def narrative_owner(report_id: UUID, content: Content) -> UUID:
    """Whose the narrative is: the first victim's; as long as no victim is known, the report's own."""
    return next(iter(content.victims), derived("report", report_id))


def _people(known: tuple[Person, ...], given: tuple[Person, ...], removed: tuple[UUID, ...]) -> tuple[Person, ...]:
    by_id = {person.person_id: person for person in (*known, *given)}
    return tuple(person for id, person in by_id.items() if id not in removed)
