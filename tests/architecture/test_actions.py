"""Every action that a route asks for is granted to somebody in permissions.csv."""

import ast
import re
from pathlib import Path

from tests.architecture.workspace import services, tree

from deadlines.rule import Gate
from events.permissions import ACTIONS
from events.service import installed

NOUNS = {action.split(".")[0] for action in ACTIONS}
ACTION = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
ASKING = ("require", "reach", "handle", "reveal")


def asked(path: Path) -> set[str]:
    """The actions that a module asks for: wherever one is written as text and its noun is that of an action."""
    written = {node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)}
    return {
        text for text in written if isinstance(text, str) and ACTION.fullmatch(text) and text.split(".")[0] in NOUNS
    }


def asked_outright(path: Path) -> set[str]:
    """The actions that stand in the call itself, whatever their noun."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKING:
            first = node.args[0] if node.func.attr in ("require", "reach") and node.args else None
            given = [first, *(keyword.value for keyword in node.keywords if keyword.arg == "action")]
            found |= {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return found


def all_asked() -> dict[str, set[str]]:
    """The actions by the module that asks for them; stored names and the cells of a gate look alike and are left out."""
    stored = {name for service in installed() for name in service.registry.classes}
    stored |= {f"gate.{cell}" for cell in Gate.model_fields}
    modules = [path for member in services() for path in member.modules]
    return {"/".join(path.parts[-2:]): (asked(path) - stored) | asked_outright(path) for path in modules}


def test_every_action_that_a_route_asks_for_is_in_the_list_of_permissions() -> None:
    unknown = {module: actions - ACTIONS for module, actions in all_asked().items() if actions - ACTIONS}
    assert unknown == {}


def test_every_service_asks_before_it_answers() -> None:
    asking = {module.split("/")[0] for module, actions in all_asked().items() if actions}
    assert asking >= {package.name for member in services() for package in member.packages}
