"""The project names no path of the machine it was written on and no host that packages come from."""

import re
import subprocess
from pathlib import Path

from tests.architecture.workspace import ROOT

LEFT_OUT = {".git", ".venv", "build", "node_modules", "__pycache__"}
# Put together from parts, so that this file does not name what it looks for.
PLACES = re.compile(
    "|".join(
        (
            r"(?<![\w.-])/" + r"work/",
            r"(?<![\w.-])/" + r"root/",
            r"(?<![\w.-])/" + r"home/[a-z]",
            r"(?<![\w.-])/" + r"Users/[A-Za-z]",
            r"registry\." + r"(npm" + r"js|yarnpkg)",
            r"files\." + r"pythonhosted",
            r"pypi\." + r"org/simple",
            r"repo1?\." + r"maven",
            r"https?://" + r"[^\s/\"']+/simple(?![\w-])",
            r"(?<!no-emit)-index-" + r"url\b",
        )
    )
)


def project_files() -> list[Path]:
    """The files of the project: those that Git knows or would add; without Git, all but what was built."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not LEFT_OUT & set(path.relative_to(ROOT).parts)]


def named(content: bytes) -> list[str]:
    """The places that a file names."""
    return [found.group() for found in PLACES.finditer(content.decode("utf-8", errors="ignore"))]


def test_no_file_names_a_path_of_a_machine_or_a_host_that_packages_come_from() -> None:
    found = {str(path.relative_to(ROOT)): places for path in project_files() if (places := named(path.read_bytes()))}
    assert found == {}


def test_the_search_knows_such_a_place_when_it_sees_one() -> None:
    for place in (
        "cd /" + "work/main",
        '"/' + 'home/ann/x"',
        "https://registry.npm" + "js.org/a",
        "--index-" + "url x",
    ):
        assert named(place.encode())
    for other in ("teamwork/here", "/workers/ann", "--no-emit-index-" + "url", "https://example.org/simple-rules"):
        assert not named(other.encode())
