"""Short stories for tests: what happened to a report, a child, a case or a service, told in local time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from deadlines.calendar import Calendar
from deadlines.clocks import Judge, Place
from deadlines.facts import Fact
from deadlines.gates import GateVerdict, gate
from deadlines.judge import Judged, judge
from deadlines.packs import Agency, load_packs
from deadlines.rule import Rule
from deadlines.subjects import Scope
from deadlines.view import ClockView
from events.ids import derived

CALENDAR = Calendar()
REPORT, INVESTIGATION = derived("story", "report"), derived("story", "investigation")
OF_THE_REPORT = (
    "ReportReceived",
    "ReportAmended",
    "ReportEntered",
    "PriorReportsSearched",
    "PriorReportsShared",
    "ReportScreened",
    "ReportAssigned",
    "LawEnforcementNotified",
    "CustodyReportNoticeSent",
)
OF_BOTH = ("InvestigationOpened", "InvestigationInitiated", "InvestigationApproved", "ChildInterviewed")
OF_OTHERS = ("StaffTrained", "VisitLogged", "PlacementChanged", "ChildLeftCustody", "ChildPlaced")


def local(text: str) -> datetime:
    """An instant from the local time of the agency, such as `2026-04-06 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(CALENDAR.zone)).astimezone(UTC)


def thing(name: str) -> str:
    """The id of a person, plan or home of the story."""
    return str(derived("story", name))


@cache
def rules(tolerance_minutes: int | None = None) -> tuple[Rule, ...]:
    """The rules of all delivered packs, with a tolerance for "immediately" if one is given."""
    return rules_with((("tolerance_minutes", tolerance_minutes),) if tolerance_minutes else ())


@cache
def rules_with(settings: tuple[tuple[str, object], ...], rule_id: str = "*") -> tuple[Rule, ...]:
    """The rules of all delivered packs, with readings set for all of them or for one."""
    return tuple(rule for pack in load_packs(Agency({rule_id: dict(settings)})) for rule in pack.rules)


def rule_named(rule_id: str, settings: Mapping[str, object] | None = None) -> Rule:
    """One rule, with readings of its own if some are given. Raises StopIteration when there is none."""
    known = rules_with(tuple(sorted((settings or {}).items())), rule_id) if settings else rules()
    return next(rule for rule in known if rule.id == rule_id)


@dataclass(frozen=True)
class Story:
    """The facts of one family in the order in which they are told."""

    facts: tuple[Fact, ...] = ()
    tolerance_minutes: int | None = None

    def told(self, event: str, at: str, learned: str = "", **data: object) -> "Story":
        """One more fact about the report or its investigation; without `learned` it was known when it happened."""
        keys = {"reportId": str(REPORT)} if event in OF_THE_REPORT + OF_BOTH else {}
        if event not in OF_THE_REPORT + OF_OTHERS:
            keys |= {"investigationId": str(INVESTIGATION)}
        return self.said(event, at, learned, **{**keys, **data})

    def said(self, event: str, at: str, learned: str = "", **data: object) -> "Story":
        """One more fact, with the payload as it is given."""
        fact = Fact(derived("story", "fact", len(self.facts)), event, local(at), local(learned or at), data)
        return replace(self, facts=(*self.facts, fact))

    def views(self, as_of: str, known_at: str = "") -> tuple[ClockView, ...]:
        known = local(known_at) if known_at else None
        return judge(self.facts, rules(self.tolerance_minutes), CALENDAR, local(as_of), known)

    def clocks(self, rule_id: str, as_of: str, known_at: str = "") -> list[ClockView]:
        """The clocks of one rule."""
        return [view for view in self.views(as_of, known_at) if view.rule_id == rule_id]

    def clock(self, rule_id: str, as_of: str, known_at: str = "") -> ClockView:
        """The one clock of a rule. Raises ValueError when there is not exactly one."""
        [view] = self.clocks(rule_id, as_of, known_at)
        return view

    def attempt(self, rule_id: str, event: str, at: str, **data: object) -> GateVerdict:
        """The answer of a gate to an attempt."""
        keys = {"reportId": str(REPORT)} if event in OF_THE_REPORT + OF_BOTH else {}
        if event not in OF_THE_REPORT + OF_OTHERS:
            keys |= {"investigationId": str(INVESTIGATION)}
        return gate(self.facts, rule_named(rule_id), event, {**keys, **data}, local(at), CALENDAR)

    def look(self, as_of: str, facts: Sequence[Fact] | None = None, kind: str = "report", id: object = REPORT) -> Judge:
        """The command to look at one subject of the story at a certain time: its report, if no other is named."""
        told = self.facts if facts is None else tuple(facts)
        scope = Scope(kind, str(id))
        place = Place(scope.key, REPORT, "Tunica", None, thing("worker"), thing("supervisor"))
        return Judge(scope, told, Judged.of(rules(self.tolerance_minutes)), CALENDAR, local(as_of), place)
