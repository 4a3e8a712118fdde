"""Run the whole portal: database, web processes, worker and sealer, until Ctrl-C."""

import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.embedded import attach, is_root
from portal.processes import Child, Family

BACKGROUND_SECONDS = 3.0


class Command(BaseCommand):
    help = "Run the whole portal: database, web processes, worker and sealer, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--web-processes", type=int, default=2, metavar="N")

    def handle(self, *, port: int, host: str, web_processes: int, **options: Any) -> None:
        if is_root():
            self.stderr.write(self.style.WARNING("Running as root. Prefer an ordinary user."))
        listening = _listen(host, port)
        environment = {"CONCORD_URL": os.environ.get("CONCORD_URL") or f"http://localhost:{port}"}
        self._require_migrations()
        if not settings.DEBUG:
            environment["CONCORD_HASHED_STATIC"] = "1"
            _collect_static(environment)
        children = [
            Child(
                f"web-{number}",
                [sys.executable, "-m", "portal.web", str(listening.fileno())],
                fds=(listening.fileno(),),
                environment=environment,
            )
            for number in range(1, web_processes + 1)
        ]
        # What nobody waits for starts a little later, so that the first page need not share the machine with it.
        later = time.monotonic() + BACKGROUND_SECONDS
        children += [Child(name, command, environment=environment, due=later) for name, command in _background()]
        family = Family(children, prefix=os.environ.get("CONCORD_LOG", "text") != "json")
        threading.Thread(
            target=self._announce, args=(family, host, port, environment["CONCORD_URL"]), daemon=True
        ).start()
        family.run(_keep_database)
        family.write("run", "Stopped.")

    def _require_migrations(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is not up to date. Run `manage.py migrate` first.")
        connection.close()

    def _announce(self, family: Family, host: str, port: int, url: str) -> None:
        address = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
        request = urllib.request.Request(f"http://{address}:{port}/healthz", headers={"Host": "localhost"})
        while not family.stopping.is_set():
            try:
                with urllib.request.urlopen(request, timeout=30):  # noqa: S310
                    family.write("run", f"Concord is at {url} (Ctrl-C stops it)")
                    return
            except urllib.error.HTTPError:
                family.write("run", f"Something answers at {url}, but not well; see the lines above")
                return
            except OSError:
                time.sleep(0.1)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise CommandError(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port.") from error
    listening.listen(1024)
    return listening


def _background() -> list[tuple[str, list[str]]]:
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    wanted = {"worker": ["worker"], "sealer": ["seal", "--forever"]}
    return [(name, [*manage, *words]) for name, words in wanted.items() if words[0] in get_commands()]


def _keep_database() -> None:
    """Bring the embedded server back if its supervisor was killed; the children reconnect by themselves."""
    data = settings.DATABASES["default"].get("EMBEDDED_IN")
    if data:
        attach(Path(data), again=True)


def _collect_static(environment: dict[str, str]) -> None:
    """Bring the hashed copies of the static files up to date, unless nothing has changed since the last time."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            status = Path(storage.path(path)).stat()
            found.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == found.hexdigest():
        return
    command = [
        sys.executable,
        str(settings.BASE_DIR / "manage.py"),
        "collectstatic",
        "--noinput",
        "--clear",
        "--verbosity=0",
    ]
    done = subprocess.run(command, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise CommandError("The static files could not be collected; see above.")
    stamp.write_text(found.hexdigest())
