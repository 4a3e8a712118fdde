"""A portal of several processes on a data folder of its own, each of which can be killed and is started again."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from portal import embedded
from portal.processes import Child

WEB, WORKER, SEALER, DATABASE = "web", "worker", "sealer", "database"
AGAIN_AFTER = 0.2
START_SECONDS = 120


class Processes:
    """Web processes, worker and sealer as `manage.py run` starts them, but started again at once however often they die.

    PostgreSQL is brought back by its own supervisor.
    """

    def __init__(self, data: Path, *, web: int) -> None:
        self.data, self.log = data, data / "trial.log"
        self.listening = socket.socket()
        self.listening.bind(("127.0.0.1", 0))
        self.listening.listen(1024)
        self.port = int(self.listening.getsockname()[1])
        place = self.listening.fileno()
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        self.children = [
            *(
                Child(f"{WEB}-{number}", [sys.executable, "-m", "portal.web", str(place)], fds=(place,))
                for number in range(web)
            ),
            Child(WORKER, [*manage, "worker"]),
            Child(SEALER, [*manage, "seal", "--forever"]),
        ]
        self._stopping, self._writing = threading.Event(), threading.Lock()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Processes:
        for child in self.children:
            child.start(self._write)
        self._keeper.start()
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                request = urllib.request.Request(f"http://127.0.0.1:{self.port}/readyz", headers={"Host": "localhost"})
                urllib.request.urlopen(request, timeout=START_SECONDS)
                return self
            except OSError:
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.1)

    def __exit__(self, *_: Any) -> None:
        self._stopping.set()
        self._keeper.join()
        for child in self.children:
            if child.process is not None:
                child.process.terminate()
        for child in self.children:
            if child.process is not None:
                child.process.wait(30)
        self.listening.close()

    def kill(self, what: str, lot: float) -> bool:
        """Send SIGKILL to a process of this sort, the one on which the lot (0 to 1) falls; False when none is there."""
        if what == DATABASE:
            pids = postmasters(self.data)
        else:
            running = [child.process for child in self.children if child.name.startswith(what) and child.is_running()]
            pids = [process.pid for process in running if process is not None]
        if not pids:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pids[int(lot * len(pids))], signal.SIGKILL)
            return True
        return False

    def _keep(self) -> None:
        while not self._stopping.wait(AGAIN_AFTER):
            for child in self.children:
                if not child.is_running():
                    child.start(self._write)

    def _write(self, name: str, line: str) -> None:
        with self._writing, self.log.open("a") as log:
            log.write(f"{name} | {line}\n")


def stop_database(data: Path) -> None:
    """End the supervisor of this folder's PostgreSQL, and with it the server."""
    for process in psutil.process_iter(["cmdline"]):
        if process.info["cmdline"] and process.info["cmdline"][-2:] == ["portal.supervisor", str(data)]:
            process.terminate()
            process.wait(30)


def postmasters(data: Path) -> list[int]:
    """The main process of the PostgreSQL of this folder, if it runs."""
    lines = []
    with contextlib.suppress(OSError):
        lines = (embedded.cluster_folder(data) / "postmaster.pid").read_text().splitlines()[:1]
    return [int(line) for line in lines if Path(f"/proc/{line}").exists()]
