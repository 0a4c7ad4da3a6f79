"""The AsyncAPI document as the official parser reads it. Needs Node.js; `.ci/run` requires it."""

import json
import os
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest

from events.catalogue import public_events
from events.documents import write

HERE = Path(__file__).parent / "asyncapi"
FILES = ("package.json", "package-lock.json", "validate.mjs")
CACHE = Path.home() / ".cache" / "hearthline-asyncapi"


def unavailable(reason: str) -> None:
    """Skip, or fail where the parser is required."""
    if os.environ.get("HEARTHLINE_TEST_REQUIRE_NODE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def parser() -> Path:
    """The validating script beside its packages, installed once for each lock file."""
    if not (shutil.which("node") and shutil.which("npm")):
        unavailable("there is no Node.js here")
    installed = CACHE / sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    if not installed.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=CACHE))
        for name in FILES:
            shutil.copy(HERE / name, fresh)
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(npm, cwd=fresh, capture_output=True, text=True, timeout=240, check=False)
        if done.returncode:
            shutil.rmtree(fresh)
            unavailable("npm could not install the AsyncAPI parser")
        _put_in_place(fresh, installed)
    return installed / "validate.mjs"


def _put_in_place(fresh: Path, installed: Path) -> None:
    try:
        fresh.rename(installed)
    except OSError:  # another process was first
        shutil.rmtree(fresh)


def parsed(parser: Path, document: Path) -> subprocess.CompletedProcess[str]:
    """What the parser says about a document."""
    return subprocess.run(["node", str(parser), str(document)], capture_output=True, text=True, timeout=60, check=False)


def test_the_official_parser_reads_the_committed_document_with_all_its_schemas(parser: Path) -> None:
    document = Path(__file__).parents[2] / "docs" / "contracts" / "asyncapi.json"
    done = parsed(parser, document)
    assert done.returncode == 0, done.stderr
    topics = {event.topic for event in public_events()}
    assert json.loads(done.stdout) == {"version": "3.0.0", "channels": len(topics), "messages": len(public_events())}


def test_the_official_parser_refuses_a_document_whose_channel_leads_nowhere(parser: Path, tmp_path: Path) -> None:
    write(tmp_path / "contracts")
    path = tmp_path / "contracts" / "asyncapi.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    next(iter(document["operations"].values()))["channel"] = {"$ref": "#/channels/nowhere"}
    path.write_text(json.dumps(document), encoding="utf-8")
    done = parsed(parser, path)
    assert done.returncode == 1
    assert "nowhere" in done.stderr


def test_the_lock_file_holds_no_download_addresses() -> None:
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("resolved" not in package for package in locked.values())
    assert all("integrity" in package for name, package in locked.items() if name)
