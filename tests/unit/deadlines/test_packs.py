"""Packs load strictly: what is wrong is named with its file and line."""

from datetime import date

import pytest
from pydantic import ValidationError

from deadlines.packs import BrokenPack, load_packs, read_pack, refuse_overlaps
from deadlines.rule import in_county
from deadlines.testing import rules

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


def test_the_delivered_packs_say_their_version_authority_and_dates() -> None:
    stated = {pack.name: (pack.version, pack.header.standing, pack.header.effective_from) for pack in load_packs()}
    assert stated == {
        "settlement": ("2008.1", "in force", date(2008, 1, 1)),
        "policy-2009": ("2009.1", "in force", date(2009, 1, 1)),
    }
    assert all(rule.authority and rule.sources and rule.version == f"{rule.id}@{rule.pack_version}" for rule in rules())


def test_a_delivered_setting_is_never_silent() -> None:
    """Readings and settings: every reading is written in both packs, but the tolerance that has no default."""
    for pack in load_packs():
        assert pack.readings.model_fields_set == set(type(pack.readings).model_fields) - {"tolerance_minutes"}


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


def test_a_pack_is_switched_on_county_by_county() -> None:
    pack = read_pack("county.toml", PACK).switched_on_in(["Tunica"])
    assert len(in_county(pack.rules, "Tunica")) == 1
    assert in_county(pack.rules, "Hinds") == ()


def test_an_agency_sets_a_reading_for_all_rules_or_for_one() -> None:
    pack = next(pack for pack in load_packs() if pack.name == "settlement")
    one = pack.adjusted({"tolerance_minutes": 15}, "report-entered.settlement")
    assert {rule.id: rule.readings.tolerance_minutes for rule in one.rules if rule.due == "immediately"} == {
        "report-entered.settlement": 15,
        "prior-reports-shared.settlement": None,
    }
    both = one.adjusted({"tolerance_minutes": 60})
    assert both.readings.tolerance_minutes == 60
    with pytest.raises(ValidationError):
        pack.adjusted({"boundary": "exclusive"})
