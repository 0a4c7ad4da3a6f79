"""What the bodies have in common: strict names, bounded texts, instants in UTC."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from events.private import Private

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _bounded(at: datetime) -> datetime:
    if not EARLIEST <= at <= LATEST:
        raise ValueError("between 1900 and 2200")
    return at.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_bounded)]
Narrative = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Word = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", min_length=1, max_length=200)]
People = Annotated[tuple[UUID, ...], Field(max_length=100)]


class Body(BaseModel):
    """One request."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    def private(self, person: UUID, *names: str) -> dict[str, Private[str]]:
        """The given ones of these texts as private values of `person`."""
        return {name: Private(person, str(value)) for name in names if (value := getattr(self, name)) is not None}
