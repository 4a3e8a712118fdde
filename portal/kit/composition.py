"""What points up is a dotted string in settings; this resolves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Panel:
    """What one app shows on another app's page."""

    title: str | Promise
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    place: str = "main"
    order: int = 50


@dataclass(frozen=True)
class Tab:
    """One of a record's pages."""

    label: str | Promise
    url: str
    name: str
    count: int | None = None
    order: int = 50


def load(dotted: str) -> Any:
    return import_string(dotted)


@cache
def _functions(setting: str) -> tuple[Callable[..., Any], ...]:
    return tuple(import_string(dotted) for dotted in getattr(settings, setting))


def panels(setting: str, *args: Any) -> list[Panel]:
    """The panels that the functions of a setting have to show here; a function without anything to show returns None."""
    shown = [panel for function in _functions(setting) if (panel := function(*args)) is not None]
    return sorted(shown, key=lambda panel: panel.order)


def tabs(setting: str, *args: Any) -> list[Tab]:
    """The tabs of a record, in order."""
    shown = [tab for function in _functions(setting) if (tab := function(*args)) is not None]
    return sorted(shown, key=lambda tab: tab.order)
