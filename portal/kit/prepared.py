"""Parts of a query that are the same for every request: their SQL is written once, with blanks for what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Expression, Field, Model


class Blank(Expression):
    """A value that is not known when the SQL is written; `Prepared.filled` takes it by name."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class Written(Expression):
    """An expression whose SQL has been written, with its values."""

    def __init__(self, sql: str, values: tuple[Any, ...], output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.sql, self.values = sql, values

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return self.sql, self.values


class Prepared:
    """Annotations of one model. Django takes longer to write the words of a large one than PostgreSQL to answer it.

    SECURITY: values are parameters of the query here as everywhere; nothing is put into the words.
    """

    def __init__(self, model: type[Model], annotations: Callable[[], Mapping[str, Any]]) -> None:
        self.model, self.annotations = model, annotations

    @cached_property
    def _written(self) -> dict[str, tuple[str, tuple[Any, ...], Field[Any, Any]]]:
        query = self.model._default_manager.order_by().annotate(**self.annotations()).query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.pre_sql_setup()
        if sum(map(bool, query.alias_refcount.values())) > 1:
            raise ValueError(
                "What is prepared names the columns of its model alone; a query of its own reads the rest."
            )
        written = {}
        for name, expression in query.annotations.items():
            sql, values = compiler.compile(expression)
            written[name] = (sql, tuple(values), expression.output_field)
        return written

    def filled(self, **values: Any) -> dict[str, Written]:
        """The annotations for these values; KeyError when a blank has none."""
        return {
            name: Written(sql, tuple(values[one.name] if isinstance(one, Blank) else one for one in asked), field)
            for name, (sql, asked, field) in self._written.items()
        }
