"""Keyset pagination: newer and older, at the same cost on the first page and on the thousandth."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

SIZE = 25


@dataclass(frozen=True)
class Page:
    """One page of rows with the links to its neighbours (empty when there is none)."""

    rows: list[Any]
    next_url: str
    previous_url: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page(
    queryset: QuerySet, request: HttpRequest, *, order: Sequence[str] = ("-created_at", "-pk"), size: int = SIZE
) -> Page:
    """Cut one page out of a queryset by the cursor in the URL; a cursor that makes no sense shows the first page.

    `order` names plain columns of the model, the last one unique.
    """
    cursor = _decode(request.GET.get("cursor", ""), queryset.model, order)
    backwards = bool(cursor and cursor[0] == "before")
    ordering = [_flip(name) for name in order] if backwards else list(order)
    rows_set = queryset.order_by(*ordering)
    if cursor:
        rows_set = rows_set.filter(_after(ordering, cursor[1]))
    rows = list(rows_set[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (backwards or more)
    has_previous = bool(rows) and (more if backwards else bool(cursor))
    return Page(
        rows=rows,
        next_url=_url(request, "after", rows[-1], order) if has_next else "",
        previous_url=_url(request, "before", rows[0], order) if has_previous else "",
    )


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after(ordering: Sequence[str], values: list[Any]) -> Q:
    condition = Q()
    equal = Q()
    for name, value in zip(ordering, values, strict=True):
        column = name.lstrip("-")
        comparison = "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{comparison}": value})
        equal &= Q(**{column: value})
    return condition


def _value(row: Any, name: str) -> Any:
    value = getattr(row, name.lstrip("-"))
    return value.isoformat() if isinstance(value, datetime) else value


def _url(request: HttpRequest, side: str, row: Any, order: Sequence[str]) -> str:
    cursor = base64.urlsafe_b64encode(
        json.dumps([side, [_value(row, name) for name in order]], default=str).encode()
    ).decode()
    query = request.GET.copy()
    query["cursor"] = cursor.rstrip("=")
    return f"?{query.urlencode()}"


def _decode(text: str, model: type[Model], order: Sequence[str]) -> tuple[str, list[Any]] | None:
    """The side and the typed values of a cursor, or None when it is not one of ours."""
    try:
        side, values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if side not in ("after", "before"):
            return None
        return side, [_typed(model, name, value) for name, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, RecursionError, ValidationError):
        return None


def _typed(model: type[Model], name: str, value: Any) -> Any:
    """A value that the column can be compared with; anything else raises."""
    if isinstance(value, bool) or not isinstance(value, str | int) or "\x00" in str(value):
        raise ValueError("not a cursor")
    column = name.lstrip("-")
    field: Any = model._meta.pk if column == "pk" else model._meta.get_field(column)
    typed = field.to_python(value)
    if isinstance(typed, int) and not -(2**63) <= typed < 2**63:
        raise ValueError("not a cursor")
    return typed
