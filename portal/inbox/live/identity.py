"""Whose stream it is: the same middleware that answers for pages, run in a thread that keeps no database connection."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from portal.inbox.live import session_digest
from portal.inbox.live.hub import Identity

WHO = ("SessionMiddleware", "AuthenticationMiddleware", "ActorMiddleware")
SAME = ("same-origin", "none")

_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live-identity")


async def identify(scope: dict[str, Any]) -> Identity | None:
    """The identity behind a request, or None; raises DisallowedHost and the database's errors."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _identify, scope)


def is_same_origin(scope: dict[str, Any]) -> bool:
    """Whether one of our own pages asks, or a program with a token.

    SECURITY: a browser sends the cookie by itself, so another site could open the stream in a signed-in person's name.
    """
    headers = _headers(scope)
    if has_bearer(scope):
        return True
    if headers.get("sec-fetch-site", "none") not in SAME:
        return False
    origin = headers.get("origin", "")
    return (
        not origin or origin.partition("://")[2] == headers.get("host", "") or origin in settings.CSRF_TRUSTED_ORIGINS
    )


def has_bearer(scope: dict[str, Any]) -> bool:
    return _headers(scope).get("authorization", "").lower().startswith("bearer ")


def _headers(scope: dict[str, Any]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _identify(scope: dict[str, Any]) -> Identity | None:
    connections.close_all()
    try:
        request = ASGIRequest({**scope, "method": "GET"}, BytesIO())
        request.get_host()
        for middleware in _middleware():
            if hasattr(middleware, "process_request"):
                middleware.process_request(request)
            else:
                middleware(request)
        return _identity(request, scope)
    finally:
        # SECURITY: a stream lives for hours; a connection kept by it would starve the pages.
        connections.close_all()


@cache
def _middleware() -> tuple[Any, ...]:
    names = [name for name in settings.MIDDLEWARE if name.endswith(WHO)]
    return tuple(import_string(name)(_no_page) for name in names)


def _no_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _identity(request: HttpRequest, scope: dict[str, Any]) -> Identity | None:
    actor = request.actor  # type: ignore[attr-defined]
    if actor.person is None or not actor.person.is_active or not actor.may_use_scope("read"):
        return None
    key = "" if has_bearer(scope) else request.session.session_key or ""
    return Identity(
        person=str(actor.person.uid),
        agency=actor.agency.ref if actor.membership is not None and actor.membership.is_live else "",
        is_operator=actor.is_operator,
        session=session_digest(key) if key else "",
    )


__all__ = ["DisallowedHost", "has_bearer", "identify", "is_same_origin"]
