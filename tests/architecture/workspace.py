"""What the architecture tests know of the repository: its members, its sources, its tests, its services."""

import ast
import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Member:
    """One distribution of the workspace: its folder, its name and the packages that it ships."""

    folder: Path
    name: str
    packages: tuple[Path, ...]
    entry_points: dict[str, str]

    @property
    def modules(self) -> Iterator[Path]:
        """Its Python files."""
        return (path for package in self.packages for path in sorted(package.rglob("*.py")))


def members(kind: str = "*") -> list[Member]:
    """The members below `libs`, `apps` or `services`; all of them unless told."""
    return [_member(path.parent) for path in sorted(ROOT.glob(f"{kind}/*/pyproject.toml"))]


def services() -> list[Member]:
    """The services."""
    return members("services")


def _member(folder: Path) -> Member:
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = tuple(path.parent for path in sorted(folder.glob("src/*/__init__.py")))
    return Member(folder, project["name"], packages, project.get("entry-points", {}).get("hearthline.services", {}))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def sources() -> list[Path]:
    """Every Python file of every member."""
    return [path for member in members() for path in member.modules]


def texts(folder: Path, *suffixes: str) -> Iterator[tuple[Path, str]]:
    """The files below a folder that end with one of the suffixes, with their text; caches and packages are left out."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in suffixes and path.is_file() and not {"node_modules", "__pycache__"} & set(path.parts):
            yield path, path.read_text(encoding="utf-8")


def vocabulary() -> dict[str, str]:
    """Every word of the event vocabulary with the service that owns it, built or still to be built."""
    with (ROOT / "docs/domain/events.csv").open(encoding="utf-8", newline="") as file:
        return {row["event"]: row["service"] for row in csv.DictReader(file)}
