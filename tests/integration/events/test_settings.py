"""Settings come from the environment; a wrong or an unknown one stops the start with one line that names it."""

from pathlib import Path

import pytest

from events.settings import ServiceSettings, WrongSetting, load
from hearthline import cli


class SampleSettings(ServiceSettings):
    """Settings of a service beside those of all."""

    sample_limit: int = 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("DATABASE_CONNECTIONS", "1"),
        ("LOG_LEVEL", "loud"),
        ("TRACE_RATIO", "2"),
        ("KAFKA_SECURITY_PROTOCOL", "NONE"),
        ("SAMPLE_LIMIT", "many"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Architecture, settings: an operator reads which one, and never has to read a traceback."""
    monkeypatch.setenv(f"HEARTHLINE_{name}", value)
    with pytest.raises(WrongSetting, match=f"^HEARTHLINE_{name}: ") as stopped:
        load(SampleSettings, [ServiceSettings])
    assert "\n" not in str(stopped.value)


def test_an_unknown_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Architecture, settings: a misspelt one is not overlooked."""
    monkeypatch.setenv("HEARTHLINE_DATABSE_URL", "postgresql://")
    with pytest.raises(WrongSetting, match=r"^HEARTHLINE_DATABSE_URL is not a setting of Hearthline$"):
        load(ServiceSettings, [SampleSettings])


def test_the_settings_of_other_services_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Architecture, settings: several services share one environment."""
    monkeypatch.setenv("HEARTHLINE_SAMPLE_LIMIT", "7")
    assert load(ServiceSettings, [SampleSettings]).port == 8000
    assert load(SampleSettings).sample_limit == 7


def test_what_the_tests_set_for_themselves_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Architecture, tests: their own variables have a prefix of their own."""
    monkeypatch.setenv("HEARTHLINE_TEST_SEEDS", "1 2 3")
    assert load(ServiceSettings, [SampleSettings])


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Architecture, settings: printing them shows no key and no password."""
    monkeypatch.setenv("HEARTHLINE_KAFKA_PASSWORD", "open-sesame")
    monkeypatch.setenv("HEARTHLINE_MASTER_KEYS", "open-sesame")
    assert "open-sesame" not in repr(load(ServiceSettings))


def test_a_virtual_clock_is_refused_beside_a_real_issuer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Architecture, time: nobody moves the clock of production."""
    monkeypatch.setenv("HEARTHLINE_CLOCK_FILE", str(tmp_path / "clock"))
    assert load(ServiceSettings).clock_file
    monkeypatch.setenv("HEARTHLINE_ISSUER", "https://issuer.example")
    with pytest.raises(WrongSetting, match=r"^HEARTHLINE_CLOCK_FILE"):
        load(ServiceSettings)


@pytest.mark.parametrize(("name", "value"), [("HEARTHLINE_PORT", "eighty"), ("HEARTHLINE_PROT", "80")])
def test_the_program_stops_with_one_line_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    """Architecture, operations: before anything is started or written."""
    monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["hearthline", "migrate"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"hearthline: {name}")
