"""A whole installation for tests in a browser: `manage.py run` on a free port, with a data folder and mail of its own."""

from __future__ import annotations

import email
import email.policy
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

START_SECONDS = 90
STOP_SECONDS = 20
MAIL_SECONDS = 20
BETWEEN_LETTERS = re.compile(r"^-{79}$", re.MULTILINE)


class Installation:
    """The running portal as its operators run it: real settings, DEBUG off, web processes, worker and sealer."""

    def __init__(self, environment: dict[str, str], data: Path, *, web_processes: int) -> None:
        self.data = data
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            **environment,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "CONCORD_DATA": str(data),
            # What a test writes on the same database is signed with the same keys.
            "CONCORD_SECRET_KEY": settings.SECRET_KEY,
            "CONCORD_SIGNING_KEY_FILE": str(settings.SIGNING_KEY_FILE),
            "CONCORD_URL": self.url,
            "CONCORD_DEBUG": "0",
        }
        self.log = data / "run.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", f"--port={self.port}", f"--web-processes={web_processes}"],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_it_serves()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def manage(self, *words: str, password: str = "") -> None:
        """Run a command of manage.py in this installation, as somebody at its shell would."""
        subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env={**self.environment, "DJANGO_SUPERUSER_PASSWORD": password},
            check=True,
            capture_output=True,
            timeout=60,
        )

    def link_for(self, address: str, path: str) -> str:
        """Return the newest link that starts with this path in the letters to this address, waiting for the letter."""
        deadline = time.monotonic() + MAIL_SECONDS
        while True:
            found = [link for letter in self._letters(address) for link in self._links(letter, path)]
            if found:
                return found[-1]
            assert time.monotonic() < deadline, f"no letter to {address} with a link to {path}"
            time.sleep(0.1)

    def errors(self) -> list[str]:
        """Return the lines of the log that tell of a crash."""
        return [line for line in self.log.read_text().splitlines() if "Traceback" in line or " ERROR " in line]

    def _letters(self, address: str) -> list[str]:
        written = sorted((self.data / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        messages = [
            email.message_from_string(part.lstrip(), policy=email.policy.default)
            for path in written
            for part in BETWEEN_LETTERS.split(path.read_text())
            if part.strip()
        ]
        bodies = [message.get_body(("plain",)) for message in messages if address in str(message["To"])]
        return [body.get_content() for body in bodies if body is not None]

    def _links(self, letter: str, path: str) -> list[str]:
        return re.findall(re.escape(self.url + path) + r"\S*", letter)

    def _wait_until_it_serves(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while "Concord is at" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
