"""A dry run judges every clock under both policies and tells exactly what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources

from deadlines.calendar import Calendar
from deadlines.dry_run import Comparison, Pair, Window, pairs
from deadlines.facts import Fact
from deadlines.judge import Judged
from deadlines.packs import Agency, read_pack
from deadlines.rule import Rule
from deadlines.subjects import Scope
from deadlines.testing import CALENDAR, REPORT, Story, local

TEXT = resources.files("deadlines").joinpath("packs/policy-2009.toml").read_text("utf-8")
L3 = "investigation-initiated-l3.policy-2009"
LEVEL_3 = (
    Story(tolerance_minutes=30)
    .told("ReportReceived", "2026-04-06 10:00", childInCustody=False, setting="own-home", county="Alder")
    .told("ReportScreened", "2026-04-06 11:00", decision="screened-in", level=3, county="Alder")
    .told("InvestigationInitiated", "2026-04-06 18:00")
)
SCOPE = Scope("report", str(REPORT))


@dataclass(frozen=True)
class OneLaw:
    """The same rules and calendar everywhere."""

    rules: tuple[Rule, ...]
    days: Calendar = CALENDAR

    def judged(self, county: str, region: str | None = None) -> Judged:
        return Judged.of(self.rules)

    def calendar(self, county: str) -> Calendar:
        return self.days

    @property
    def region_of_county(self) -> dict[str, str]:
        return {"Alder": "north"}


def delivered(due: str = "24 hours") -> tuple[Rule, ...]:
    """The pack of policy with this limit for the start of an investigation."""
    before, named, after = TEXT.partition(f'id = "{L3}"')
    assert named
    return read_pack("policy-2009.toml", before + named + after.replace('"24 hours"', f'"{due}"', 1)).rules


def with_limit(due: str) -> OneLaw:
    return OneLaw(delivered(due))


def without_rule(rule_id: str) -> OneLaw:
    return OneLaw(tuple(rule for rule in delivered() if rule.id != rule_id))


AS_IT_IS = OneLaw(delivered())
EVERYTHING = Window()


def compared(
    before: OneLaw, after: OneLaw, facts: Sequence[Fact] = LEVEL_3.facts, window: Window = EVERYTHING
) -> tuple[Comparison, list[Pair]]:
    """The counts of one subject, and the clocks that differ, a week later."""
    comparison = Comparison()
    return comparison, comparison.take(pairs(SCOPE, facts, before, after, local("2026-04-13 10:00")), window)


def changes(
    before: OneLaw, after: OneLaw, facts: Sequence[Fact] = LEVEL_3.facts, window: Window = EVERYTHING
) -> dict[str, Pair]:
    """The clocks that differ by their rule, a week later."""
    return {pair.rule_id: pair for pair in compared(before, after, facts, window)[1]}


def test_nothing_differs_under_the_same_rules() -> None:
    comparison, _ = compared(AS_IT_IS, AS_IT_IS)
    assert (comparison.subjects, comparison.changed) == (1, 0)
    assert comparison.clocks > 5
    assert all(each.before == each.after and not each.changes for each in comparison.numbers)


def test_a_shorter_limit_makes_late_what_was_in_time() -> None:
    """investigation-initiated-l3.policy-2009: contact after 8 hours, in time within 24 and late within 4."""
    [(rule, pair)] = changes(AS_IT_IS, with_limit("4 hours")).items()
    assert rule == L3
    assert pair.before is not None
    assert pair.after is not None
    assert (pair.change, pair.before.verdict, pair.after.verdict) == ("now-met-late", "met", "met-late")
    assert (pair.before.due_at, pair.after.due_at) == (local("2026-04-07 10:00"), local("2026-04-06 14:00"))
    assert (pair.county, pair.region, pair.month) == ("Alder", "north", "2026-04")


def test_another_limit_with_the_same_verdict_is_a_move() -> None:
    [pair] = changes(AS_IT_IS, with_limit("20 hours")).values()
    assert pair.change == "moved"


def test_a_rule_taken_out_or_put_in_makes_clocks_go_or_come() -> None:
    assert {rule: pair.change for rule, pair in changes(AS_IT_IS, without_rule(L3)).items()} == {L3: "gone"}
    assert {rule: pair.change for rule, pair in changes(without_rule(L3), AS_IT_IS).items()} == {L3: "new"}


def test_the_counts_are_those_of_the_clocks() -> None:
    after = with_limit("4 hours")
    comparison, _ = compared(AS_IT_IS, after)
    april = next(each for each in comparison.numbers if (each.county, each.month) == ("Alder", "2026-04"))
    assert april.changes == {"now-met-late": 1}
    assert april.after["met-late"] == april.before.get("met-late", 0) + 1
    assert april.before["met"] == april.after.get("met", 0) + 1
    assert sum(sum(each.before.values()) for each in comparison.numbers) == comparison.clocks


def test_only_the_county_and_the_days_asked_for_are_counted() -> None:
    """By the day of the due time under the changed rules: 6 April."""
    after = with_limit("4 hours")
    for window, expected in (
        (Window("Alder"), {L3}),
        (Window("Birch"), set()),
        (Window(since=date(2026, 4, 6), until=date(2026, 4, 7)), {L3}),
        (Window(since=date(2026, 4, 7)), set()),
        (Window(until=date(2026, 4, 6)), set()),
    ):
        assert changes(AS_IT_IS, after, window=window).keys() == expected


def test_a_closed_day_moves_what_is_counted_in_business_days() -> None:
    """The same pack read in business days, with two more closed days."""
    by_business_days = read_pack("policy-2009.toml", TEXT, Agency({"*": {"day_type": "business"}})).rules
    closed = Calendar(closures=frozenset({date(2026, 4, 7), date(2026, 4, 8)}))
    found = changes(OneLaw(by_business_days), OneLaw(by_business_days, closed))
    assert found
    for pair in found.values():
        assert pair.before is not None
        assert pair.after is not None
        assert pair.before.due_at is not None
        assert pair.after.due_at is not None
        assert pair.before.due_at < pair.after.due_at
