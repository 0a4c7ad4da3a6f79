"""Which rules hold where and when: packs switched on by region, county and date; what is wrong refuses the start."""

from pathlib import Path
from typing import Any

import pytest

from deadlines.calendar import UnknownCalendar
from deadlines.explain import explain
from deadlines.facts import Fact
from deadlines.judge import judge_one
from deadlines.packs import BrokenPack
from deadlines.policy import Policy
from deadlines.rule import Rule
from deadlines.settings import DeadlinesSettings, Switch
from deadlines.subjects import Scope
from deadlines.testing import CALENDAR, Story, local, thing
from deadlines.view import ClockView

REGIONS = {"north": ("Alder", "Ash"), "south": ("Birch",)}
CASE, CHILD = thing("case"), thing("child")
MODEL = "service-plan-initial.practice-model"


def policy(*switches: dict[str, Any], packs: tuple[str, ...] = ("settlement",), **more: Any) -> Policy:
    """A policy of two regions."""
    told = DeadlinesSettings.model_validate(
        {"regions": REGIONS, "deadlines_packs": packs, "deadlines_switches": switches} | more
    )
    return Policy(told)


def on(policy: Policy, county: str) -> set[str]:
    """The packs whose rules are judged in a county, on whatever day."""
    return {rule.pack for rules in policy.judged(county).rules.values() for rule in rules}


def opened(day: str, **more: object) -> Story:
    data: dict[str, Any] = {"caseId": CASE, "kind": "in-home", "countyOfResponsibility": "Alder", "childIds": [CHILD]}
    return Story().said("CaseOpened", f"{day} 10:00", **(data | more))


def clocks(
    policy: Policy, story: Story, as_of: str, county: str = "Alder", scope: Scope | None = None
) -> list[ClockView]:
    scope, now = scope or Scope("case", CASE), local(as_of)
    return list(judge_one(scope, story.facts, policy.judged(county), policy.calendar(county), now, now))


def rules_of(views: list[ClockView]) -> set[str]:
    return {view.rule_id for view in views}


def test_a_pack_holds_in_the_region_or_the_county_that_it_is_switched_on_for() -> None:
    """R-DDL-004: each county begins the practice model by itself."""
    by_region, by_county = (
        policy({"pack": "practice-model", "region": "north"}),
        policy({"pack": "coa", "county": "Ash"}),
    )
    assert [("practice-model" in on(by_region, county)) for county in ("Alder", "Ash", "Birch")] == [True, True, False]
    assert [("coa" in on(by_county, county)) for county in ("Alder", "Ash", "Birch")] == [False, True, False]
    assert all("settlement" in on(by_region, county) for county in ("Alder", "Birch", ""))


def test_a_case_opened_from_the_day_its_county_began_owes_by_the_model_and_one_opened_before_does_not() -> None:
    """R-DDL-004, service-plan-initial.practice-model: a pack on from 1 March 2010 until 1 March 2011."""
    model = policy({"pack": "practice-model", "county": "Alder", "from": "2010-03-01", "until": "2011-03-01"})
    owed = {day: MODEL in rules_of(clocks(model, opened(day), "2011-06-01 12:00")) for day in (
        "2010-02-28", "2010-03-01", "2011-02-28", "2011-03-01",
    )}  # fmt: skip
    assert owed == {"2010-02-28": False, "2010-03-01": True, "2011-02-28": True, "2011-03-01": False}


def test_a_case_already_open_owes_by_the_model_from_the_date_in_the_countys_plan() -> None:
    """R-DDL-004, safety-assessed-before-closure and relatives-evaluated.practice-model: what begins from 1 June 2010."""
    told = {"pack": "practice-model", "county": "Alder", "from": "2010-03-01", "open_cases_from": "2010-06-01"}
    model = policy(told)
    old, new = opened("2009-12-01"), opened("2010-03-15")

    def started_by_closure(story: Story, day: str) -> bool:
        closing = story.said("CaseClosureProposed", f"{day} 09:00", caseId=CASE, reason="resolved")
        return "safety-assessed-before-closure.practice-model" in rules_of(clocks(model, closing, "2011-01-01 12:00"))

    assert [started_by_closure(old, day) for day in ("2010-05-31", "2010-06-01")] == [False, True]
    assert started_by_closure(new, "2010-05-31")
    assert MODEL not in rules_of(clocks(model, old, "2011-01-01 12:00")), "its opening lies before the model"


