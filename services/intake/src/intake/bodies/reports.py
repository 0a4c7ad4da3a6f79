"""A report as the caller enters it (F-INT-01). Every field may be absent."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from events.bodies import Body, Day, Ids, Instant, Line, Narrative
from intake import vocabulary as words
from intake.content import Content, Person
from intake.tokens import Token, with_tokens

NARRATIVES = (
    "allegation_summary",
    "locations",
    "extent",
    "vulnerability",
    "child_whereabouts",
    "perpetrator_whereabouts",
    "present_danger_description",
    "handicapping_condition",
    "adult_functioning",
    "child_functioning",
    "parenting",
    "discipline",
    "earlier_services",
)


class PersonBody(Body):
    """A person named in the report; the caller chooses the id and keeps using it."""

    person_id: UUID
    roles: Annotated[tuple[words.Role, ...], Field(max_length=4)] = ()
    name: Line | None = None
    birth_date: Day | None = None
    age: Annotated[int, Field(ge=0, le=130)] | None = None
    relationship: Line | None = None
    contact: Narrative | None = None
    allegations: Annotated[tuple[words.Allegation, ...], Field(max_length=5)] = ()

    def person(self, token: Token) -> Person:
        """The same as a part of the report, with the tokens by which it is found again."""
        coded: dict[str, Any] = {"person_id": self.person_id, "roles": self.roles, "allegations": self.allegations}
        texts = self.private(self.person_id, "name", "birth_date", "age", "relationship", "contact")
        return with_tokens(Person(**coded | texts), token)


class ReportBody(Body):
    """A hotline report. `unknown` names entries that the caller could not give."""

    received_at: Instant | None = None
    channel: words.Channel | None = None
    county: Line | None = None
    reporter_type: words.ReporterType | None = None
    people: Annotated[tuple[PersonBody, ...], Field(max_length=100)] = ()
    allegation_summary: Narrative | None = None
    locations: Narrative | None = None
    felony_ground: words.FelonyGround | None = None
    setting: words.Setting | None = None
    resource_home_id: UUID | None = None
    facility_id: UUID | None = None
    extent: Narrative | None = None
    vulnerability: Narrative | None = None
    child_whereabouts: Narrative | None = None
    perpetrator_whereabouts: Narrative | None = None
    present_danger: words.Known | None = None
    present_danger_description: Narrative | None = None
    child_under_two: words.Known | None = None
    handicapping_condition: words.Known | None = None
    family_may_flee: words.Known | None = None
    recent_substantiated_report: words.Known | None = None
    child_in_custody: words.Known | None = None
    tribal_membership: words.Tribal | None = None
    adult_functioning: Narrative | None = None
    child_functioning: Narrative | None = None
    parenting: Narrative | None = None
    discipline: Narrative | None = None
    earlier_services: Narrative | None = None
    response_time: words.ResponseTime | None = None
    unknown: Annotated[tuple[words.Entry, ...], Field(max_length=30)] | None = None

    def content(self, report_id: UUID, token: Token) -> Content:
        """The same as the content of a report; the rules say later whose the narratives are."""
        coded: dict[str, Any] = {
            name: getattr(self, name) for name in Content.model_fields if name in ReportBody.model_fields
        }
        people = tuple(person.person(token) for person in self.people)
        return Content(**coded | {"people": people} | self.private(report_id, *NARRATIVES))


class AmendmentBody(ReportBody):
    """Fields to add or correct; the others stay. Ids are replaced by id, or removed."""

    removed_people: Ids = ()
