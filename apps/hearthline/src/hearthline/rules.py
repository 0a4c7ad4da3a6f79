"""All rules as one table that a policy person can check."""

import typer


def print_rules(pack: str | None) -> None:
    """Print every rule, or those of one pack. Raises LookupError for a pack that is not there."""
    from deadlines.packs import load_packs

    packs = [each for each in load_packs() if pack in (None, each.name)]
    if not packs:
        raise LookupError(f"there is no pack {pack}")
    for each in packs:
        typer.echo(
            f"{each.name} {each.version}: {each.header.authority}; from {each.header.effective_from.isoformat()}"
        )
        typer.echo(f"  {'rule':<52} {'kind':<6} {'limit':<14} {'from':<10}  {'title':<52} source")
        for rule in each.rules:
            limit = rule.due or (f"before {rule.gate.before}" if rule.gate else f"{rule.count} every {rule.every}")
            typer.echo(
                f"  {rule.id:<52} {rule.kind:<6} {limit:<14} {rule.effective_from.isoformat()}  {rule.title:<52} {rule.source}"
            )
        typer.echo("")
