"""Who may do what, as data: roles.csv names every role, permissions.csv what each may do and how far that reaches."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

SCOPES = frozenset({"state", "county", "assigned", "own-organisation", "self"})


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of permissions.csv: `role` may do `action` within `scope`, by `rule` and `source` line.

    Scopes: state = everywhere; county = in the actor's counties; assigned = where the subject names the actor;
    own-organisation = what belongs to the actor's organisation; self = what is addressed to the actor, by name or by
    role and county.
    """

    role: str
    action: str
    scope: str
    purpose: str
    rule: str
    source: str


def permissions(rows: Iterable[Mapping[str, str]], roles: Mapping[str, str]) -> tuple[Permission, ...]:
    """The permissions of `rows`. Raises ValueError for an unknown role or scope, and for a line without a source."""
    granted = tuple(Permission(**row) for row in rows)
    for each in granted:
        if each.role not in roles or each.scope not in SCOPES or not (each.action and each.source):
            raise ValueError(f"permissions.csv: {each.role} {each.action} {each.scope} is not a permission")
    if len({(each.role, each.action, each.scope) for each in granted}) != len(granted):
        raise ValueError("permissions.csv: a permission is there twice")
    return granted


def _lines(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files("events").joinpath(name).read_text(encoding="utf-8").splitlines(), strict=True))


ROLES: Mapping[str, str] = {row["id"]: row["role"] for row in _lines("roles.csv")}
PERMISSIONS = permissions(_lines("permissions.csv"), ROLES)
ACTIONS = frozenset(each.action for each in PERMISSIONS)
