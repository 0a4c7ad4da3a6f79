"""Operating-system processes of a test: started, killed, gone at the end whatever happens."""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

HEARTHLINE = str(Path(sys.executable).parent / "hearthline")
NURSERY = Path(__file__).parent / "nursery.py"
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
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEARTHLINE_")}
    return kept | environment(settings)


def alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


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

    process: asyncio.subprocess.Process
    started: list[int] = field(default_factory=list)

    async def start(self, arguments: Sequence[str], settings: Mapping[str, object], log: Path) -> int:
        """Start `hearthline` with these arguments; returns the number of the process."""
        order = {"arguments": arguments, "environment": environment(settings), "log": str(log)}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.started.append(int(await self.process.stdout.readline()))
        return self.started[-1]


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """A nursery whose processes are all gone when the context is left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", str(NURSERY), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=outside({})
    )
    there = Nursery(process)
    try:
        assert process.stdout
        assert await process.stdout.readline() == b"ready\n"
        yield there
    finally:
        await kill(there.started)
        assert process.stdin
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
