"""Rows that name the same few agencies share them: one query for all, one object for each agency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self

from django.db import models
from django.db.models.query import ModelIterable

from agencies.models.agencies import Agency


class SharingQuerySet(models.QuerySet):
    """A queryset whose rows can be read with their agencies.

    A join brings an agency's columns along with every row that names it: a hundred times for a list of 25 projects.
    """

    _paths: tuple[str, ...] = ()

    def sharing_agencies(self, *paths: str) -> Self:
        """Read the agencies at the ends of these paths, such as `lead` and `participations__agency`.

        What stands between has to be read with the rows: by `select_related` or `prefetch_related`.
        """
        clone: Self = self._chain()  # type: ignore[attr-defined]
        clone._paths = (*self._paths, *paths)
        return clone

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._paths = self._paths
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._paths and issubclass(self._iterable_class, ModelIterable):
            rows: Any = self._result_cache
            share_agencies(rows, *self._paths, using=self.db)


def share_agencies(
    rows: Iterable[models.Model], *paths: str, known: Iterable[Agency] = (), using: str = "default"
) -> None:
    """Give each row its agencies; the last step of a path names a foreign key to Agency.

    Those that are known already, or came with a row, are not read again: no query when they are all.
    """
    ends = [(row, name) for path in paths for row, name in _ends(rows, path)]
    fields: list[tuple[models.Model, Any]] = [(row, row._meta.get_field(name)) for row, name in ends]
    along = [field.get_cached_value(row) for row, field in fields if field.is_cached(row)]
    found = {agency.pk: agency for agency in (*known, *along) if agency is not None}
    wanted = {getattr(row, field.attname) for row, field in fields} - {None} - set(found)
    if wanted:
        found |= Agency.objects.using(using).in_bulk(wanted)
    for row, field in fields:
        field.set_cached_value(row, found.get(getattr(row, field.attname)))


def _ends(rows: Iterable[models.Model], path: str) -> Iterator[tuple[models.Model, str]]:
    *steps, name = path.split("__")
    for step in steps:
        rows = [below for row in rows for below in _below(row, step)]
    return ((row, name) for row in rows)


def _below(row: models.Model, step: str) -> Iterable[models.Model]:
    value: Any = getattr(row, step)
    if value is None:
        return ()
    return value.all() if hasattr(value, "all") else (value,)
