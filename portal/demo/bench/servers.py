"""The two web processes that are measured, the portal's and the floor's, and a client that keeps its connection."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from portal.supervisor import die_with_parent

START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A web process and where it listens."""

    pid: int
    port: int

    def client(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


@contextmanager
def portal(database_url: str, log: Path) -> Iterator[Server]:
    """The portal as `manage.py run` starts one web process, on another database."""
    environment = {"DATABASE_URL": database_url, "DATABASE_OWNER_URL": "", "CONCORD_HASHED_STATIC": "1"}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    subprocess.run(
        [*manage, "collectstatic", "--noinput", "--verbosity=0"],
        env=environment_with(environment),
        check=True,
        timeout=120,
    )
    with _listening() as listening:
        command = [sys.executable, "-m", "portal.web", str(listening.fileno())]
        with _running(command, listening, environment, log) as server:
            yield server


@contextmanager
def floor(database_url: str, log: Path) -> Iterator[Server]:
    """The floor under the same server with the same settings of threads and pool."""
    threads = int(os.environ.get("CONCORD_THREADS") or 8)
    environment = {"DATABASE_URL": database_url, "CONCORD_POOL": str(threads + 2)}
    with _listening() as listening:
        command = [sys.executable, "-m", "portal.demo.bench.floor.asgi", str(listening.fileno())]
        with _running(command, listening, environment, log) as server:
            yield server


def environment_with(changes: dict[str, str]) -> dict[str, str]:
    """The environment of a child: this one's with changes; the data folder is named, so that keys and cookies agree."""
    return os.environ | {"CONCORD_DATA": str(settings.DATA_DIR)} | changes


@contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        yield listening


@contextmanager
def _running(
    command: Sequence[str], listening: socket.socket, environment: dict[str, str], log: Path
) -> Iterator[Server]:
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment_with(environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=[listening.fileno()],
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        )
    try:
        server = Server(process.pid, listening.getsockname()[1])
        _wait_for(server, process, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"A web process ended at once; see {log}.")
        client = server.client()
        try:
            client.request("GET", "/healthz", headers={"Host": "localhost"})
            client.getresponse().read()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            client.close()
    raise RuntimeError(f"A web process did not answer within {START_SECONDS} s; see {log}.")
