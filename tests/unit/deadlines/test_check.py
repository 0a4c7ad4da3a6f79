"""A pack is checked whole: every mistake is named with its line, its rule, what it is and why, and all of them at once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from deadlines.check import check, check_all, delivered
from deadlines.findings import Finding
from deadlines.packs import read_pack
from hearthline import cli

CLEAN = """[pack]
name = "county"
version = "1"
authority = "Directive 7"
standing = "in force"
effective_from = 2026-01-01
sources = ["012:1"]

[dates]
Approved = 2026-03-01

[settings]
due_time = "same_time"

[[rule]]
id = "call-back.county"
title = "Call back"
area = "intake"
kind = "once"
subject = "report"
starts_on = "ReportReceived"
applies_where = "ReportReceived(setting=facility)"
due = "2 business-days"
satisfied_by = "ReportScreened"
satisfied_where = "ReportScreened(decision=screened-out)"
responsible = "intake worker"
sources = ["012:2"]

[[rule]]
id = "visits.county"
title = "Visits"
area = "visits"
kind = "quota"
subject = "case"
per = "parent[parentIds=personId]"
starts_on = "CaseOpened"
every = "1 month"
count = "2"
satisfied_by = "VisitLogged"
satisfied_where = "VisitLogged(kind=worker-parent)"
stopped_by = "CaseClosed"
responsible = "caseworker"
sources = ["012:3"]

[[rule]]
id = "closure.county"
title = "Closure"
area = "closure"
kind = "gate"
subject = "case"
starts_on = "CaseOpened"
gate = { before = "CaseClosed", mode = "block" }
satisfied_by = "AftercarePlanCompleted"
responsible = "caseworker"
sources = ["012:4"]
"""
MISTAKES: Mapping[str, Mapping[str, str]] = {
    each["name"]: each
    for each in tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text("utf-8"))["mistake"]
}


def with_mistake(name: str) -> str:
    old, new = MISTAKES[name]["right"], MISTAKES[name]["wrong"]
    assert old in CLEAN, old
    text = CLEAN.replace(old, new, 1)
    return text.replace('gate = { before = "CaseClosed", mode = "block" }\n', "") if "without words" in name else text


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_rule(name: str) -> None:
    rule, words = MISTAKES[name]["rule"], MISTAKES[name]["found"]
    findings = check("county.toml", with_mistake(name))
    assert [finding for finding in findings if finding.rule == rule and words in str(finding)], list(map(str, findings))
    assert len(findings) <= 2, list(map(str, findings))


def test_a_pack_without_a_mistake_has_no_finding_and_loads() -> None:
    assert check("county.toml", CLEAN) == []
    assert len(read_pack("county.toml", CLEAN).rules) == 3


@pytest.mark.parametrize("file", sorted(delivered()))
def test_the_delivered_packs_are_clean(file: str) -> None:
    assert check(file, delivered()[file]) == []


def test_all_mistakes_are_found_at_once() -> None:
    """One after the other into one pack: every line of them is there, in the order of the file."""
    text = CLEAN
    for name in ("unknown field", "impossible unit", "unknown event", "quota without a number", "unknown setting"):
        text = text.replace(MISTAKES[name]["right"], MISTAKES[name]["wrong"], 1)
    findings = check("county.toml", text)
    assert [(finding.line, finding.rule) for finding in findings] == [
        (13, "pack"),
        (22, "call-back.county"),
        (23, "call-back.county"),
        (29, "visits.county"),
        (40, "visits.county"),
    ]


def test_a_finding_is_one_line_with_file_line_rule_what_and_why() -> None:
    [finding] = check("packs/county.toml", with_mistake("unknown field"))
    why = "its contract does not carry it (perhaps setting)"
    told = Finding("packs/county.toml", 22, "call-back.county", "unknown field ReportReceived.settin", why)
    assert finding == told
    assert str(finding) == f"packs/county.toml:22: call-back.county: unknown field ReportReceived.settin: {why}"


def test_two_versions_of_a_pack_on_one_day_are_a_finding_of_both() -> None:
    older = CLEAN.replace('version = "1"', 'version = "0"')
    found = check_all({"new.toml": CLEAN, "old.toml": older})
    assert [finding.what for finding in found["new.toml"]] == ["overlaps version 0"]
    assert [finding.what for finding in found["old.toml"]] == ["overlaps version 1"]
    ended = older.replace("effective_from = 2026-01-01", "effective_from = 2025-01-01\neffective_until = 2026-01-01")
    assert check_all({"new.toml": CLEAN, "old.toml": ended}) == {"new.toml": [], "old.toml": []}


def test_rules_of_two_packs_may_conflict_when_both_say_so() -> None:
    one = CLEAN.replace('title = "Closure"', 'title = "Closure"\nconflicts_with = ["closure.state"]')
    other = (
        one.replace('"county"', '"state"')
        .replace(".county", ".state~")
        .replace(".state", ".county")
        .replace(".county~", ".state")
    )
    assert check_all({"county.toml": one, "state.toml": other}) == {"county.toml": [], "state.toml": []}


def test_what_stands_in_a_long_text_is_no_key() -> None:
    text = CLEAN.replace('title = "Visits"', 'note = """\ncount = "wrong"\n"""\ntitle = "Visits"').replace(
        'count = "2"', 'count = "x"'
    )
    [finding] = check("county.toml", text)
    assert text.splitlines()[finding.line - 1] == 'count = "x"'


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit code of the program."""
    monkeypatch.setattr("sys.argv", ["hearthline", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


@pytest.mark.parametrize("words", [("rules",), ("rules", "--pack", "federal"), ("rules", "federal")])
def test_rules_are_printed_as_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run(monkeypatch, *words) == 0
    lines = capsys.readouterr().out.splitlines()
    heads = [line.split(" ", 1)[0] for line in lines if line and not line.startswith(" ")]
    assert heads == (["federal"] if len(words) > 1 else sorted(file.removesuffix(".toml") for file in delivered()))
    told = next(line for line in lines if "periodic-review.federal" in line)
    for word in ("recurring", "clock", "first within 6 months, then every 6 months", "from 2009-01-01", "003:548"):
        assert word in told


def test_a_pack_that_is_not_there_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "rules", "nowhere") == 1
    assert capsys.readouterr().err == "hearthline: there is no pack nowhere\n"


def test_checking_a_clean_pack_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "county.toml"
    file.write_text(CLEAN, "utf-8")
    assert run(monkeypatch, "rules", "check", str(file)) == 0
    assert capsys.readouterr().out == "county: 3 rules, no findings\n"


def test_checking_a_wrong_pack_prints_a_line_for_each_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    clean, wrong = tmp_path / "county.toml", tmp_path / "wrong.toml"
    clean.write_text(CLEAN, "utf-8")
    wrong.write_text(
        with_mistake("quota without a number").replace(".county", ".shire").replace('"county"', '"shire"'), "utf-8"
    )
    assert run(monkeypatch, "rules", "check", str(clean), str(wrong)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "county: 3 rules, no findings",
        f"{wrong}:29: visits.shire: quota without count: nothing says when or how much",
    ]
