"""What a changed pack, calendar or switch would make of the history: every clock judged under both policies, and counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from deadlines.calendar import Calendar
from deadlines.facts import Fact, known
from deadlines.judge import Judged, judge_one
from deadlines.place import place_of
from deadlines.subjects import Scope
from deadlines.view import ClockView, State

Verdict = Literal["open", "suspended", "met", "met-late", "missed", "cancelled", "waived"]
VERDICTS: dict[State, Verdict] = {
    "running": "open",
    "suspended": "suspended",
    "met": "met",
    "met-late": "met-late",
    "missed": "missed",
    "cancelled": "cancelled",
    "waived": "waived",
}
NEW, GONE, MOVED = "new", "gone", "moved"


class Law(Protocol):
    """The rules and calendars of an installation, by place."""

    def judged(self, county: str, region: str | None = None) -> Judged: ...

    def calendar(self, county: str) -> Calendar: ...

    @property
    def region_of_county(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clock stands under one policy."""

    rule_version: str
    verdict: Verdict
    due_at: datetime | None
    missed_at: datetime | None

    @property
    def counts_at(self) -> datetime | None:
        """When it counts: the due time, or the miss where only a number is limited."""
        return self.due_at or self.missed_at


@dataclass(frozen=True, slots=True)
class Pair:
    """One clock under both policies; None where the policy does not start it."""

    clock_id: UUID
    scope: str
    rule_id: str
    obligation: str
    title: str
    pack: str
    county: str
    region: str | None
    month: str | None
    day: date | None
    before: Standing | None
    after: Standing | None

    @property
    def change(self) -> str:
        """`new`, `gone`, `now-met` and so on, `moved` when only the due time differs; empty when all is as before."""
        if self.before is None:
            return NEW
        if self.after is None:
            return GONE
        if self.before.verdict != self.after.verdict:
            return f"now-{self.after.verdict}"
        return MOVED if self.before.due_at != self.after.due_at else ""


@dataclass(frozen=True)
class Window:
    """The clocks that are asked about: of one county, due from a local day on and before another. None: all."""

    county: str | None = None
    since: date | None = None
    until: date | None = None

    def holds(self, pair: Pair) -> bool:
        """Whether a clock is asked about. One that has no day counts only where no day is asked for."""
        if self.county not in (None, pair.county):
            return False
        if pair.day is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= pair.day) and (self.until is None or pair.day < self.until)


@dataclass(frozen=True, slots=True)
class Numbers:
    """One county and month: clocks by verdict under both policies, and by what changes for them."""

    county: str
    month: str | None
    before: dict[str, int]
    after: dict[str, int]
    changes: dict[str, int]


@dataclass
class Comparison:
    """The counts of a dry run. It stays small however long the history is."""

    subjects: int = 0
    clocks: int = 0
    _counts: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def take(self, clocks: Iterable[Pair], window: Window) -> list[Pair]:
        """Count the clocks of one subject, as far as they are asked about. Returns those that differ."""
        self.subjects += 1
        inside = [pair for pair in clocks if window.holds(pair)]
        for pair in inside:
            self._add(pair)
        return [pair for pair in inside if pair.change]

    def _add(self, pair: Pair) -> None:
        self.clocks += 1
        place = pair.county, pair.month or ""
        if pair.before:
            self._counts[*place, "before", pair.before.verdict] += 1
        if pair.after:
            self._counts[*place, "after", pair.after.verdict] += 1
        if pair.change:
            self._counts[*place, "changes", pair.change] += 1

    @property
    def numbers(self) -> tuple[Numbers, ...]:
        """By county and month, in this order."""
        places = sorted({(county, month) for county, month, _, _ in self._counts})
        return tuple(
            Numbers(county, month or None, *(self._of(county, month, side) for side in ("before", "after", "changes")))
            for county, month in places
        )

    @property
    def changed(self) -> int:
        """How many clocks differ."""
        return sum(number for (_, _, side, _), number in self._counts.items() if side == "changes")

    def _of(self, county: str, month: str, side: str) -> dict[str, int]:
        found = {what: n for (c, m, s, what), n in self._counts.items() if (c, m, s) == (county, month, side)}
        return dict(sorted(found.items()))


def pairs(scope: Scope, facts: Sequence[Fact], before: Law, after: Law, as_of: datetime) -> Iterator[Pair]:
    """Every clock that one of the policies starts for a subject, as the engine would have announced it at `as_of`."""
    known_at = max([as_of, *(fact.recorded_at for fact in facts)])
    place = place_of(scope, known(facts, known_at), after.region_of_county)

    def clocks(law: Law) -> dict[UUID, ClockView]:
        judged, calendar = law.judged(place.county, place.region), law.calendar(place.county)
        views = judge_one(scope, facts, judged, calendar, as_of, known_at)
        return {view.clock_id: view for view in views if verdict(view)}

    old, new, calendar = clocks(before), clocks(after), after.calendar(place.county)
    for clock_id in sorted(old.keys() | new.keys()):
        view = new.get(clock_id) or old[clock_id]
        stands = _standing(old.get(clock_id)), _standing(new.get(clock_id))
        at = next((told.counts_at for told in reversed(stands) if told and told.counts_at), None)
        day = calendar.day(at) if at else None
        yield Pair(
            clock_id=clock_id,
            scope=scope.key,
            rule_id=view.rule_id,
            obligation=view.obligation,
            title=view.title,
            pack=view.pack,
            county=place.county,
            region=place.region,
            month=f"{day:%Y-%m}" if day else None,
            day=day,
            before=stands[0],
            after=stands[1],
        )


def verdict(view: ClockView) -> Verdict | None:
    """How the sheet would show a clock; None for what is never announced: gates, and what is not known to apply."""
    if view.kind == "gate":
        return None
    if view.state == "unknown":
        return "open" if view.due_at else None
    return VERDICTS.get(view.state)


def _standing(view: ClockView | None) -> Standing | None:
    if view is None:
        return None
    told = verdict(view)
    return Standing(view.rule_version, told, view.due_at, view.missed_at) if told else None
