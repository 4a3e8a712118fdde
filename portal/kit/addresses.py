"""Addresses of views, worked out once: a page names the same few dozen, a list one for each row."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

# Only what is told apart by being equal; Django works out the others.
PLAIN = (str, UUID)


def address(view_name: str, *args: Any) -> str:
    """`reverse`, remembered."""
    if all(isinstance(arg, PLAIN) for arg in args):
        return _reversed(view_name, args, "", get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
    return reverse(view_name, args=args)


def address_here(request: Any, view_name: str, args: tuple[Any, ...]) -> str | None:
    """The address that a template names, or None where it takes more than names and plain arguments to tell."""
    if request is None or hasattr(request, "current_app") or not all(isinstance(arg, PLAIN) for arg in args):
        return None
    match = getattr(request, "resolver_match", None)
    script = request.META.get("SCRIPT_NAME", "")
    prefix = script if script.endswith("/") else f"{script}/"
    namespace = match.namespace if match else ""
    return _reversed(view_name, args, namespace, prefix, getattr(request, "urlconf", None) or settings.ROOT_URLCONF)


@lru_cache(maxsize=5_000)
def _reversed(view_name: str, args: tuple[Any, ...], namespace: str, prefix: str, urlconf: str) -> str:
    """The prefix and the urlconf are those of the running request: they are only here to tell addresses apart."""
    return reverse(view_name, args=args, current_app=namespace or None)
