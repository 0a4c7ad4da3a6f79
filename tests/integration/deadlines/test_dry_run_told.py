"""`hearthline rules dry-run` prints what would stand otherwise, and the counts."""

import base64
from datetime import date
from pathlib import Path

import pytest
from tests.integration.deadlines.conftest import Desk
from tests.integration.deadlines.test_compliance import L3, tell
from tests.integration.deadlines.test_dry_run import shorter

from deadlines.wiring import SERVICE
from events.settings import ServiceSettings, load
from hearthline.dry_run import Asked, closures, dry_run


async def test_the_clocks_are_printed_as_they_are_found_and_then_the_counts(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await tell(desk)
    monkeypatch.setenv("HEARTHLINE_DATABASE_URL", desk.runtime.url)
    monkeypatch.setenv("HEARTHLINE_MASTER_KEYS", base64.b64encode(bytes(range(32))).decode())
    monkeypatch.setenv("HEARTHLINE_DATA_DIRECTORY", str(tmp_path))
    (tmp_path / "clock").write_text(desk.time.instant.isoformat())
    monkeypatch.setenv("HEARTHLINE_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setenv("HEARTHLINE_REGIONS", '{"north": ["Alder"], "south": ["Birch"]}')
    pack, closed = tmp_path / "pack.toml", tmp_path / "closed"
    pack.write_text(shorter(), "utf-8")
    closed.write_text("2026-03-05\n")
    await dry_run(load(ServiceSettings), SERVICE, Asked(pack, county="Alder", closures=closed))
    lines = capsys.readouterr().out.splitlines()
    clocks = [line.split("\t") for line in lines[1 : lines.index("")]]
    assert sorted(clock[0] for clock in clocks if clock[3] == L3) == ["moved", "moved", "moved", "now-met-late"]
    assert {clock[1] for clock in clocks} == {"Alder"}
    assert lines[-1].startswith(f"{len(clocks)} of ")
    assert any("now-met-late" in line for line in lines[lines.index("") :])


def test_closed_days_are_read_with_and_without_a_county() -> None:
    text = "# storm\n2026-12-24\n2026-12-28  Alder # the office is flooded\n\n2026-12-29 Alder\n"
    assert closures(text) == {"": (date(2026, 12, 24),), "Alder": (date(2026, 12, 28), date(2026, 12, 29))}


@pytest.mark.parametrize("line", ["tomorrow", "2026-13-01", "24.12.2026"])
def test_a_line_that_is_no_day_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"line 1|month|day"):
        closures(line)
