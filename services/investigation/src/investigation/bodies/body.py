"""What the request bodies here share beside what all bodies share."""

from typing import Annotated

from pydantic import Field

from events.bodies import Body, Instant

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


class Happened(Body):
    """Something that happened at `at` and may be entered later."""

    at: Instant
