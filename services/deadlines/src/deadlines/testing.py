"""Short stories for tests: what happened to one report and its investigation, told in local time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from deadlines.calendar import Calendar
from deadlines.clocks import Judge
from deadlines.facts import Fact
from deadlines.gates import GateVerdict, gate
from deadlines.judge import judge
from deadlines.packs import load_packs
from deadlines.rule import Rule
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
    changes = {"tolerance_minutes": tolerance_minutes}
    return tuple(rule for pack in load_packs() for rule in pack.adjusted(changes).rules)


def rule_named(rule_id: str, tolerance_minutes: int | None = None) -> Rule:
    return next(rule for rule in rules(tolerance_minutes) if rule.id == rule_id)


@dataclass(frozen=True)
class Story:
    """The facts of one family in the order in which they are told."""

    facts: tuple[Fact, ...] = ()
    tolerance_minutes: int | None = None

    def told(self, event: str, at: str, learned: str = "", **data: object) -> "Story":
        """One more fact; without `learned` it was known when it happened."""
        number = len(self.facts)
        keys = {"reportId": str(REPORT)} if event in OF_THE_REPORT + OF_BOTH else {}
        if event not in OF_THE_REPORT + OF_OTHERS:
            keys |= {"investigationId": str(INVESTIGATION)}
        fact = Fact(derived("story", "fact", number), event, local(at), local(learned or at), {**keys, **data})
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
        return gate(self.facts, rule_named(rule_id), event, data, local(at), CALENDAR)

    def look(self, as_of: str, facts: Sequence[Fact] | None = None) -> Judge:
        """The command to look at the story at a certain time."""
        told = self.facts if facts is None else tuple(facts)
        return Judge(
            told,
            rules(self.tolerance_minutes),
            CALENDAR,
            local(as_of),
            "Tunica",
            REPORT,
            thing("worker"),
            thing("supervisor"),
        )
