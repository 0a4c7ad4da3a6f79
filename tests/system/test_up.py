"""The installed program on one machine: started, used, stopped, killed, started again; and its commands."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.system import bodies
from tests.system.bodies import person, report_id
from tests.system.confidences import secret
from tests.system.processes import eventually
from tests.system.program import Program, Running, program
from tests.system.staff import HOTLINE, SUPERVISOR

RULE = "report-assigned.policy-2009"
PATH = f"/intake/reports/{report_id('up')}"


@pytest.fixture
def installed_program() -> Iterator[Program]:
    """The program with a fresh data directory."""
    with program() as there:
        yield there


def enter(running: Running, name: str) -> None:
    """The hotline enters a report."""
    with running.client(HOTLINE) as hotline:
        body = bodies.entered(name, datetime.now(UTC))  # noqa: TID251 (the program lives by the real time)
        answer = hotline.put(f"/intake/reports/{report_id(name)}", json=body)
    assert answer.status_code == 201, answer.text


def clock_of(running: Running, name: str) -> dict[str, str]:
    """The clock that the report started, as the supervisor sees it."""
    with running.client(SUPERVISOR) as supervisor:

        def found() -> dict[str, str] | None:
            page = supervisor.get(f"/deadlines/clocks?reportId={report_id(name)}").raise_for_status().json()
            return next((each for each in page["items"] if each["ruleId"] == RULE), None)

        return eventually(found)


def streamed(running: Running, clock_id: str) -> dict[str, str]:
    """The same clock as the live stream tells it."""
    with running.client(SUPERVISOR) as supervisor, supervisor.stream("GET", "/deadlines/clocks/stream") as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                told: dict[str, str] = json.loads(line.removeprefix("data:"))
                if told["clockId"] == clock_id:
                    return told
    raise AssertionError("the stream ended")


def read_confidentially(running: Running) -> str:
    """The report in the clear, for a stated purpose."""
    with running.client(SUPERVISOR) as supervisor:
        return supervisor.get(f"{PATH}/confidential", headers={"Purpose": "screening"}).raise_for_status().text


def assert_pages(running: Running) -> None:
    """What a person who has just started it looks at."""
    with running.client() as anybody:
        for path in ("/", "/health/ready", "/health/live", "/metrics"):
            assert anybody.get(path).status_code == 200, path
        for service in ("intake", "investigation", "deadlines", "notifications"):
            assert anybody.get(f"/{service}/docs").status_code == 200
            assert anybody.get(f"/{service}/openapi.json").json()["paths"]
        assert "Open clocks" in anybody.get("/").text
        assert anybody.get("/deadlines/clocks").status_code == 401


def assert_stopped(running: Running) -> None:
    """Ctrl-C stops it in order, and its database with it."""
    assert running.interrupt() == 0
    log = running.log.read_text()
    assert log.endswith("stopped\n")
    assert "Traceback" not in log
    assert '"level": "error"' not in log
    assert eventually(lambda: running.program.server() is None)


def succeeded(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that exits 0 says."""
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a refused command prints before it exits 1."""
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_up_serves_everything_and_continues_after_a_stop_and_after_a_kill(installed_program: Program) -> None:
    with installed_program.up() as running:
        assert running.seconds < 60
        assert_pages(running)
        enter(running, "up")
        clock = clock_of(running, "up")
        assert clock["state"] == "running"
        assert streamed(running, clock["clockId"])["dueAt"] == clock["dueAt"]
        assert "address already in use" in one_line(installed_program.call("up")).lower()
        assert_stopped(running)

    with installed_program.up() as running:
        assert clock_of(running, "up") == clock
        enter(running, "killed")
        running.kill()
    assert installed_program.server(), "the database outlives the kill"

    with installed_program.up() as running:
        assert clock_of(running, "up") == clock
        assert clock_of(running, "killed")["state"] == "running"
        with running.client(SUPERVISOR) as supervisor:
            listed = supervisor.get("/intake/reports?limit=100").json()["items"]
        names = [each["reportId"] for each in listed]
        assert len(names) == len(set(names)), "the demo county is loaded once"
        assert {str(report_id("up")), str(report_id("killed"))} <= set(names)
        assert_stopped(running)


def test_what_operators_do_takes_effect_while_it_runs(installed_program: Program) -> None:
    with installed_program.up() as running:
        enter(running, "up")
        assert secret("up child name") in read_confidentially(running)
        assert "key destroyed" in succeeded(installed_program.call("forget", str(person("up child")), "--by", "ada"))
        text = read_confidentially(running)
        gone = [secret(f"up {what}") for what in ("child name", "child contact", "allegationSummary")]
        assert not any(each in text for each in gone)
        assert secret("up parent name") in text, "the others are not forgotten"
        assert '"erased":true' in text
        rebuilt, rotated, parked, token = installed_program.calls(
            ["rebuild", "intake"],
            ["keys", "rotate"],
            ["parked", "list", "intake"],
            ["token", SUPERVISOR],
            notifications_link="https://hearthline.example",  # of another service than the one that is looked at
        )
        assert "reports: 3 rows, 0 differed, swapped" in succeeded(rebuilt)
        assert "rewrapped 0 keys" in succeeded(rotated)
        assert succeeded(parked) == ""
        assert len(succeeded(token).split(".")) == 3
        assert secret("up parent name") in read_confidentially(running)
        assert_stopped(running)


def test_the_demo_tells_a_missed_and_a_late_met_clock(installed_program: Program) -> None:
    told = succeeded(installed_program.call("demo", "--pace", "0"))
    assert "    missed " in told
    assert "    met late " in told
    assert "The week ends." in told


def test_rules_are_printed_with_their_source_and_wrong_settings_end_in_one_line(installed_program: Program) -> None:
    rules, wrong = installed_program.calls(["rules"], ["rules", "nowhere"])
    assert RULE in succeeded(rules)
    assert "there is no pack nowhere" in one_line(wrong)
    assert "HEARTHLINE_NONSENSE" in one_line(installed_program.call("up", nonsense="1"))
    assert not installed_program.directory.exists(), "nothing was started"
