"""Rules of visibility as SQL that is worked out once, for conditions that a page asks a dozen times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.db import connections, models
from django.db.models import Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler

# What stands for the values while the SQL is worked out; no row has them.
COLUMN = -1_000_000
DAY = date(1, 2, 3)

Rule = Callable[..., QuerySet]


class Ruled(Func):
    """A query within a query, for the row that a column names; base of `Found` and `Counted`.

    `rule` is a function of a module: it takes `column` (what the column is compared with) and the values, and returns a
    queryset. Its SQL is worked out once, with stand-ins for all of them. A value is a number of a row, a day, or None,
    which may lead to another query. Resolving such a query costs more than the database needs to answer it.
    """

    arity = 1
    form = "{}"

    def __init__(self, column: Any, rule: Rule, **values: int | date | None) -> None:
        super().__init__(column, output_field=self.output_field)
        self.rule, self.values = rule, values

    def as_sql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        shape = tuple((name, type(value)) for name, value in sorted(self.values.items()))
        kind: Any = type(self)
        before, after, head, tail = _worked_out(kind, self.rule, shape, connection.alias)
        column, own = compiler.compile(self.source_expressions[0])
        return f"{before}{column}{after}", (*self._filled(head), *own, *self._filled(tail))

    def _filled(self, params: tuple[Any, ...]) -> list[Any]:
        return [self.values[param.name] if isinstance(param, Blank) else param for param in params]

    @classmethod
    def query(cls, rows: QuerySet) -> Any:
        """What is asked of the rows."""
        raise NotImplementedError


class Found(Ruled):
    """Whether the rule finds a row."""

    output_field = models.BooleanField()
    form = "EXISTS({})"

    @classmethod
    def query(cls, rows: QuerySet) -> Any:
        return rows.query.exists()


class Counted(Ruled):
    """How many rows the rule finds."""

    output_field = models.IntegerField()
    form = "({})"

    @classmethod
    def query(cls, rows: QuerySet) -> Any:
        return rows.order_by().annotate(one=models.Value(1)).values("one").query


class Blank:
    """The place of a value among the parameters."""

    def __init__(self, name: str) -> None:
        self.name = name


@cache
def _worked_out(
    kind: type[Ruled], rule: Rule, shape: tuple[tuple[str, type], ...], alias: str
) -> tuple[str, str, tuple[Any, ...], tuple[Any, ...]]:
    """The SQL before and after the column, with the parameters of both parts.

    SECURITY: a parameter that is neither a stand-in nor a fixed word would be one reader's value in the SQL of all
    readers, so it stops the portal instead. Tests hold each rule against the same rule asked the ordinary way.
    """
    stand_ins: dict[str, Any] = {
        name: None if of is type(None) else DAY if of is date else COLUMN - 1 - place
        for place, (name, of) in enumerate(shape)
    }
    query = kind.query(rule(column=COLUMN, **stand_ins))
    # Names of our own: a query around this one that has the same table must not be read by mistake.
    query.change_aliases({name: f"ruled{number}" for number, name in enumerate(list(query.alias_map))})
    sql, params = query.get_compiler(connection=connections[alias]).as_sql()
    names = {value: name for name, value in stand_ins.items() if value is not None}
    places = [place for place, param in enumerate(params) if param == COLUMN]
    fixed = [param for param in params if param not in names and param != COLUMN]  # words, and 0 and 1
    missing = set(names) - set(params)
    if len(places) != 1 or missing or not all(isinstance(param, str | bool) or param in (0, 1) for param in fixed):
        raise RuntimeError(f"the rule {rule.__qualname__} has parameters that nobody foresaw: {params}")
    if kind is Counted:
        sql = f"SELECT COUNT(*) FROM ({sql}) ruled"
    at, parts = places[0], sql.split("%s")
    blanks = tuple(Blank(names[param]) if param in names else param for param in params)
    before, after = kind.form.split("{}")
    return (
        f"{before}{'%s'.join(parts[: at + 1])}",
        f"{'%s'.join(parts[at + 1 :])}{after}",
        blanks[:at],
        blanks[at + 1 :],
    )
