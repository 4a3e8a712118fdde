"""Which database, and as whom: settings from URLs, the owner's connection, and what the unprivileged role may do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from psycopg import sql

from portal import embedded

ENGINE = "portal.postgresql"


def database_settings(data: Path, url: str, owner_url: str, pool: int = 0) -> dict[str, Any]:
    """Return the entry of DATABASES: the server at `url`, or the embedded one under `data`.

    `pool` is the most connections one process keeps; 0 opens one when needed and closes it after use.
    """
    entry: dict[str, Any] = {"ENGINE": ENGINE, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": {}}
    if url:
        entry |= _parsed(url)
        entry["OWNER"] = _parsed(owner_url) if owner_url else {}
    else:
        entry |= {
            "NAME": embedded.DATABASE,
            "USER": embedded.APP_ROLE,
            "HOST": str(embedded.socket_folder(data)),
            "EMBEDDED_IN": str(data),
            "OWNER": {"USER": embedded.OWNER_ROLE},
        }
    if pool:
        entry["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": pool, "timeout": 15, "max_idle": 300}}
    return entry


def _parsed(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("The portal runs on PostgreSQL only: postgresql://user:password@host:port/name")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


@contextmanager
def as_owner(alias: str = "default") -> Iterator[None]:
    """Within this block the connection is the owner's, who may change the schema; the app's own role may not."""
    connection = connections[alias]
    ordinary = connection.settings_dict
    owner = ordinary.get("OWNER") or {}
    options = {k: v for k, v in (ordinary["OPTIONS"] | owner.get("OPTIONS", {})).items() if k != "pool"}
    connection.close()
    connection.settings_dict = ordinary | owner | {"OPTIONS": options}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = ordinary


def grant(app_role: str, alias: str = "default") -> None:
    """Give the unprivileged role exactly what it may do; run as the owner, after every migration.

    Evidence (every AppendOnly model) may be read and added to, never changed; the list of migrations only read.
    """
    connection = connections[alias]
    role = sql.Identifier(app_role)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == app_role:
            return
        for statement in (
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ):
            cursor.execute(sql.SQL(statement).format(role=role))
        for table in evidence_tables():
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE ON {table} FROM {role}").format(table=sql.Identifier(table), role=role)
            )


def evidence_tables() -> list[str]:
    """Return the tables that are only ever added to."""
    from portal.kit.append_only import AppendOnly

    models = apps.get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in models if issubclass(model, AppendOnly))


def app_role(alias: str = "default") -> str:
    return str(settings.DATABASES[alias]["USER"])


@checks.register(deploy=True)
def check_roles(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn when the application would work as the owner of its tables."""
    entry = settings.DATABASES["default"]
    if entry.get("EMBEDDED_IN") or entry["OWNER"].get("USER", entry["USER"]) != entry["USER"]:
        return []
    return [
        checks.Warning(
            "The application connects as the owner of its tables and could change evidence.",
            hint="Give migrations a role of their own: DATABASE_OWNER_URL (docs/running.md).",
            id="portal.W001",
        )
    ]
