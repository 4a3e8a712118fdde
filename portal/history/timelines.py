"""Preparing events to be shown: their entries and the names of the people, each fetched once for the whole list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet, prefetch_related_objects

from portal.history.models import Event
from portal.kit.composition import load


def timeline(events: QuerySet[Event] | Iterable[Event]) -> list[Event]:
    """The events as a list for `history/_timeline.html`: two queries for a queryset, whatever its length.

    The caller has already decided that the reader may see them.
    """
    rows = (
        list(events.select_related("leaf"))
        if isinstance(events, QuerySet) and not events._result_cache
        else list(events)
    )
    if any("leaf" not in row._state.fields_cache for row in rows):
        prefetch_related_objects(rows, "leaf")
    people = {row.person_uid for row in rows if row.person_uid}
    names = _names_of()(list(people)) if people else {}
    for row in rows:
        row.person_name = names.get(row.person_uid, "")
    return rows


def _names_of() -> Callable[[list[UUID]], dict[UUID, str]]:
    """The function that PERSON_NAMES points at: display names by uid, for those it knows."""
    return load(settings.PERSON_NAMES)
