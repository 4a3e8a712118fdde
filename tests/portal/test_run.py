"""`manage.py run`: everything starts with it, ends with it, and what crashes comes back."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def portal(database_environment: dict[str, str], tmp_path: Path) -> Iterator["Portal"]:
    running = Portal(
        {**database_environment, "CONCORD_TEST_DATA": str(tmp_path), "CONCORD_DEBUG": "1"}, tmp_path / "run.log"
    )
    yield running
    for process in running.family():
        process.kill()
    running.process.wait(30)


def test_ctrl_c_stops_everything_within_seconds(portal: "Portal") -> None:
    stream = portal.open("/healthz")
    family = portal.family()
    began = time.monotonic()

    portal.process.send_signal(signal.SIGINT)

    assert portal.process.wait(10) == 0
    assert time.monotonic() - began < 10
    assert stream == 200
    assert not [process for process in family if _lives(process)]


def test_a_killed_web_process_comes_back(portal: "Portal") -> None:
    for process in portal.children("portal.web"):
        process.kill()

    portal.wait_for("starting it again")
    assert portal.open("/healthz") == 200
    assert len(portal.children("portal.web")) == 2


def test_children_end_when_their_supervisor_is_killed(portal: "Portal") -> None:
    family = portal.family()

    portal.process.kill()

    deadline = time.monotonic() + 15
    while any(_lives(process) for process in family):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_taken_port_is_said_plainly(portal: "Portal") -> None:
    second = subprocess.run(
        portal.command, cwd=settings.BASE_DIR, env=portal.environment, capture_output=True, text=True, timeout=60
    )

    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{portal.port}" in second.stderr
    assert "Traceback" not in second.stderr


class Portal:
    """A running portal and what it printed."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment = environment
        self.log = log
        self.port = _free_port()
        self.command = [sys.executable, "manage.py", "run", "--port", str(self.port)]
        # A file and no pipe: it never fills up, and reading it never waits.
        with log.open("w") as output:
            self.process = subprocess.Popen(
                self.command, cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
        self.wait_for("Concord is at")

    def wait_for(self, words: str, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.log.read_text():
            assert time.monotonic() < deadline, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def open(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
            return int(response.status)

    def family(self) -> list[psutil.Process]:
        if not psutil.pid_exists(self.process.pid):
            return []
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def children(self, module: str) -> list[psutil.Process]:
        return [process for process in self.family() if module in process.cmdline()]


def _lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
