"""Who may import whom: `lint-imports` passes, knows every member, and its own contract finds what it should."""

import logging.config
from configparser import ConfigParser

import pytest
from grimp import ImportGraph
from importlinter.cli import lint_imports
from tests.architecture.purity import PureContract
from tests.architecture.workspace import ROOT, members, services

CONFIG = ROOT / ".importlinter"


def listed(section: str, option: str) -> set[str]:
    """The values of an option of the configuration."""
    parser = ConfigParser()
    parser.read(CONFIG)
    return set(parser[section][option].split())


def test_the_import_rules_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # Its own configuration of logging would silence the loggers of every test that comes after this one.
    monkeypatch.setattr(logging.config, "dictConfig", lambda config: None)
    assert lint_imports(str(CONFIG), no_cache=True, no_logo=True) == 0, capsys.readouterr().out


def test_the_import_rules_know_every_member() -> None:
    assert listed("importlinter", "root_packages") == {path.name for each in members() for path in each.packages}
    packages = {path.name for each in services() for path in each.packages}
    for contract, option in (("independence", "modules"), ("pure", "packages")):
        assert listed(f"importlinter:contract:{contract}", option) == packages


def pure(graph: ImportGraph, impure: str = "") -> tuple[bool, list[str], list[str]]:
    """What the contract says of a graph of one service, `intake`, and the library, `events`."""
    options = {
        "packages": ["intake"],
        "impure": impure.split(),
        "library": "events",
        "pure_library": ["events.event"],
        "forbidden": ["asyncio"],
    }
    check = PureContract("pure", {}, options).check(graph, verbose=False)
    return check.kept, check.metadata["chains"], check.metadata["unused"]


def graph_of(*imports: tuple[str, str]) -> ImportGraph:
    """A graph with these imports."""
    graph = ImportGraph()
    for name in ("intake", "intake.api", "intake.report", "events", "events.event", "events.log"):
        graph.add_module(name)
    graph.add_module("asyncio", is_squashed=True)
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    return graph


def test_a_pure_module_may_use_pure_modules() -> None:
    assert pure(graph_of(("intake.report", "events.event"))) == (True, [], [])


@pytest.mark.parametrize(
    ("imports", "chain"),
    [
        ((("intake.report", "asyncio"),), "intake.report -> asyncio"),
        ((("intake.report", "events.log"),), "intake.report -> events.log"),
        ((("intake.report", "intake.api"),), "intake.report -> intake.api"),
        ((("events.event", "events.log"),), "events.event -> events.log"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pure_module_that_reaches_what_is_impure_is_found(imports: tuple[tuple[str, str], ...], chain: str) -> None:
    kept, chains, _ = pure(graph_of(*imports), impure="*.api")
    assert not kept
    assert chains == [chain]


def test_an_impure_module_may_use_everything() -> None:
    assert pure(graph_of(("intake.api", "asyncio"), ("intake.api", "events.log")), impure="*.api")[0]


def test_a_module_that_is_listed_as_impure_must_exist() -> None:
    assert pure(graph_of(), impure="*.gone") == (False, [], ["*.gone"])
