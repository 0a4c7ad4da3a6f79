"""Packs load strictly: what is wrong is named with its file and line; who set a reading is known."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from deadlines.ladder import BrokenLadder
from deadlines.packs import Agency, BrokenPack, Pack, load_packs, read_pack, refuse_overlaps, standard_readings
from deadlines.readings import Readings
from deadlines.rule import Rule

PACK = """[pack]
name = "county"
version = "1"
authority = "Directive 7"
standing = "in force"
effective_from = 2026-01-01
effective_until = 2027-01-01
sources = ["003:1"]

[dates]
Approved = 2026-03-01

[settings]

[[rule]]
id = "call-back.county"
title = "Call back"
area = "intake"
kind = "once"
subject = "report"
starts_on = "ReportReceived"
applies_where = "ReportReceived(channel=phone)"
due = "2 business-days"
satisfied_by = "ReporterCalledBack"
responsible = "intake worker"
sources = ["003:2"]
"""
RULE = PACK[PACK.index("[[rule]]") :]


def broken(old: str, new: str) -> str:
    assert old in PACK
    with pytest.raises(BrokenPack) as refused:
        read_pack("county.toml", PACK.replace(old, new))
    return str(refused.value)


def agency_with(**settings: Mapping[str, str | int]) -> Agency:
    """An agency that sets readings for everything (`everywhere`), its own pack (`county`) or one rule (`rule`)."""
    names = {"everywhere": "*", "county": "county", "rule": "call-back.county"}
    return Agency({names[layer]: readings for layer, readings in settings.items()})


def the_rule(text: str = PACK, agency: Agency | None = None) -> Rule:
    [rule] = read_pack("county.toml", text, agency or Agency()).rules
    return rule


def delivered(name: str, agency: Agency | None = None) -> Pack:
    return next(pack for pack in load_packs(agency or Agency()) if pack.name == name)


def test_the_delivered_packs_say_their_version_standing_and_date() -> None:
    stated = {pack.name: (pack.version, pack.header.standing, pack.header.effective_from) for pack in load_packs()}
    assert stated == {
        "coa": ("2009.1", "in force", date(2009, 1, 1)),
        "federal": ("2009.1", "in force", date(2009, 1, 1)),
        "fps-current": ("2006.1", "in force until the agency adopts another", date(2000, 1, 1)),
        "fps-proposed-2006": ("2006.1", "proposed; adoption not shown", date(2006, 2, 23)),
        "ifps-national": ("2010.1", "benchmark", date(2000, 1, 1)),
        "policy-2009": ("2009.1", "in force", date(2009, 1, 1)),
        "practice-model": ("2009.1", "recommended 2009, rolled out region by region", date(2009, 9, 1)),
        "settlement": ("2008.1", "in force", date(2008, 1, 1)),
        "statute": ("2009.1", "in force", date(2009, 1, 1)),
        "training": ("2009.1", "taught, not policy", date(2009, 1, 1)),
    }


def test_every_delivered_rule_names_authority_source_and_version() -> None:
    rules = [rule for pack in load_packs() for rule in pack.rules]
    assert len(rules) == 490
    assert all(rule.authority and rule.sources and rule.version == f"{rule.id}@{rule.pack_version}" for rule in rules)


def test_no_reading_is_silent() -> None:
    """Readings and settings: every one is written down, but the tolerance, which has no default."""
    written = tomllib.loads(resources.files("deadlines").joinpath("readings.toml").read_text("utf-8"))
    assert set(written) == set(Readings.model_fields) - {"tolerance_minutes"}
    assert standard_readings() == Readings(), "the defaults of the model are those of the file"
    assert Readings(**written).tolerance_minutes is None


def test_another_agencys_pack_loads_without_code() -> None:
    pack = read_pack("county.toml", PACK)
    assert (pack.name, pack.rules[0].version, pack.rules[0].obligation) == ("county", "call-back.county@1", "call-back")


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ('authority = "Directive 7"\n', "", 1, "authority"),
        ('due = "2 business-days"', 'due = "2 fortnights"', 23, "not a length of time"),
        ("channel=phone", "channel~phone", 22, "unknown operator"),
        ('title = "Call back"', 'titel = "Call back"', 17, "titel"),
        ('sources = ["003:2"]', "sources = []", 26, "sources"),
        ('kind = "once"', 'kind = "whenever"', 19, "kind"),
        ('due = "2 business-days"\n', "", 15, "without due"),
        ("[settings]", '[settings]\nday_type = "lunar"', 14, "day_type"),
        ('title = "Call back"', 'title = "Call back"\nwarn = ["1 month"]', 18, "warning"),
        ('title = "Call back"', 'title = "Call back"\nper = "each child"', 18, "per not readable"),
        ('starts_on = "ReportReceived"', 'starts_on = "report received"', 21, "not a list of events"),
        ('due = "2', 'stopped_where = "Other(x=1)"\ndue = "2', 15, "does not name"),
        ('title = "Call back"', 'title = "Call back"\nsettings = { due_time = "noon" }', 16, "settings"),
        ('title = "Call back"', 'title = "Call back"\nin_force = "3 days after Never"', 16, "names no date"),
        ("effective_until = 2027-01-01", "effective_until = 2025-01-01", 7, "ends before it begins"),
        ('id = "call-back.county"', 'id = "call-back.state"', 16, "does not belong"),
        ('id = "call-back.county"', 'id = call-back', 16, "line 16"),
        ("[[rule]]", f"{RULE}[[rule]]", 28, "two rules of one id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_and_line(old: str, new: str, line: int, why: str) -> None:
    message = broken(old, new)
    assert "county.toml" in message
    assert f"line {line}" in message
    assert why in message


def test_two_versions_of_a_pack_must_not_overlap() -> None:
    first = read_pack("first.toml", PACK)
    later = PACK.replace('version = "1"', 'version = "2"').replace("2027-01-01", "2028-01-01")
    refuse_overlaps([first, read_pack("second.toml", later.replace("2026-01-01", "2027-01-01"))])
    with pytest.raises(BrokenPack, match="version 1 and version 2 overlap"):
        refuse_overlaps([first, read_pack("second.toml", later.replace("2026-01-01", "2026-12-31"))])


def test_a_rule_is_in_force_from_its_own_date_until_its_pack_ends() -> None:
    text = PACK.replace('title = "Call back"', 'title = "Call back"\nin_force = "30 calendar-days after Approved"')
    [rule] = read_pack("county.toml", text).rules
    assert [rule.in_force_on(day) for day in (date(2026, 3, 30), date(2026, 3, 31), date(2026, 12, 31), date(2027, 1, 1))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_where_nobody_sets_a_reading_the_standard_holds() -> None:
    rule = the_rule()
    assert (rule.readings, rule.set_by) == (standard_readings(), {})


def test_the_nearest_layer_sets_the_reading_and_is_named() -> None:
    """Agency for all, pack, agency for the pack, rule, agency for the rule: each overrules those before."""
    packed = PACK.replace("[settings]", "[settings]\ntolerance_minutes = 20")
    ruled = packed.replace('due = "2', 'settings = { tolerance_minutes = 40 }\ndue = "2')
    everywhere, of_pack, of_rule = ({"tolerance_minutes": minutes} for minutes in (10, 30, 50))
    steps = [
        the_rule(agency=agency_with(everywhere=everywhere)),
        the_rule(packed, agency_with(everywhere=everywhere)),
        the_rule(packed, agency_with(everywhere=everywhere, county=of_pack)),
        the_rule(ruled, agency_with(everywhere=everywhere, county=of_pack)),
        the_rule(ruled, agency_with(everywhere=everywhere, county=of_pack, rule=of_rule)),
    ]
    assert [(rule.readings.tolerance_minutes, rule.set_by["tolerance_minutes"]) for rule in steps] == [
        (10, "agency"),
        (20, "pack"),
        (30, "agency, for the pack"),
        (40, "rule"),
        (50, "agency, for the rule"),
    ]


def test_layers_that_set_different_readings_add_up() -> None:
    text = PACK.replace("[settings]", '[settings]\nday_type = "business"')
    rule = the_rule(text, agency_with(everywhere={"tolerance_minutes": 10}))
    assert (rule.readings.day_type, rule.readings.tolerance_minutes) == ("business", 10)
    assert rule.set_by == {"day_type": "pack", "tolerance_minutes": "agency"}


def test_an_agency_sets_a_tolerance_for_one_rule_of_a_delivered_pack() -> None:
    """report-entered.settlement, prior-reports-shared.settlement."""
    agency = Agency({"report-entered.settlement": {"tolerance_minutes": 15}})
    pack = delivered("settlement", agency)
    minutes = {rule.id: rule.readings.tolerance_minutes for rule in pack.rules if rule.due == "immediately"}
    assert minutes.pop("report-entered.settlement") == 15
    assert set(minutes.values()) == {None}
    assert "prior-reports-shared.settlement" in minutes


@pytest.mark.parametrize(
    ("readings", "why"),
    [({"boundary": "fuzzy"}, "boundary"), ({"tolerance_minutes": 0}, "tolerance_minutes"), ({"moon": "full"}, "moon")],
)
def test_a_reading_that_is_not_built_is_refused(readings: dict[str, str | int], why: str) -> None:
    with pytest.raises(BrokenPack, match=why):
        the_rule(agency=agency_with(everywhere=readings))


@pytest.mark.parametrize(
    "agency",
    [
        Agency({"nowhere": {"day_type": "business"}}),
        Agency({"call-back.nowhere": {"day_type": "business"}}),
        Agency(switched_off=frozenset({"call-back.nowhere"})),
    ],
    ids=["a pack", "a rule", "a rule switched off"],
)
def test_what_an_agency_sets_for_strangers_is_refused(agency: Agency) -> None:
    with pytest.raises(BrokenPack, match="nowhere, and there is no such pack or rule"):
        load_packs(agency)


def test_of_two_readings_of_one_duty_an_agency_switches_one_off() -> None:
    """rows_switched_off: child-plan-review against child-plan-review-180."""
    both = {rule.id for rule in delivered("policy-2009").rules}
    off = frozenset({"child-plan-review-180.policy-2009"})
    left = {rule.id for rule in delivered("policy-2009", Agency(switched_off=off)).rules}
    assert both - left == off


def test_a_folder_adds_the_packs_of_an_agency(tmp_path: Path) -> None:
    (tmp_path / "county.toml").write_text(PACK, "utf-8")
    assert {pack.name for pack in load_packs(folder=tmp_path)} == {"county", *(pack.name for pack in load_packs())}


def test_a_folder_does_not_replace_a_delivered_pack(tmp_path: Path) -> None:
    (tmp_path / "coa.toml").write_text(PACK.replace(".county", ".coa").replace('"county"', '"coa"'), "utf-8")
    with pytest.raises(BrokenPack, match=r"coa: dates of version 2009\.1 and version 1 overlap"):
        load_packs(folder=tmp_path)


def test_a_broken_file_of_ladders_is_refused(tmp_path: Path) -> None:
    ladders = tmp_path / "ladders.toml"
    ladders.write_text("[ladder]\n", "utf-8")
    with pytest.raises(BrokenLadder):
        load_packs(Agency(ladders=ladders))


def test_an_advisory_rule_is_a_prompt_only() -> None:
    """ifps-national is never enforced: all five rows."""
    assert [rule.enforced for rule in delivered("ifps-national").rules] == [False] * 5
    assert the_rule().enforced
