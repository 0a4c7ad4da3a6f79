"""What is cited is proven: each rule that the code cites, and each time limit of the packs, is named by a test."""

import re
import tomllib
from functools import cache

from tests.architecture.workspace import ROOT, members, texts

RULE = re.compile(r"\bR-[A-Z]{2,5}-\d{3}\b")


@cache
def proven() -> str:
    """All tests and their data as one text."""
    suffixes = (".py", ".toml", ".json", ".txt", ".csv")
    return "\n".join(text for path, text in texts(ROOT / "tests", *suffixes) if "architecture" not in path.parts)


def time_limits() -> set[str]:
    """The ids of the time limits of all policy packs."""
    packs = (ROOT / "services/deadlines/src/deadlines/packs").glob("*.toml")
    return {row["id"] for pack in packs for row in tomllib.loads(pack.read_text(encoding="utf-8"))["rule"]}


def test_every_rule_that_the_code_cites_is_cited_by_a_test() -> None:
    cited = {
        rule
        for member in members()
        for _, text in texts(member.folder / "src", ".py", ".toml", ".csv")
        for rule in RULE.findall(text)
    }
    assert cited
    assert sorted(cited - set(RULE.findall(proven()))) == []


def test_every_time_limit_of_the_packs_is_named_by_a_test() -> None:
    limits = time_limits()
    assert limits
    named = set(re.findall(r"[a-z0-9-]+\.[a-z0-9-]+", proven()))
    assert sorted(limits - named) == []
