"""The demo county as data: its invented staff, who sign in through the local issuer."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from events.authority import Actor


@dataclass(frozen=True)
class Person:
    """One invented member of staff."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    counties: tuple[str, ...]
    organisation: str | None = None
    supervisor: str | None = None

    @property
    def actor(self) -> Actor:
        """Whom this person's token names."""
        return Actor(self.id, frozenset(self.roles), frozenset(self.counties), self.organisation)


@cache
def staff() -> Mapping[str, Person]:
    """The staff of the demo county by id."""
    content = tomllib.loads((files("hearthline") / "county.toml").read_text())
    people = [
        Person(
            id=each["id"],
            name=each["name"],
            email=each["email"],
            roles=tuple(each["roles"]),
            counties=tuple(each["counties"]),
            organisation=each.get("organisation"),
            supervisor=each.get("supervisor"),
        )
        for each in content["staff"]
    ]
    return {person.id: person for person in people}


def actors() -> dict[str, Actor]:
    """The actors that the local issuer signs tokens for."""
    return {person.id: person.actor for person in staff().values()}
