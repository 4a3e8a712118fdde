"""CPU time from the scheduler: of a process with all its threads, and of the database backends that serve it.

Wall clocks swing with the machine; the nanoseconds a task has run do not (docs/measurements.md).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import psycopg


def cpu_of(pid: int) -> dict[str, int]:
    """Nanoseconds each thread of a process has run."""
    spent = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            spent[f"{pid}/{task.name}"] = int((task / "schedstat").read_text().split()[0])
    return spent


class Meter:
    """Nanoseconds that one web process and the backends of its database spend together."""

    def __init__(self, admin: psycopg.Connection, pid: int, dbname: str) -> None:
        self.admin, self.pid, self.dbname = admin, pid, dbname

    def read(self) -> tuple[dict[str, int], dict[str, int]]:
        """What the web and what the database have spent until now."""
        return cpu_of(self.pid), {key: spent for pid in self._backends() for key, spent in cpu_of(pid).items()}

    def since(self, before: tuple[dict[str, int], dict[str, int]]) -> tuple[int, int]:
        """What the web and what the database have spent since an earlier reading."""
        web, database = self.read()
        return _difference(before[0], web), _difference(before[1], database)

    def _backends(self) -> Iterator[int]:
        rows = self.admin.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [self.dbname]).fetchall()
        yield from (pid for (pid,) in rows if Path(f"/proc/{pid}").exists())


def _difference(before: dict[str, int], after: dict[str, int]) -> int:
    return sum(spent - before.get(key, 0) for key, spent in after.items())
