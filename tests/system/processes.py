"""Operating-system processes of a test: started, killed, gone at the end whatever happens."""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

HEARTHLINE = str(Path(sys.executable).parent / "hearthline")
# Compiled once, also where the tests themselves keep no bytecode: a start takes a second instead of four.
BYTECODE = Path(__file__).parents[2] / ".pytest_cache" / "bytecode"
NURSERY = Path(__file__).parent / "nursery.py"
T = TypeVar("T")
BELOW_EPHEMERAL = range(20000, 30000)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, below those that outgoing connections take: free again after a kill."""
    numbers = random.Random(os.getpid()).sample(BELOW_EPHEMERAL, len(BELOW_EPHEMERAL))
    found = (port for port in numbers if port not in _given and _is_free(port))
    ports = [next(found) for _ in range(count)]
    _given.update(ports)
    return ports


_given: set[int] = set()


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False


def environment(settings: Mapping[str, object]) -> dict[str, str]:
    """The settings as variables of the environment."""
    given = {name: value for name, value in settings.items() if value is not None}
    return {f"HEARTHLINE_{name.upper()}": str(value) for name, value in given.items()}


def outside(settings: Mapping[str, object]) -> dict[str, str]:
    """The whole environment of a subprocess: that of the tests, with these settings of Hearthline and no others."""
    left_out = ("HEARTHLINE_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {"PYTHONPYCACHEPREFIX": str(BYTECODE)} | environment(settings)


def alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def quit_server(server: int) -> None:
    """Stop a PostgreSQL server at once, with all its processes, and wait until it is gone."""
    with suppress(ProcessLookupError):
        os.kill(server, signal.SIGQUIT)
    until = time.monotonic() + 20
    while alive(server) and time.monotonic() < until:
        time.sleep(0.02)


def eventually(look: Callable[[], T | None], within: float = 30) -> T:
    """What is found, as soon as it is there. Raises AssertionError when it does not come."""
    until = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.05)
    return found


async def kill(pids: Sequence[int]) -> None:
    """SIGKILL them all at once and wait until they are gone."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(20):
        while any(alive(pid) for pid in pids):
            await asyncio.sleep(0.005)


@dataclass
class Nursery:
    """Forks service processes that are ready in a fraction of a second."""

    process: subprocess.Popen[bytes]
    started: list[int] = field(default_factory=list)

    def start(self, arguments: Sequence[str], settings: Mapping[str, object], log: Path) -> int:
        """Start `hearthline` with these arguments; returns the number of the process."""
        order = {"arguments": arguments, "environment": environment(settings), "log": str(log)}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        self.started.append(int(self.process.stdout.readline()))
        return self.started[-1]


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery; it takes its processes with it when the context is left."""
    process = subprocess.Popen(
        [sys.executable, "-P", str(NURSERY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=outside({})
    )
    with process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            yield Nursery(process)
        finally:
            assert process.stdin
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
