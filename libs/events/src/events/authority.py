"""Who may: one policy that answers alike for get, list, search, stream and export. What is not granted is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from events.decider import Rejected
from events.permissions import PERMISSIONS


@dataclass(frozen=True, slots=True)
class Actor:
    """Who calls: `id` is the subject of the token, `roles` are ids such as ROLE-03. Machines name an organisation."""

    id: str
    roles: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What the call is about: where it lies, who is assigned to it, whose it is, and the role it is addressed to."""

    county: str | None = None
    assigned: frozenset[str] = frozenset()
    organisation: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one action of one actor goes. A query builds its WHERE from the same values (`events.reach_sql`).

    `inboxes` are the (role, county) pairs whose post the actor reads; post whose county nobody knows yet is read by
    everybody of the role, so that it does not lie unseen. A reach without any value admits nothing.
    """

    everything: bool = False
    counties: frozenset[str] = frozenset()
    assigned_to: str | None = None
    organisation: str | None = None
    inboxes: frozenset[tuple[str, str]] = frozenset()

    @property
    def closed(self) -> bool:
        """Whether nothing at all is admitted."""
        return self == CLOSED

    def admits(self, subject: Subject) -> bool:
        """Whether the action may be done to `subject`."""
        return (
            self.everything
            or subject.county in self.counties
            or (self.assigned_to is not None and self.assigned_to in subject.assigned)
            or (self.organisation is not None and self.organisation == subject.organisation)
            or (subject.role, subject.county) in self.inboxes
        )


CLOSED = Reach()
UNROUTED = ""


def _granted() -> Mapping[str, Mapping[str, frozenset[str]]]:
    scopes: dict[str, dict[str, frozenset[str]]] = {}
    for each in PERMISSIONS:
        by_role = scopes.setdefault(each.action, {})
        by_role[each.role] = by_role.get(each.role, frozenset()) | {each.scope}
    return scopes


GRANTED = _granted()


@lru_cache(maxsize=4096)
def reach(actor: Actor, action: str) -> Reach:
    """How far `action` goes for `actor`, over all their roles together. An unknown role or action reaches nothing."""
    by_role = GRANTED.get(action, {})
    scopes = frozenset().union(*(by_role[role] for role in actor.roles if role in by_role))
    if not scopes:
        return CLOSED
    own_post = [role for role in actor.roles if "self" in by_role.get(role, ())]
    return Reach(
        everything="state" in scopes,
        counties=actor.counties if "county" in scopes else frozenset(),
        assigned_to=(actor.id or None) if scopes & {"assigned", "self"} else None,
        organisation=(actor.organisation or None) if "own-organisation" in scopes else None,
        inboxes=frozenset(product(own_post, actor.counties | {UNROUTED})),
    )


def require(actor: Actor, action: str, subject: Subject) -> None:
    """Return when `actor` may do `action` to `subject`. Raises Rejected("not-permitted", status 403) when not."""
    if reach(actor, action).admits(subject):
        return
    rows = [each for each in PERMISSIONS if each.action == action]
    raise Rejected(
        "not-permitted",
        f"{action} is not permitted to this caller here",
        rule=" ".join(sorted({each.rule for each in rows if each.rule})) or f"permissions:{action}",
        source=" ".join(sorted({each.source for each in rows})),
        status=403,
    )
