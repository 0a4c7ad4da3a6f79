"""Another state is data: its pack, calendar, ladders and readings are loaded as an agency would, and judged on paper."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deadlines.check import check
from deadlines.facts import Fact
from deadlines.gates import gates
from deadlines.judge import judge
from deadlines.policy import Policy
from deadlines.rule import Rule
from deadlines.settings import DeadlinesSettings
from deadlines.view import ClockView
from events.ids import derived
from events.settings import load

ROOT = Path(__file__).parents[3]
STATE = ROOT / "examples" / "second-state"
ZONE = ZoneInfo("America/New_York")
Told = tuple[str, str, Mapping[str, object]]


@pytest.fixture
def fernmark(monkeypatch: pytest.MonkeyPatch) -> Policy:
    """The policy of the agency, from its file of settings alone, where the paths in it hold."""
    monkeypatch.chdir(ROOT)
    for line in (STATE / "settings.env").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            monkeypatch.setenv(name, value)
    policy = Policy(load(DeadlinesSettings, [DeadlinesSettings]))
    policy.check()
    return policy


def at(text: str) -> datetime:
    """An instant from the local time of Fernmark."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def facts(*told: Told) -> list[Fact]:
    return [
        Fact(derived("fernmark", number), event, at(when), at(when), data)
        for number, (event, when, data) in enumerate(told)
    ]


def rules_in(policy: Policy, county: str) -> dict[str, Rule]:
    return {rule.id: rule for rules in policy.judged(county).rules.values() for rule in rules}


def clocks(policy: Policy, as_of: str, *told: Told, county: str = "Larkspur") -> dict[str, ClockView]:
    """The clocks by their rule and, where there are several, their period."""
    views = judge(facts(*told), rules_in(policy, county).values(), policy.calendar(county), at(as_of))
    return {f"{view.rule_id.partition('.')[0]} {view.period or ''}".strip(): view for view in views}


def due(view: ClockView) -> str:
    assert view.due_at is not None
    return f"{view.due_at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"


REPORT: Told = ("ReportReceived", "2026-04-07 09:00", {"reportId": "lilac", "county": "Larkspur"})
OPENED = {"investigationId": "fern", "reportId": "lilac", "childIds": ["amber"]}
ENTERED: Told = ("ChildEnteredCustody", "2026-04-06 10:30", {"childId": "amber", "caseId": "case", "age": 7})


def test_the_pack_has_no_findings() -> None:
    file = STATE / "packs" / "fernmark.toml"
    assert check(str(file), file.read_text("utf-8")) == []


def test_a_call_of_nine_is_screened_before_one_o_clock_and_at_one_it_is_too_late(fernmark: Policy) -> None:
    """09:00 + 4 hours = 13:00; the agency reads the due instant itself as too late."""
    before = clocks(fernmark, "2026-04-07 12:59", REPORT)["call-screened"]
    assert (before.state, due(before)) == ("running", "2026-04-07 13:00:00")
    assigned = {"reportId": "lilac", "county": "Larkspur"}
    in_time = clocks(fernmark, "2026-04-07 14:00", REPORT, ("ReportAssigned", "2026-04-07 12:59", assigned))
    assert in_time["call-screened"].state == "met"
    late = clocks(fernmark, "2026-04-07 14:00", REPORT, ("ReportAssigned", "2026-04-07 13:00", assigned))
    assert late["call-screened"].state == "met-late"


def test_who_is_told_and_when_stands_on_the_ladders_of_the_state(fernmark: Policy) -> None:
    """Due at 13:00: two hours before, at the due time, and two hours after to the director."""
    steps = clocks(fernmark, "2026-04-07 09:05", REPORT)["call-screened"].steps
    told = [(f"{step.at.astimezone(ZONE):%H:%M}", step.tells) for step in steps]
    assert told == [("11:00", ("worker", "supervisor")), ("13:00", ("supervisor",)), ("15:00", ("director",))]


def test_immediately_is_half_an_hour(fernmark: Policy) -> None:
    grave = {**REPORT[2], "felonyType": "sexual-abuse"}
    view = clocks(fernmark, "2026-04-07 09:05", ("ReportReceived", "2026-04-07 09:00", grave))["police-called"]
    assert (view.state, due(view)) == ("running", "2026-04-07 09:30:00")


def test_business_days_leave_out_the_closures_of_the_agency_and_of_the_county(fernmark: Policy) -> None:
    """Opened Wednesday 8 April. The 9th the agency is closed, the 10th the county; Monday 13 is day 1, Wednesday 15 day 3."""
    view = clocks(fernmark, "2026-04-08 16:00", ("InvestigationOpened", "2026-04-08 15:00", OPENED))["family-met"]
    assert due(view) == "2026-04-15 23:59:59"


def test_business_days_leave_out_the_holidays_of_the_state(fernmark: Policy) -> None:
    """Opened Friday 14 August. Monday 17 is Bennington Battle Day (observed); 18, 19 and Thursday 20 are days 1 to 3."""
    view = clocks(fernmark, "2026-08-14 16:00", ("InvestigationOpened", "2026-08-14 15:00", OPENED))["family-met"]
    assert due(view) == "2026-08-20 23:59:59"


