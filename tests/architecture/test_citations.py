"""What is cited is proven: each rule that the code cites is named by a test. Time limits are played in scenarios."""

import re
from functools import cache

from tests.architecture.workspace import ROOT, members, texts

RULE = re.compile(r"\bR-[A-Z]{2,5}-\d{3}\b")


@cache
def proven() -> str:
    """All tests and their data as one text."""
    suffixes = (".py", ".toml", ".json", ".txt", ".csv")
    return "\n".join(text for path, text in texts(ROOT / "tests", *suffixes) if "architecture" not in path.parts)


def test_every_rule_that_the_code_cites_is_cited_by_a_test() -> None:
    cited = {
        rule
        for member in members()
        for _, text in texts(member.folder / "src", ".py", ".toml", ".csv")
        for rule in RULE.findall(text)
    }
    assert cited
    assert sorted(cited - set(RULE.findall(proven()))) == []
