"""The installed program on one machine, with a data directory of its own, as an operator starts and stops it."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.system.processes import HEARTHLINE, alive, free_ports, outside, quit_server

LONG = 90


@dataclass(frozen=True)
class Program:
    """`hearthline` with one data directory and one port."""

    directory: Path
    port: int

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def call(self, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        given = outside({"data_directory": self.directory, "port": self.port} | settings)
        return subprocess.run(
            [HEARTHLINE, *arguments], env=given, capture_output=True, text=True, timeout=LONG, check=False
        )

    def calls(self, *commands: Sequence[str], **settings: object) -> list[subprocess.CompletedProcess[str]]:
        """Several commands at once, each to its end."""
        with ThreadPoolExecutor() as threads:
            return list(threads.map(lambda arguments: self.call(*arguments, **settings), commands))

    @contextmanager
    def up(self) -> Iterator["Running"]:
        """`hearthline up`, ready; killed when the context is left unless it was stopped before."""
        log = self.directory.with_suffix(".log")
        given = outside({"data_directory": self.directory, "port": self.port, "trace_ratio": 0.0})
        with log.open("wb") as output:
            process = subprocess.Popen(
                [HEARTHLINE, "up"], env=given, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        running = Running(self, process, log)
        try:
            running.wait_until_ready()
            yield running
        finally:
            process.kill()
            process.wait()

    def server(self) -> int | None:
        """The number of the running PostgreSQL process, None when there is none."""
        with suppress(FileNotFoundError):
            pid = int((self.directory / "postgres" / "postmaster.pid").read_text().split()[0])
            return pid if alive(pid) else None
        return None


@dataclass(frozen=True)
class Running:
    """One `hearthline up` that is ready."""

    program: Program
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self) -> None:
        """Wait for the line that says so."""
        until = time.monotonic() + LONG
        while "ready after" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    @property
    def seconds(self) -> float:
        """How long it says that it took."""
        found = re.search(r"ready after ([\d.]+) s", self.log.read_text())
        assert found
        return float(found[1])

    @contextmanager
    def client(self, person: str | None = None) -> Iterator[httpx.Client]:
        """A client; with a person, one that carries a token of theirs from the local issuer."""
        with httpx.Client(base_url=self.program.address, timeout=30) as client:
            if person:
                answer = client.post("/issuer/token", json={"person": person})
                client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
            yield client

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(LONG)

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self.process.kill()
        self.process.wait()


@contextmanager
def program() -> Iterator[Program]:
    """The program with a fresh data directory; neither it nor its database outlives the context."""
    parent = Path(tempfile.mkdtemp(prefix="hearthline-program-"))
    there = Program(parent / "data", free_ports(1)[0])
    try:
        yield there
    finally:
        if server := there.server():
            quit_server(server)
        shutil.rmtree(parent, ignore_errors=True)
