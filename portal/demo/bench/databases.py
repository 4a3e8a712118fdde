"""Temporary databases on the embedded server, dropped when the benchmark ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from portal import embedded

PREFIX = "concord_bench_"


def data_folder() -> Path:
    """The folder of the embedded server; ValueError when the portal uses another."""
    data = settings.DATABASES["default"].get("EMBEDDED_IN")
    if not data:
        raise ValueError("The benchmark runs on the embedded server: unset DATABASE_URL.")
    return Path(data)


@contextmanager
def administrator(dbname: str = "postgres") -> Iterator[psycopg.Connection]:
    """A connection of the superuser, who may make and drop databases."""
    with psycopg.connect(embedded.conninfo(data_folder(), embedded.SUPERUSER, dbname), autocommit=True) as admin:
        yield admin


@contextmanager
def temporary(name: str) -> Iterator[str]:
    """A fresh database of the owner; returns its name. What a killed benchmark left behind is dropped first."""
    name = PREFIX + name
    with administrator() as admin:
        _drop(admin, name)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' OWNER {}").format(
                sql.Identifier(name), sql.Identifier(embedded.OWNER_ROLE)
            )
        )
    try:
        yield name
    finally:
        with administrator() as admin:
            _drop(admin, name)


@contextmanager
def portal_database() -> Iterator[str]:
    """Work on a fresh, migrated database of the portal instead of the installation's own."""
    entry = connection.settings_dict
    own = entry["NAME"]
    with temporary("portal") as name:
        _point_at(name)
        try:
            call_command("migrate", run_syncdb=True, verbosity=0, interactive=False, skip_checks=True)
            yield name
        finally:
            _point_at(own)


def url(name: str, role: str) -> str:
    """DATABASE_URL of one of these databases for another process."""
    return f"postgresql://{role}@/{name}?host={embedded.socket_folder(data_folder())}"


def settle(name: str) -> None:
    """Let the planner know the rows, and the disk have them, before anything is measured."""
    with administrator(name) as admin:
        admin.execute("VACUUM ANALYZE")
        admin.execute("CHECKPOINT")


def _point_at(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
