"""The portal on one port: pages as WSGI in a pool of threads, live streams as native ASGI under /live/."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

LIVE = "/live/"
THREADS = int(os.environ.get("CONCORD_THREADS") or 8)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("CONCORD_POOL", str(THREADS + 2))

_pages = WSGIMiddleware(get_wsgi_application(), workers=THREADS)


def _live_application() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    from django.conf import settings

    live: Callable[[Scope, Receive, Send], Awaitable[None]] = import_string(settings.LIVE_APPLICATION)
    return live


_live = _live_application()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        # SECURITY: WSGI cannot tell X_Forwarded_For from X-Forwarded-For; a proxy overwrites only the latter.
        scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        if scope["path"].startswith(LIVE):
            return await _live(scope, receive, send)
    await _pages(scope, receive, send)  # type: ignore[arg-type]