def test_a_limit_that_ends_on_a_sunday_ends_on_monday(fernmark: Policy) -> None:
    """Thursday 2 April + 45 days: 28 to the end of April, 17 more = Sunday 17 May; next business day Monday 18 May."""
    case = {"caseId": "case", "childIds": ["amber"]}
    view = clocks(fernmark, "2026-04-03 09:00", ("CaseOpened", "2026-04-02 11:00", case))["first-plan"]
    assert due(view) == "2026-05-18 23:59:59"


def test_ten_days_to_the_hour_where_the_rule_says_so(fernmark: Policy) -> None:
    """Monday 6 April 10:30 + 10 days = Thursday 16 April 10:30."""
    view = clocks(fernmark, "2026-04-06 11:00", ENTERED)["medical-exam"]
    assert due(view) == "2026-04-16 10:30:00"


def test_a_stop_after_the_due_time_wipes_out_the_miss(fernmark: Policy) -> None:
    """Due 16 April 10:30, missed on the 17th; the child leaves on the 20th."""
    assert clocks(fernmark, "2026-04-17 09:00", ENTERED)["medical-exam"].state == "missed"
    left: Told = ("ChildLeftCustody", "2026-04-20 09:00", {"childId": "amber", "reason": "relative"})
    assert clocks(fernmark, "2026-04-21 09:00", ENTERED, left)["medical-exam"].state == "cancelled"


def test_the_month_of_entry_counts_with_three_visits(fernmark: Policy) -> None:
    """Entered 6 April: April is the first period; visits on the 10th and 20th are two of three; May is the second."""
    visits: list[Told] = [
        ("VisitLogged", when, {"childId": "amber", "visitId": when, "kind": "worker-child", "mode": "face-to-face"})
        for when in ("2026-04-10 10:00", "2026-04-20 10:00", "2026-04-30 23:59")
    ]
    two = clocks(fernmark, "2026-05-01 00:00", ENTERED, *visits[:2])["child-visits 1"]
    assert (two.state, two.done, two.required, due(two)) == ("missed", 2, 3, "2026-04-30 23:59:59")
    three = clocks(fernmark, "2026-05-01 00:00", ENTERED, *visits)
    assert three["child-visits 1"].state == "met"
    assert (three["child-visits 2"].state, due(three["child-visits 2"])) == ("running", "2026-05-31 23:59:59")


def test_four_months_end_on_the_last_day_of_a_short_month_whatever_day_it_is(fernmark: Policy) -> None:
    """30 October 2026 + 4 months: there is no 30 February, so Sunday 28 February 2027; this rule does not shift."""
    entered = ("ChildEnteredCustody", "2026-10-30 10:00", ENTERED[2])
    assert due(clocks(fernmark, "2026-10-31 09:00", entered)["custody-review 1"]) == "2027-02-28 23:59:59"


def test_a_case_is_not_closed_before_the_family_agreed_on_what_follows(fernmark: Policy) -> None:
    case: Told = ("CaseOpened", "2026-04-02 11:00", {"caseId": "case", "childIds": ["amber"]})
    agreed: Told = ("AftercarePlanCompleted", "2026-06-01 10:00", {"caseId": "case"})
    for told, answer in (((case,), "no"), ((case, agreed), "yes")):
        rules = rules_in(fernmark, "Larkspur").values()
        data = {"caseId": "case"}
        [verdict] = gates(
            facts(*told), rules, "CaseClosed", data, at("2026-06-02 10:00"), fernmark.calendar("Larkspur")
        )
        assert verdict.answer == answer


def test_it_is_on_in_one_county_and_from_one_day(fernmark: Policy) -> None:
    """Nothing is judged elsewhere, and nothing that began on the day before."""
    assert rules_in(fernmark, "Thistle") == rules_in(fernmark, "Samphire") == {}
    assert len(rules_in(fernmark, "Larkspur")) == 8
    early: Told = ("ReportReceived", "2026-03-31 23:59", REPORT[2])
    first: Told = ("ReportReceived", "2026-04-01 00:00", REPORT[2])
    assert clocks(fernmark, "2026-04-01 01:00", early) == {}
    assert clocks(fernmark, "2026-04-01 01:00", first).keys() == {"call-screened", "police-called"}


def test_cases_that_were_open_owe_from_the_day_set_for_them(fernmark: Policy) -> None:
    """Opened 15 March: a child who enters custody on 30 June is not judged, on 1 July it is (R-DDL-004)."""
    case: Told = ("CaseOpened", "2026-03-15 11:00", {"caseId": "case", "childIds": ["amber"]})
    for day, judged in (("2026-06-30", False), ("2026-07-01", True)):
        entered: Told = ("ChildEnteredCustody", f"{day} 10:30", ENTERED[2])
        assert ("medical-exam" in clocks(fernmark, f"{day} 11:00", case, entered)) is judged
