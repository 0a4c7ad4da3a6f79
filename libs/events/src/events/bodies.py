"""What the bodies of all services have in common: camelCase, nothing unknown, clean and bounded texts, times and days."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from events.private import Private

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
ONE_LINE = r"^[^\x00-\x1f\x7f]+$"
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _bounded(at: datetime) -> datetime:
    if not EARLIEST <= at <= LATEST:
        raise ValueError("between 1900 and 2200")
    return at.astimezone(UTC)


def _readable(text: str) -> str:
    if CONTROLS.search(text):
        raise ValueError("no control characters but tabs and line breaks")
    return text


Instant = Annotated[AwareDatetime, AfterValidator(_bounded)]
Day = Annotated[date, Field(ge=date(1850, 1, 1), le=date(2200, 1, 1))]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE)]
Narrative = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), AfterValidator(_readable)
]
Ids = Annotated[tuple[UUID, ...], Field(max_length=100)]


class Body(BaseModel):
    """What a request brings."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    def same(self, *names: str) -> dict[str, Any]:
        """These values of the body as they are."""
        return {name: getattr(self, name) for name in names}

    def private(self, person: UUID, *names: str) -> dict[str, Any]:
        """The given ones of these texts as private values of `person`."""
        return {name: Private(person, str(value)) for name in names if (value := getattr(self, name)) is not None}


class View(BaseModel):
    """What an answer tells."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, from_attributes=True
    )
