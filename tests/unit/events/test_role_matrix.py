"""Every role times every action against the committed table role_matrix.txt, found out by asking the policy."""

from collections.abc import Iterator
from pathlib import Path

from events.authority import Actor, Subject, reach
from events.permissions import ACTIONS, PERMISSIONS, ROLES

TABLE = Path(__file__).with_name("role_matrix.txt")
SOMEBODY, HERE, ELSEWHERE, OURS = "somebody", "alder", "birch", "own-organisation"
TITLE = """\
# What each role may do, and how far: S state, C own county, A assigned, O own organisation, M own post, . nothing.
# The columns are ROLE-01 to ROLE-79; read the number downwards.
"""


def _cell(role: str, action: str) -> str:
    reached = reach(Actor(SOMEBODY, frozenset({role}), frozenset({HERE}), OURS), action)
    probes = {
        "S": Subject(ELSEWHERE),
        "C": Subject(HERE),
        "M": Subject(HERE, role=role),
        "A": Subject(ELSEWHERE, frozenset({SOMEBODY})),
        "O": Subject(ELSEWHERE, organisation=OURS),
    }
    return next((letter for letter, subject in probes.items() if reached.admits(subject)), ".")


def _table() -> Iterator[str]:
    yield from TITLE.splitlines()
    numbers = [role.removeprefix("ROLE-") for role in ROLES]
    for digit in range(2):
        yield " " * 32 + "".join(number[digit] for number in numbers)
    order = dict.fromkeys(action for service in ("report", "investigation", "") for action in _actions(service))
    for action in order:
        yield f"{action:<32}" + "".join(_cell(role, action) for role in ROLES)


def _actions(prefix: str) -> list[str]:
    return sorted(action for action in ACTIONS if action.startswith(prefix))


def test_every_role_may_do_exactly_what_the_table_says() -> None:
    """R-INT-015, R-INT-016, R-INV-001 to R-INV-004, R-INV-018, R-INV-030, R-INV-052 and roles.csv, 79 roles."""
    assert list(_table()) == TABLE.read_text(encoding="utf-8").splitlines()


def test_the_table_covers_every_role_and_action() -> None:
    rows = TABLE.read_text(encoding="utf-8").splitlines()[4:]
    assert {row.split()[0] for row in rows} == ACTIONS
    assert {len(row) for row in rows} == {32 + len(ROLES)}


def test_no_role_has_an_action_in_two_scopes() -> None:
    """One letter per cell is then the whole truth."""
    assert len({(each.role, each.action) for each in PERMISSIONS}) == len(PERMISSIONS)
