"""The test databases: one migrated template for all runs, a copy for each worker, a teardown that evidence allows."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql

from portal import embedded

BASELINE = "baseline"
KEPT_TEMPLATES = 3
# Reference rows that everything points at; they are never touched, and what caches them stays right.
UNTOUCHED = {"django_migrations", "django_content_type", "auth_permission"}

# Puts rows in place of all that tables hold, past every trigger; only databases of tests know it (tests/kept.py).
RESTORE = """
CREATE FUNCTION baseline.restore(kept json) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET session_replication_role = replica SET search_path = public, pg_temp AS $$
DECLARE name text; rows json; columns text;
BEGIN
  FOR name, rows IN SELECT * FROM json_each(kept) LOOP
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
      WHERE attrelid = format('public.%I', name)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    EXECUTE format('DELETE FROM public.%I', name);
    EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s'
      ' FROM json_populate_recordset(NULL::public.%1$I, $1)', name, columns) USING rows;
  END LOOP;
END $$
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Give this worker a database of its own and connect to it as the unprivileged role."""
    data = Path(settings.DATABASES["default"]["EMBEDDED_IN"])
    name = f"concord_test_{os.getpid()}"
    with django_db_blocker.unblock():
        embedded.attach(data)
        with _administrator() as admin:
            _drop_orphans(admin)
            template = _template(admin)
            _copy(admin, template, name)
            # Nothing of a test has to survive a power cut; what happens to a killed process is the same.
            admin.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))
        _connect_to(name)
    TransactionTestCase._fixture_teardown = lambda self: empty()
    yield
    with django_db_blocker.unblock():
        connection.close()
        with _administrator() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database_environment(transactional_db: None) -> dict[str, str]:
    """The environment in which a command in another process works on this test's database."""
    return environment()


def environment() -> dict[str, str]:
    """Return the environment of this process with the addresses of this worker's database in it."""
    entry = settings.DATABASES["default"]
    place = f"@/{connection.settings_dict['NAME']}?host={entry['HOST']}"
    return {
        **os.environ,
        "CONCORD_TEST_CHILD": "1",
        "DATABASE_URL": f"postgresql://{entry['USER']}{place}",
        "DATABASE_OWNER_URL": f"postgresql://{entry['OWNER']['USER']}{place}",
    }


@contextmanager
def superuser() -> Iterator[psycopg.Connection]:
    """Connect to this worker's database as the one whom no trigger and no grant stops, as an attacker might."""
    data = Path(settings.DATABASES["default"]["EMBEDDED_IN"])
    dbname = connection.settings_dict["NAME"]
    with psycopg.connect(embedded.conninfo(data, embedded.SUPERUSER, dbname), autocommit=True) as admin:
        yield admin


def empty() -> None:
    """Bring every table back to what the migrations left in it.

    The unprivileged role may not and the triggers of evidence forbid it, so a superuser does it with triggers off.
    """
    with superuser() as admin, admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute("SET LOCAL lock_timeout = '10s'")
        kept = _tables(admin, BASELINE)
        for table in _filled(admin, _tables(admin, "public") - UNTOUCHED):
            admin.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table in kept - UNTOUCHED:
            admin.execute(
                sql.SQL("INSERT INTO public.{0} OVERRIDING SYSTEM VALUE SELECT * FROM {1}.{0}").format(
                    sql.Identifier(table), sql.Identifier(BASELINE)
                )
            )


@contextmanager
def _administrator() -> Iterator[psycopg.Connection]:
    """Connect as the superuser, one worker at a time."""
    data = Path(settings.DATABASES["default"]["EMBEDDED_IN"])
    with psycopg.connect(embedded.conninfo(data, embedded.SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext('concord test databases'))")
        yield admin


def _template(admin: psycopg.Connection) -> str:
    """Return the name of a migrated database that fits the migrations and models of now, making it if need be."""
    name = f"concord_template_{_fingerprint()}"
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        building = f"concord_test_{os.getpid()}_building"
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(building)))
        _copy(admin, "template0", building)
        _connect_to(building)
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        _keep_baseline()
        connection.close()
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name)))
    old_templates = r"""SELECT datname FROM pg_database WHERE datname LIKE 'concord\_template\_%%' AND datname <> %s
                        ORDER BY oid DESC OFFSET %s"""
    for (old,) in admin.execute(old_templates, [name, KEPT_TEMPLATES]).fetchall():
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
    return name


def _keep_baseline() -> None:
    with superuser() as admin:
        admin.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(BASELINE)))
        admin.execute(RESTORE)
        admin.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO PUBLIC").format(sql.Identifier(BASELINE)))
        for table in _filled(admin, _tables(admin, "public") - UNTOUCHED):
            admin.execute(
                sql.SQL("CREATE TABLE {1}.{0} AS TABLE public.{0}").format(
                    sql.Identifier(table), sql.Identifier(BASELINE)
                )
            )


def _copy(admin: psycopg.Connection, template: str, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    admin.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(template), sql.Identifier(embedded.OWNER_ROLE)
        )
    )


def _connect_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _drop_orphans(admin: psycopg.Connection) -> None:
    """Drop the databases of test processes that were killed."""
    for (name,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'concord\\_test\\_%'").fetchall():
        pid = int(name.split("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except PermissionError:
            continue


def _tables(admin: psycopg.Connection, schema: str) -> set[str]:
    return {row[0] for row in admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])}


def _filled(admin: psycopg.Connection, tables: set[str]) -> list[str]:
    if not tables:
        return []
    probes = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM public.{})").format(sql.Literal(table), sql.Identifier(table))
        for table in sorted(tables)
    ]
    return [row[0] for row in admin.execute(sql.SQL(" UNION ALL ").join(probes)).fetchall()]


def _fingerprint() -> str:
    """Return a hash of everything that shapes the schema: migrations, models, grants and this file."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        root = Path(config.path)
        paths = [*root.glob("migrations/*.py"), *root.glob("models.py"), *root.glob("models/*.py")]
        for path in sorted(paths):
            digest.update(f"{config.name} {path.name}\0".encode() + path.read_bytes())
    for path in (Path(__file__), settings.BASE_DIR / "portal" / "database.py", settings.BASE_DIR / "requirements.lock"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
