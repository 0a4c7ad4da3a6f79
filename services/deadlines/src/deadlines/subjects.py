"""Whose clock a fact belongs to: what a fact names, what it ties together, and the subjects that are judged."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from deadlines.facts import Fact
from deadlines.rule import Rule

# The payload field that names a thing, and what kind of thing it names.
KINDS_OF_FIELDS: dict[str, tuple[str, ...]] = {
    "reportId": ("report",),
    "investigationId": ("investigation",),
    "investigationIds": ("investigation",),
    "caseId": ("case",),
    "caseIds": ("case",),
    "childId": ("child",),
    "childIds": ("child",),
    "victims": ("child",),
    "planChildren": ("child",),
    "personId": ("person",),
    "placementId": ("placement",),
    "homeId": ("home",),
    "resourceHomeId": ("home",),
    "facilityId": ("facility",),
    "homeOrFacilityId": ("home", "facility"),
    "referralId": ("referral",),
    "serviceId": ("service",),
    "workerId": ("worker",),
    "providerId": ("provider",),
    "county": ("county",),
    "counties": ("county",),
    "region": ("region",),
}
# Two kinds of things that a fact ties when it names one of each.
TIED = frozenset(
    frozenset(pair)
    for pair in (
        ("investigation", "report"),
        ("child", "report"),
        ("child", "investigation"),
        ("worker", "report"),
        ("child", "case"),
        ("placement", "child"),
        ("placement", "home"),
        ("service", "referral"),
        ("service", "case"),
        ("referral", "case"),
        ("worker", "region"),
        ("worker", "investigation"),
    )
)
FOR_EVERYBODY = "PeriodClosed"  # the end of a calendar period belongs to every subject
STATEWIDE = "statewide"


# Whose facts count for a subject of each kind, beside its own: those of what it is tied to.
TIED_TO: dict[str, tuple[str, ...]] = {
    "report": ("investigation", "child", "worker"),
    "investigation": ("report", "child"),
    "case": ("child",),
    "child": ("case", "report", "investigation", "placement"),
    "person": (),
    "placement": ("home", "child"),
    "home": ("placement",),
    "facility": (),
    "referral": ("service", "case"),
    "service": ("referral", "case"),
    "worker": ("region",),
    "provider": (),
    "county": (),
    "region": (),
    "agency": (),
}
# The subjects that the rules name, and where each is judged: in the first of these that its start names.
JUDGED_IN: dict[str, tuple[str, ...]] = {
    "report": ("report",),
    "investigation": ("investigation", "report"),
    "case": ("case",),
    "child": ("child",),
    "person": ("child", "case", "person"),
    "placement": ("placement",),
    "fps-service": ("service", "referral"),
    "resource-home": ("home",),
    "facility": ("facility",),
    "worker": ("worker", "region"),
    "provider": ("provider",),
    "county": ("county",),
    "region": ("region", "agency"),
}


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One subject that is judged by itself: a report, an investigation, a case, a child, a home, a region ..."""

    kind: str
    id: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def of(cls, key: str) -> "Scope":
        kind, _, id = key.partition(":")
        return cls(kind, id)


AGENCY = Scope("agency", "state")


def mentions(data: Mapping[str, object]) -> tuple[str, ...]:
    """What a payload names, as `kind:id`; an order about a clock names the subject that is judged."""
    found = dict.fromkeys(
        f"{kind}:{id}"
        for name, kinds in KINDS_OF_FIELDS.items()
        if (value := data.get(name))
        for id in _ids(value)
        for kind in kinds
    )
    return (*found, *((str(data["scope"]),) if data.get("scope") else ()))


def ties(named: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The pairs that a fact ties by naming both."""
    return tuple(
        (one, other) for one, other in combinations(sorted(named), 2) if frozenset((_kind(one), _kind(other))) in TIED
    )


def candidates(named: Iterable[str], tied: Iterable[str]) -> set[Scope]:
    """The subjects that a fact may concern: those it names, and those tied to what it names."""
    return {scope for key in {*named, *tied} if (scope := Scope.of(key)).kind in TIED_TO}


def members(scope: Scope, neighbours: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The names under which facts of a subject go: its own, and those it is tied to."""
    tied_to = TIED_TO[scope.kind]
    return frozenset((scope.key, *(each for each in neighbours.get(scope.key, ()) if _kind(each) in tied_to)))


def concerns(scope: Scope, belonging: Set[str], type: str, named: Collection[str]) -> bool:
    """Whether a fact belongs to a subject: it names the subject or what is tied to it, and nothing else of their kinds."""
    if scope == AGENCY or type == FOR_EVERYBODY:
        return True
    kinds = (scope.kind, *TIED_TO[scope.kind])
    told: defaultdict[str, list[str]] = defaultdict(list)
    for each in named:
        if _kind(each) in kinds:
            told[_kind(each)].append(each)
    return bool(told) and all(any(each in belonging for each in names) for names in told.values())


def scopes_of(rule: Rule) -> tuple[str, ...]:
    """The kinds of subjects in which a rule is judged; a statewide rule of regions is judged once for the agency."""
    return (AGENCY.kind,) if _statewide(rule) else JUDGED_IN[rule.subject]


def opens_in(rule: Rule, scope: Scope, start: Fact) -> bool:
    """Whether a start is this subject's: where a rule may be judged in several, the first that the start names."""
    places = JUDGED_IN[rule.subject]
    if len(places) == 1 or _statewide(rule):
        return True
    if start.type == FOR_EVERYBODY:
        return scope.kind == places[0]
    named = {_kind(each) for each in mentions(start.data)}
    return next((kind for kind in places if kind in named), places[-1]) == scope.kind


def _statewide(rule: Rule) -> bool:
    return rule.subject == "region" and rule.applies_if.startswith(STATEWIDE)


@dataclass(frozen=True)
class World:
    """Facts of many subjects, told apart."""

    facts: tuple[Fact, ...]

    @cached_property
    def _named(self) -> tuple[tuple[Fact, tuple[str, ...]], ...]:
        return tuple((fact, mentions(fact.data)) for fact in self.facts)

    @cached_property
    def neighbours(self) -> Mapping[str, Collection[str]]:
        """What is tied to what."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for _, named in self._named:
            for one, other in ties(named):
                found[one].add(other)
                found[other].add(one)
        return found

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """Every subject that the facts name, in a steady order; the agency is always there."""
        named = {each for _, names in self._named for each in names}
        return (*sorted(candidates(named, ())), AGENCY)

    def of(self, scope: Scope) -> tuple[Fact, ...]:
        """The facts of one subject."""
        belonging = members(scope, self.neighbours)
        return tuple(fact for fact, named in self._named if concerns(scope, belonging, fact.type, named))


def _kind(key: str) -> str:
    return key.partition(":")[0]


def _ids(value: object) -> Iterable[str]:
    items = value if isinstance(value, list | tuple) else (value,)
    for item in items:
        if isinstance(item, Mapping):
            yield from (str(id) for name, id in item.items() if name == "childId")
        elif isinstance(item, str) or not isinstance(item, bool | float):
            yield str(item)
