"""`make bench`: runs every benchmark, prints one table with ratios, writes build/bench.json."""

import argparse
import asyncio
import json
import platform
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

import uvloop

from benchmarks import commands, http, projection, relay
from benchmarks.figure import Figure
from events import database

BENCHMARKS: dict[str, Callable[[str, float], Awaitable[list[Figure]]]] = {
    "commands": commands.measure,
    "relay": relay.measure,
    "projection": projection.measure,
    "http": http.measure,
}


def main() -> None:
    """Run all benchmarks, or those named."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="only these")
    parser.add_argument("--seconds", type=float, default=5, help="how long each measurement takes")
    given = parser.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="hearthline-bench-") as directory:
        url = database.embedded(Path(directory) / "postgres")
        for name in given.names or BENCHMARKS:
            print(f"measuring {name}", file=sys.stderr, flush=True)
            figures += uvloop.run(_one(BENCHMARKS[name], url, given.seconds))
    _table(figures)
    build = Path("build")
    build.mkdir(exist_ok=True)
    (build / "bench.json").write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    print(f"\n{platform.python_implementation()} {platform.python_version()}; written to build/bench.json")
    if short := [figure.name for figure in figures if not figure.reached]:
        print(f"below the aim: {', '.join(short)}")


async def _one(measure: Callable[[str, float], Awaitable[list[Figure]]], url: str, seconds: float) -> list[Figure]:
    async with asyncio.timeout(300):
        return await measure(url, seconds)


def _table(figures: list[Figure]) -> None:
    print(f"{'what':<44} {'value':>12} {'unit':<12} {'peer':<44} {'peer value':>12} {'ratio':>7}  aim")
    for each in figures:
        peer = f"{each.peer_value:>12,.0f}" if each.peer_value else f"{'':>12}"
        ratio = f"{each.ratio:>7.2f}" if each.ratio else f"{'':>7}"
        print(f"{each.name:<44} {each.value:>12,.0f} {each.unit:<12} {each.peer:<44} {peer} {ratio}  {each.aim}")


if __name__ == "__main__":
    main()
