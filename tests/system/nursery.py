"""A program that has read all of Hearthline once and forks service processes from there: each a process of its own.

One line of JSON on standard input starts one process by the command line of Hearthline; its number is the answer.
When the standard input ends, whatever is left is killed, so that nothing outlives a test that dies.
"""

import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

DIE_WITH_PARENT = 1


def main() -> None:
    """Read everything, then serve orders until the input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _read_everything()
    print("ready", flush=True)
    children: list[int] = []
    try:
        while line := sys.stdin.readline():
            children.append(_fork(json.loads(line)))
            print(children[-1], flush=True)
    finally:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def _read_everything() -> None:
    import hearthline.operations
    import hearthline.up  # noqa: F401
    from events.service import installed

    installed()


def _fork(order: dict[str, Any]) -> int:
    nursery = os.getpid()
    if child := os.fork():
        return child
    code = 70
    try:
        _become(order, nursery)
        from hearthline.cli import main as command_line

        command_line()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(code)


def _become(order: dict[str, Any], nursery: int) -> None:
    """The process of its own: dies with the nursery, reads nothing, writes to its log."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != nursery:
        os._exit(70)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(Path(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    for name in [each for each in os.environ if each.startswith("HEARTHLINE_")]:
        del os.environ[name]
    os.environ.update(order["environment"])
    sys.argv = ["hearthline", *order["arguments"]]


if __name__ == "__main__":
    main()
