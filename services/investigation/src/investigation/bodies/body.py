"""What every request body shares: camelCase, nothing unknown, texts made private."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from events.private import Private

Narrative = Annotated[str, Field(min_length=1, max_length=20_000)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Few = Annotated[tuple[UUID, ...], Field(max_length=100)]


class Body(BaseModel):
    """A request body: camelCase, nothing unknown."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    def private(self, person: UUID, *names: str) -> dict[str, Any]:
        """These texts of the body, private to `person`."""
        return {name: private_text(person, getattr(self, name)) for name in names}

    def same(self, *names: str) -> dict[str, Any]:
        """These values of the body as they are."""
        return {name: getattr(self, name) for name in names}


def private_text(person: UUID, text: str | None) -> Private[str] | None:
    """The text, private to `person`."""
    return None if text is None else Private(person, text)


class Happened(Body):
    """Something that happened at `at` and may be entered later."""

    at: AwareDatetime
