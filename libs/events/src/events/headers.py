"""The headers that a request may carry, as they are documented and as they are read."""

import re
from dataclasses import dataclass

from starlette.types import Scope

from events.bodies import ONE_LINE
from events.decider import Rejected


@dataclass(frozen=True)
class Header:
    """One header. Read by hand, because declaring headers as parameters of routes costs more than all else."""

    why: str
    pattern: str = ONE_LINE
    longest: int = 200
    required: bool = False

    def read(self, name: str, given: bytes) -> str | None:
        """Its value, None when it is blank. Raises Rejected (400) unless it is as documented."""
        value = given.decode("latin-1")
        if not value or value.isspace():
            return None
        if len(value) > self.longest:
            raise Rejected("header-too-long", f"{name} has at most {self.longest} characters", field=name, status=400)
        if not re.fullmatch(self.pattern, value):
            raise Rejected(f"{name.lower()}-invalid", f"{name}: {self.why}", field=name, source="OpenAPI", status=400)
        return value


HEADERS = {
    "Idempotency-Key": Header("repeat this command for ever under the same key: the same answer, and one effect"),
    "If-Match": Header('the version that was read, such as "3": another version is refused', r'^(W/)?"?[0-9]{1,9}"?$'),
    "Purpose": Header("why confidential fields are read; it is recorded with the reading", required=True),
}


def standard(scope: Scope) -> tuple[str | None, str | None, str | None]:
    """The idempotency key, the version to match and the purpose of a request."""
    given = dict(reversed(scope["headers"]))  # of a header that is there twice, the first
    key, version, purpose = (
        header.read(name, given[raw]) if (raw := name.lower().encode()) in given else None
        for name, header in HEADERS.items()
    )
    return key, version, purpose
