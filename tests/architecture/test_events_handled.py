"""Every fact that a service stores is remembered: by the memory of one of its streams or by one of its read models."""

import ast
from pathlib import Path

import pytest
from tests.architecture.workspace import Member, services, tree

from events.service import installed

REMEMBER = ("evolve", "fold", "_remember")


def remembers(path: Path) -> bool:
    """Whether a module defines the memory of a stream or of a read model."""
    return any(isinstance(node, ast.FunctionDef) and node.name in REMEMBER for node in ast.walk(tree(path)))


def matched(path: Path) -> set[str]:
    """The classes that a module tells apart: by a case, by isinstance, as the key of a table; or the only one it takes."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        match node:
            case ast.MatchClass(cls=cls):
                found |= names(cls)
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]):
                found |= names(kind)
            case ast.FunctionDef(
                name="evolve" | "fold", args=ast.arguments(args=[_, ast.arg(annotation=ast.Name(id=only)), *_])
            ):
                found.add(only)
            case ast.Dict(keys=keys):
                found |= {name for key in keys if key for name in names(key)}
    return found


def names(node: ast.AST) -> set[str]:
    """The last parts of all names inside an expression."""
    inside = list(ast.walk(node))
    attributes = {part.attr for part in inside if isinstance(part, ast.Attribute)}
    return attributes | {part.id for part in inside if isinstance(part, ast.Name)}


@pytest.mark.parametrize("member", services(), ids=lambda member: member.name)
def test_every_stored_event_is_remembered_by_a_stream_or_by_a_read_model(member: Member) -> None:
    known = {name for path in member.modules if remembers(path) for name in matched(path)}
    (service,) = installed([member.name])
    forgotten = [cls.__name__ for cls in service.registry.classes.values() if cls.__name__ not in known]
    assert forgotten == []


def test_an_event_that_only_passes_through_is_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "state.py"
    path.write_text(
        """
def evolve(state, event):
    match event:
        case Opened() | facts.Moved():
            return state
        case _ if isinstance(event, (Closed, Reopened)):
            return STATES[event]
    return forward(Ignored())

STATES = {Warned: 1}
"""
    )
    assert remembers(path)
    assert matched(path) >= {"Opened", "Moved", "Closed", "Reopened", "Warned"}
    assert "Ignored" not in matched(path)
