"""All rules as one table that a policy person can check, and what is wrong with packs that somebody writes."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from deadlines.rule import Rule

HEADS = ("rule", "kind", "enforce", "limit", "in force", "authority", "source", "title")


def print_rules(pack: str | None) -> None:
    """Print every rule, or those of one pack. Raises LookupError for a pack that is not there, BrokenPack."""
    from deadlines.packs import load_packs
    from deadlines.settings import DeadlinesSettings
    from events.settings import load

    packs = [
        each for each in load_packs(folder=load(DeadlinesSettings).deadlines_pack_folder) if pack in (None, each.name)
    ]
    if not packs:
        raise LookupError(f"there is no pack {pack}")
    for each in packs:
        head = each.header
        typer.echo(
            f"{each.name} {each.version}: {head.authority}; {head.standing}; from {head.effective_from.isoformat()}"
        )
        for line in table([HEADS, *(_row(rule) for rule in each.rules)]):
            typer.echo(f"  {line}")
        typer.echo("")


def check_packs(files: Sequence[Path]) -> bool:
    """Print what is wrong with each file, one line for each finding; whether all of them are clean. Raises OSError."""
    from deadlines.check import check_all
    from deadlines.packs import read_pack

    texts = {str(file): file.read_text("utf-8") for file in files}
    found = check_all(texts)
    for file, findings in found.items():
        for finding in findings:
            typer.echo(str(finding))
        if not findings:
            pack = read_pack(file, texts[file])
            typer.echo(f"{pack.name}: {len(pack.rules)} rules, no findings")
    return not any(found.values())


def _row(rule: "Rule") -> tuple[str, ...]:
    from deadlines.limit_words import limit_words

    until = f" until {rule.effective_until.isoformat()}" if rule.effective_until else ""
    held = f"{rule.enforce}, {rule.gate.mode}" if rule.gate else rule.enforce
    since = f"from {rule.effective_from.isoformat()}{until}"
    return rule.id, rule.kind, held, limit_words(rule), since, rule.authority, rule.source, rule.title


def table(rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    """Rows with columns as wide as what is in them."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip()
