"""States that tests start from, reached through actions once in each process and written again at once afterwards."""

from __future__ import annotations

import copy
import functools
import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from django.conf import UserSettingsHolder, settings
from django.core.cache import cache
from django.db import connection, models
from django.utils import timezone, translation

from portal.files.models import StoredFile

F = TypeVar("F", bound=Callable[..., Any])

# For how long a state is as good as one that is reached now.
LATELY = timedelta(minutes=15)
# The seats of the cast, at whose midnights days are counted anew.
ZONES = tuple(map(ZoneInfo, ("UTC", "Asia/Tokyo", "Asia/Kolkata", "Europe/Paris")))
# How many states a process keeps, those asked for longest ago forgotten first.
MOST = 200
WRITES = """
SELECT relname, count FROM (
  SELECT relname, pg_stat_get_{kind}tuples_inserted(oid) + pg_stat_get_{kind}tuples_updated(oid)
    + pg_stat_get_{kind}tuples_deleted(oid) AS count
  FROM pg_class WHERE relkind IN ('r', 'm', 'p') AND relnamespace = 'public'::regnamespace OFFSET 0
) AS tables WHERE count > 0
"""
_numbers = itertools.count(1)


class NotPlain(Exception):
    """A value by which no state can be told from another."""


@dataclass
class State:
    """What tables hold, what was returned when they came to hold it, and when that was."""

    at: datetime
    rows: str
    given: Any
    has_files: bool = False
    number: int = field(default_factory=lambda: next(_numbers))

    def is_usable(self) -> bool:
        """Only while its dates are still true, whatever clock a test has set, and its files are where they were."""
        moment = timezone.now()
        is_recent = timedelta(0) <= moment - self.at < LATELY and days(moment) == days(self.at)
        return is_recent and not (self.has_files and replaced_settings())


def days(moment: datetime) -> tuple[date, ...]:
    return tuple(moment.astimezone(zone).date() for zone in ZONES)


def replaced_settings() -> set[str]:
    """The names of the settings that are not those of all tests."""
    names: set[str] = set()
    level = settings._wrapped
    while isinstance(level, UserSettingsHolder):
        names |= {name for name in vars(level) if name.isupper()} | level._deleted
        level = level.default_settings
    return names


class Now:
    """The state in which this test's database is known to be: its number, and what had been written by then."""

    def __init__(self) -> None:
        self.begin(None)

    def begin(self, monkeypatch: pytest.MonkeyPatch | None) -> None:
        self.monkeypatch, self.patches, self.facts = monkeypatch, 0, []
        self.number = 0
        self.writes: dict[str, int] = {}
        self.savepoints: list[str] = []

    def stand_at(self, state: State) -> None:
        """From now on the database is in this state, until something more is written or this is taken back."""
        self.number, self.writes, self.savepoints = state.number, writes(), list(connection.savepoint_ids)

    @property
    def is_known(self) -> bool:
        """Nothing was written since, nor taken back."""
        inside = connection.savepoint_ids[: len(self.savepoints)]
        return bool(self.number) and inside == self.savepoints and writes() == self.writes

    @property
    def is_ordinary(self) -> bool:
        """In the thread of the test, with the settings of all tests, and nothing replaced that is not told."""
        patches = self.monkeypatch
        replaced = len(patches._setattr) + len(patches._setitem) if patches is not None else -1
        is_own_thread = threading.current_thread() is threading.main_thread()
        return is_own_thread and replaced == self.patches and replaced_settings() <= {"MEDIA_ROOT"}


now = Now()
_states: OrderedDict[Hashable, State] = OrderedDict()
_asked: set[Hashable] = set()
_depth = 0


def tell(state: Callable[[], Any] | None = None) -> None:
    """Say that what was just replaced for a test changes no state that is kept, or only as `state` says."""
    now.patches += 1
    if state is not None:
        now.facts.append(state)


def writes() -> dict[str, int]:
    """Rows written so far, by table, in this transaction: also those that were taken back; outside one, by anybody.

    What pg_stat_xact_user_tables and pg_stat_user_tables say, without their look at every index.
    """
    kind = "xact_" if connection.in_atomic_block else ""
    with connection.cursor() as cursor:
        if not kind:
            cursor.execute("SELECT pg_stat_clear_snapshot(), pg_stat_force_next_flush()")
        cursor.execute(WRITES.format(kind=kind))
        return dict(cursor.fetchall())


def rows_of(tables: list[str]) -> str:
    """Everything that is in the tables, as `restore` takes it."""
    if not tables:
        return "{}"
    parts = " UNION ALL ".join(
        f"SELECT '{table}' AS name, (SELECT coalesce(json_agg(t), '[]'::json) FROM public.\"{table}\" t) AS rows"
        for table in sorted(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT json_object_agg(name, rows)::text FROM ({parts}) AS tables")
        return str(cursor.fetchone()[0])


def restore(rows: str) -> None:
    """Put these rows in place of all that the tables hold (tests/database.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT baseline.restore(%s::json)", [rows])


def kept(function: F) -> F:
    """Let a function that brings the database from one state to another do so once in each process.

    The second time, what it wrote is written again and a copy of what it returned is returned. That is done only where it
    cannot make a difference: the database is in the very state in which the function was called before (the cast and
    nothing else, or another kept state upon it), the arguments are the same, the time is much the same, and the test has
    replaced nothing, neither settings nor code. Everywhere else the function is called.
    """

    @functools.wraps(function)
    def reached(*args: Any, **kwargs: Any) -> Any:
        global _depth
        name = _name(function, args, kwargs)
        if name is None:
            return function(*args, **kwargs)
        state = _states.get(name)
        if state is not None and state.is_usable():
            _states.move_to_end(name)
            cache.clear()  # what was counted for these rows was counted for those of another test
            restore(state.rows)
            now.stand_at(state)
            return copy.deepcopy(state.given)
        before, at = now.writes, timezone.now()
        _depth += 1
        try:
            given = function(*args, **kwargs)
        finally:
            _depth -= 1
        after = writes()
        tables = [table for table, count in after.items() if count != before.get(table)]
        has_files = StoredFile._meta.db_table in tables
        # Files that lie in the folder of one test are not there for another.
        if (_depth == 0 or name in _asked) and not (has_files and replaced_settings()):
            _states[name] = State(at, rows_of(tables), copy.deepcopy(given), has_files)
            now.stand_at(_states[name])
            while len(_states) > MOST:
                _states.popitem(last=False)
        _asked.add(name)
        return given

    return reached  # type: ignore[return-value]


def _name(function: Callable[..., Any], args: Any, kwargs: Any) -> Hashable:
    """The name of the state that the function leads to from here; None where nothing may be kept."""
    if not now.is_ordinary or not now.is_known:
        return None
    try:
        said = _plain((args, kwargs, [fact() for fact in now.facts]))
    except NotPlain:
        return None
    verb = f"{function.__module__}.{function.__qualname__}"
    return now.number, verb, said, days(timezone.now()), translation.get_language()


def _plain(value: Any) -> Hashable:
    """The value as something that is the same whenever it says the same."""
    if value is None or isinstance(value, str | int | bytes | Decimal | date | timedelta | Enum):
        return type(value).__name__, value
    if isinstance(value, models.Model) and value.pk is not None:
        return type(value).__name__, value.pk
    if isinstance(value, set | frozenset):
        return type(value).__name__, frozenset(map(_plain, value))
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(map(_plain, value))
    if isinstance(value, dict):
        return "dict", tuple((key, _plain(each)) for key, each in value.items())
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, tuple(_plain(getattr(value, each.name)) for each in fields(value))
    raise NotPlain
