"""How long it takes from the command of `make demo` to its first page, in an empty data folder and again."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings

from portal.embedded import is_ready

PATIENCE = 180


def seconds_to_first_page(data: Path) -> float:
    """Run what `make demo` runs after the requirements are installed, until the sign-in page answers; then stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    manage = f"{sys.executable} {settings.BASE_DIR / 'manage.py'}"
    script = f"{manage} migrate --verbosity 0 && {manage} demo && exec {manage} run --port {port}"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CONCORD_", "DATABASE_"))}
    environment |= {"CONCORD_DATA": str(data), "CONCORD_DEMO": "1", "CONCORD_URL": f"http://localhost:{port}"}
    began = time.perf_counter()
    with (data.parent / "start.log").open("ab") as log:
        process = subprocess.Popen(["/bin/sh", "-c", script], env=environment, stdout=log, stderr=log)
    try:
        while time.perf_counter() - began < PATIENCE:
            if process.poll() is not None:
                raise RuntimeError(f"The demonstration ended by itself; see {log.name}.")
            with contextlib.suppress(OSError, urllib.error.URLError):
                request = urllib.request.Request(f"http://127.0.0.1:{port}/account/login/")
                with urllib.request.urlopen(request, timeout=10):  # noqa: S310
                    return time.perf_counter() - began
            time.sleep(0.05)
        raise RuntimeError(f"No page within {PATIENCE} s; see {log.name}.")
    finally:
        process.terminate()
        process.wait(30)


def measure() -> tuple[float, float]:
    """Seconds to the first page: with an empty data folder, and when started again."""
    with tempfile.TemporaryDirectory(prefix="concord-start-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        data.mkdir()
        cold = seconds_to_first_page(data)
        _wait_for_the_database_to_stop(data)
        again = seconds_to_first_page(data)
        _wait_for_the_database_to_stop(data)
        return cold, again


def _wait_for_the_database_to_stop(data: Path) -> None:
    deadline = time.monotonic() + 30
    while is_ready(data) and time.monotonic() < deadline:
        time.sleep(0.2)
