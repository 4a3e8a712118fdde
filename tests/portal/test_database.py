"""The embedded server: shared, owned by nobody's command, and never in the way of the next start."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from portal import embedded
from portal.database import evidence_tables
from tests.database import superuser

pytestmark = pytest.mark.xdist_group("embedded")

USE = """
import sys
from pathlib import Path
import psycopg
from portal import embedded
data = Path(sys.argv[1])
embedded.attach(data)
with psycopg.connect(embedded.conninfo(data, embedded.SUPERUSER)) as connection:
    print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder of its own, with a server whose life the tests may end."""
    folder = Path(tempfile.mkdtemp(prefix="concord-"))
    yield folder
    _kill(_supervisor(folder))
    _wait(lambda: not _postmasters(folder), "the server to end")
    shutil.rmtree(folder)


def test_two_commands_at_once_share_one_server(data: Path) -> None:
    first, second = _command(data), _command(data)

    assert first.stdout.readline() == second.stdout.readline() != ""
    assert len(_postmasters(data)) == 1
    _end(first, second)


def test_the_end_of_a_command_leaves_the_server_to_the_others(data: Path) -> None:
    first = _command(data)
    started = first.stdout.readline()
    second = _command(data)
    second.stdout.readline()

    first.kill()
    first.communicate()
    time.sleep(1)

    third = _command(data)
    assert third.stdout.readline() == started
    _end(second, third)


def test_a_killed_supervisor_takes_the_server_along_and_blocks_nobody(data: Path) -> None:
    user = _command(data)
    started = user.stdout.readline()
    _write_row(data, "before the kill")

    _kill(_supervisor(data))
    after = _command(data)

    assert after.stdout.readline() not in {"", started}
    assert _rows(data) == ["before the kill"]
    assert len(_postmasters(data)) == 1
    _end(user, after)


def test_a_killed_server_comes_back_with_every_committed_row(data: Path) -> None:
    user = _command(data)
    started = user.stdout.readline()
    _write_row(data, "committed")

    for process in _postmasters(data):
        process.kill()
    _wait(lambda: embedded.is_ready(data), "the server to come back")

    after = _command(data)
    assert after.stdout.readline() != started
    assert "committed" in _rows(data)
    _end(user, after)


def test_a_lock_file_that_names_another_living_program_blocks_nobody(data: Path) -> None:
    supervisor = _supervisor(data)
    if supervisor:
        for process in [supervisor, *_postmasters(data)]:
            process.kill()
        _wait(lambda: not _postmasters(data), "the server to end")
    lock_file = embedded.cluster_folder(data) / "postmaster.pid"
    if not lock_file.exists():
        lock_file.write_text("")
    lines = lock_file.read_text().splitlines()
    lock_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    user = _command(data)

    assert user.stdout.readline() != ""
    _end(user)


def test_a_server_that_nobody_uses_stops(data: Path) -> None:
    user = _command(data)
    user.stdout.readline()

    _end(user)

    _wait(lambda: not _postmasters(data), "the unused server to stop", seconds=20)
    assert not (embedded.cluster_folder(data) / "postmaster.pid").exists()


def test_a_long_data_folder_gets_a_short_socket() -> None:
    long = Path("/somewhere") / ("x" * 120)

    assert len(str(embedded.socket_folder(long) / ".s.PGSQL.5432")) < embedded.SOCKET_PATH_BYTES


@pytest.mark.django_db
def test_pages_and_worker_connect_as_a_role_that_can_do_nothing_special() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (embedded.APP_ROLE, False, False, False, False, False)
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_evidence_may_only_be_read_and_added_to() -> None:
    tables = evidence_tables()

    assert tables
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT array_agg(verb ORDER BY verb) FROM unnest(%s::text[]) AS verb "
                "WHERE has_table_privilege(current_user, %s::text, verb)",
                [["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"], f"public.{table}"],
            )
            assert cursor.fetchone() == (["INSERT", "SELECT"],), table


@pytest.mark.django_db
def test_the_list_of_migrations_may_only_be_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('django_migrations', 'SELECT'), "
            "has_table_privilege('django_migrations', 'INSERT, UPDATE, DELETE')"
        )
        assert cursor.fetchone() == (True, False)


@pytest.mark.django_db
def test_what_is_committed_is_on_the_disk() -> None:
    """Asked in a database whose settings no test has changed."""
    data = Path(settings.DATABASES["default"]["EMBEDDED_IN"])
    with psycopg.connect(embedded.conninfo(data, embedded.SUPERUSER, "postgres")) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert server.execute(f"SHOW {setting}").fetchone() == ("on",), setting


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_nothing_behind() -> None:
    with superuser() as admin:
        (database,) = admin.execute("SELECT current_database()").fetchone()

    assert database == settings.DATABASES["default"]["NAME"]
    assert database.startswith("concord_test_")


def _command(data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USE, str(data)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _end(*commands: subprocess.Popen[str]) -> None:
    for command in commands:
        command.communicate("\n", timeout=20)


def _write_row(data: Path, text: str) -> None:
    with psycopg.connect(embedded.conninfo(data, embedded.SUPERUSER)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (text text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [text])


def _rows(data: Path) -> list[str]:
    with psycopg.connect(embedded.conninfo(data, embedded.SUPERUSER)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM kept")]


def _supervisor(data: Path) -> psutil.Process | None:
    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [])[1:] == ["-m", "portal.supervisor", str(data.resolve())]:
            return process
    return None


def _postmasters(data: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["name", "cmdline", "status"]):
        words = process.info["cmdline"] or []
        if process.info["name"] == "postgres" and str(embedded.cluster_folder(data.resolve())) in words:
            found.append(process)
    return found


def _kill(process: psutil.Process | None) -> None:
    if process:
        process.send_signal(signal.SIGKILL)


def _wait(condition: object, what: str, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.1)
