"""Names say what things are: three spellings of a service agree, stored names are unique, some words name nothing."""

import ast
import re
from collections import Counter
from importlib import import_module

import pytest
from tests.architecture.workspace import ROOT, Member, members, services, sources, tree, vocabulary

from events.catalogue import public_events
from events.service import installed

# Words that name nothing, from the naming rules. "handler" and the like are the words of the field and stay.
EMPTY_WORDS = frozenset(
    ["manager", "service", "helper", "helpers", "util", "utils", "base", "common", "info", "impl", "dto"]
)
# `Service` is the very thing: what makes a service. The module that declares it is named after it. The words of the
# event vocabulary are given: in ServicePlanSigned a service is what a family receives.
NAMED_SO_ON_PURPOSE = frozenset({"events/service.py", "Service", "ServiceSettings", *vocabulary()})
each_service = pytest.mark.parametrize("member", services(), ids=lambda member: member.name)


@each_service
def test_folder_distribution_package_schema_topic_and_entry_point_are_one_word(member: Member) -> None:
    (package,) = member.packages
    (service,) = installed([member.name])
    assert member.folder.name == member.name == service.name
    assert package.name == service.schema == member.name.replace("-", "_")
    assert member.entry_points == {member.name: f"{package.name}.wiring:SERVICE"}
    contracts = import_module(f"events.contracts.{package.name}")
    announced = {
        event.topic for event in public_events() if f"{event.__module__}.".startswith(f"{contracts.__name__}.")
    }
    assert announced == {member.name}


def test_the_workspace_names_each_of_its_members_once() -> None:
    distributions = [member.name for member in members()]
    assert len(set(distributions)) == len(distributions)
    assert {service.name for service in installed()} == {member.name for member in services()}


def test_stored_names_are_unique_and_begin_with_the_name_of_their_service() -> None:
    stored = [(service.name, name) for service in installed() for name in service.registry.classes]
    assert [name for name, times in Counter(name for _, name in stored).items() if times > 1] == []
    for service, name in stored:
        assert re.fullmatch(rf"{re.escape(service)}\.[a-z][a-z0-9]*(-[a-z0-9]+)*", name), name


def test_importing_the_library_drags_nothing_in() -> None:
    """Otherwise a pure module could not import `events.decider` without the database."""
    init = ROOT / "libs/events/src/events/__init__.py"
    assert [node for node in tree(init).body if not _is_docstring(node)] == []


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def words(name: str) -> set[str]:
    """The words of a module's or a class's name, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)}


def test_no_module_and_no_class_has_a_name_that_says_nothing() -> None:
    empty = []
    for path in sources():
        module = "/".join(path.parts[-2:])
        empty += [module] if words(path.stem) & EMPTY_WORDS else []
        classes = (node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef))
        empty += [f"{module} {name}" for name in classes if words(name) & EMPTY_WORDS]
    assert [name for name in empty if name.split()[-1] not in NAMED_SO_ON_PURPOSE] == []


def test_every_module_says_in_one_line_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT)) for path in sources() if tree(path).body and not ast.get_docstring(tree(path))
    ]
    assert silent == []