def test_two_family_preservation_packs_on_the_same_days_are_refused_and_one_after_the_other_is_not() -> None:
    """fps-care-limit and fps-age-limit.fps-current or fps-age-limit.fps-proposed-2006: one for each referral date."""
    first, second = {"pack": "fps-current", "until": "2010-01-01"}, {"pack": "fps-proposed-2006", "from": "2010-01-01"}
    policy(first, second).check()
    with pytest.raises(BrokenPack, match="fps-current and fps-proposed-2006 are switched on for the same days"):
        policy({"pack": "fps-current"}, second).check()
    policy({"pack": "fps-current", "county": "Alder"}, {"pack": "fps-proposed-2006", "county": "Birch"}).check()
    with pytest.raises(BrokenPack, match="same days"):
        policy({"pack": "fps-current", "region": "north"}, {"pack": "fps-proposed-2006", "county": "Ash"}).check()


@pytest.mark.parametrize(
    ("switches", "more", "says"),
    [
        ([{"pack": "folklore"}], {}, "there is no pack folklore"),
        ([], {"packs": ("folklore",)}, "there is no pack folklore"),
        ([{"pack": "settlement", "county": "Alder"}], {}, "settlement is switched on twice for the same days"),
        ([{"pack": "coa", "county": "Elder"}], {}, "names Elder, and no region has such a county"),
        ([{"pack": "coa", "region": "west"}], {}, "names west, and there is no such region"),
        ([], {"deadlines_county_closures": {"Elder": ["2010-03-01"]}}, "no region has such a county"),
        ([], {"deadlines_readings": {"*": {"due_time": "noon"}}}, "due_time"),
        ([], {"deadlines_readings": {"*": {"dew_time": "same_time"}}}, "dew_time"),
        ([], {"deadlines_readings": {"folklore": {"due_time": "same_time"}}}, "folklore"),
        ([], {"deadlines_rows_switched_off": ("tale.folklore",)}, "tale.folklore"),
    ],
)  # fmt: skip
def test_what_would_be_silently_wrong_refuses_the_start_in_one_line(
    switches: list[dict[str, Any]], more: dict[str, Any], says: str
) -> None:
    with pytest.raises(BrokenPack) as refusal:
        policy(*switches, **more).check()
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"time_zone": "America/Atlantis"}, "unknown time zone: America/Atlantis"),
        ({"deadlines_state": "ZZ"}, "no calendar of US ZZ"),
        ({"deadlines_country": "ZZ", "deadlines_state": ""}, "no calendar of ZZ"),
    ],
)
def test_an_unknown_calendar_refuses_the_start_in_one_line(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(UnknownCalendar, match=says):
        policy(**settings).check()


def test_a_pack_of_the_agencys_own_that_is_broken_refuses_the_start_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[pack]\nname = "own"\nversion = 7\n', encoding="utf-8")
    with pytest.raises(BrokenPack, match=r"own\.toml line \d+"):
        policy(deadlines_pack_folder=tmp_path).check()


def test_the_offices_of_one_county_close_by_themselves() -> None:
    """R-DDL-001, school-enrolment.settlement: three business days; the office in Ash is closed on the second."""
    model = policy(deadlines_county_closures={"Ash": ["2026-03-10"]}, deadlines_closures=["2026-03-11"])
    story = (
        opened("2026-03-09", kind="custody")
        .said("ChildEnteredCustody", "2026-03-09 10:00", childId=CHILD, caseId=CASE, age=9)
        .said("ChildPlaced", "2026-03-09 11:00", childId=CHILD, placementId=thing("p"), firstOfEpisode=True)
    )
    due = {
        county: next(
            view.due_at
            for view in clocks(model, story, "2026-03-09 12:00", county, Scope("child", CHILD))
            if view.rule_id == "school-enrolment.settlement"
        )
        for county in ("Alder", "Ash")
    }
    assert due == {"Alder": local("2026-03-13 23:59:59"), "Ash": local("2026-03-16 23:59:59")}


def test_calendar_days_count_every_day_and_the_school_rule_counts_business_days() -> None:
    """R-DDL-001: 30 calendar-days of service-plan-initial-custody.settlement over weekends and a holiday, beside
    school-enrolment.settlement; from Friday 13 February 2026, with Presidents' Day on the 16th."""
    story = (
        opened("2026-02-13", kind="custody")
        .said("ChildEnteredCustody", "2026-02-13 10:00", childId=CHILD, caseId=CASE, age=9)
        .said("ChildPlaced", "2026-02-13 11:00", childId=CHILD, placementId=thing("p"), firstOfEpisode=True)
    )
    due = {
        view.rule_id: view.due_at for view in clocks(policy(), story, "2026-02-13 12:00", scope=Scope("child", CHILD))
    }
    assert due["service-plan-initial-custody.settlement"] == local("2026-03-15 23:59:59")
    assert due["school-enrolment.settlement"] == local("2026-02-19 23:59:59")


def test_the_monthly_service_report_is_due_on_the_fifth_working_day() -> None:
    """R-DDL-002, fps-documentation.fps-proposed-2006: weekends and New Year are skipped; 8 January 2026 is the fifth."""
    service, referral = thing("service"), thing("referral")
    facts = (
        Story()
        .said("FpsReferralMade", "2025-11-03 09:00", referralId=referral, caseId=CASE)
        .said("FpsFamilyAccepted", "2025-11-05 09:00", serviceId=service, referralId=referral, caseId=CASE)
        .said("PeriodClosed", "2025-12-31 23:59:59", period="month", endsOn="2025-12-31")
    )
    model = policy({"pack": "fps-proposed-2006"})
    [clock] = [
        view
        for view in clocks(model, facts, "2026-01-02 12:00", scope=Scope("service", service))
        if view.rule_id == "fps-documentation.fps-proposed-2006"
    ]
    assert clock.due_at == local("2026-01-08 23:59:59")


def test_a_case_that_becomes_a_custody_case_carries_the_plan_clocks_of_both_beginnings() -> None:
    """R-DDL-003: child-plan-submitted.policy-2009 from the opening, service-plan-initial-custody.policy-2009 from entry."""
    story = opened("2026-03-02").said("ChildEnteredCustody", "2026-03-16 10:00", childId=CHILD, caseId=CASE, age=9)
    due = {
        view.rule_id: view.due_at
        for view in clocks(policy(packs=("policy-2009",)), story, "2026-03-17 12:00", scope=Scope("child", CHILD))
    }
    assert due["child-plan-submitted.policy-2009"] == local("2026-03-27 23:59:59")
    assert due["service-plan-initial-custody.policy-2009"] == local("2026-04-15 23:59:59")


def explained(model: Policy) -> dict[str, tuple[str, str]]:
    """The readings of the school clock: value and who set it."""
    story = (
        opened("2026-03-09", kind="custody")
        .said("ChildEnteredCustody", "2026-03-09 10:00", childId=CHILD, caseId=CASE, age=9)
        .said("ChildPlaced", "2026-03-09 11:00", childId=CHILD, placementId=thing("p"), firstOfEpisode=True)
    )
    [view] = [
        view
        for view in clocks(model, story, "2026-03-09 12:00", scope=Scope("child", CHILD))
        if view.rule_id == "school-enrolment.settlement"
    ]
    rule: Rule = next(rule for rule in model.rules if rule.version == view.rule_version)
    facts: tuple[Fact, ...] = story.facts
    return {each.name: (each.value, each.set_by) for each in explain(view, rule, facts, CALENDAR).settings}


def test_the_explanation_tells_which_layer_set_a_reading() -> None:
    """school-enrolment.settlement: the standard, then the agency, for a pack and for one rule; the narrowest wins."""
    start, end = {"start_day": "day_1"}, {"start_day": "day_0"}
    assert explained(policy())["start_day"] == ("day_0", "standard")
    layers: list[tuple[dict[str, Any], str, str]] = [
        ({"*": start}, "day_1", "agency"),
        ({"*": start, "settlement": end}, "day_0", "agency, for the pack"),
        ({"*": end, "settlement": end, "school-enrolment.settlement": start}, "day_1", "agency, for the rule"),
    ]
    for readings, value, layer in layers:
        assert explained(policy(deadlines_readings=readings))["start_day"] == (value, layer)


def test_switches_overlap_when_both_hold_on_some_day() -> None:
    def switch(since: str | None, until: str | None) -> Switch:
        return Switch.model_validate({"pack": "coa", "from": since, "until": until})

    first = switch("2010-01-01", "2011-01-01")
    assert not first.overlaps(switch("2011-01-01", None))
    assert first.overlaps(switch("2010-12-31", None))
    assert switch(None, None).overlaps(first)
