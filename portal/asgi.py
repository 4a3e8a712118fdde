"""The portal on one port: pages as WSGI in a pool of threads, live streams as native ASGI."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from portal.bodies import whole

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

LIVE = ("/live/", "/api/v1/stream")
THREADS = int(os.environ.get("CONCORD_THREADS") or 8)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("CONCORD_POOL", str(THREADS + 2))

_pages = WSGIMiddleware(get_wsgi_application(), workers=THREADS)  # type: ignore[arg-type]  # a response is an iterable of bytes


def _live_application() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    from django.conf import settings

    live: Callable[[Scope, Receive, Send], Awaitable[None]] = import_string(settings.LIVE_APPLICATION)
    return live


_live = _live_application()


_closing = asyncio.Event()


def close_streams() -> None:
    """Tell every open stream that its browser is gone, so that the process can end at once."""
    _closing.set()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        # SECURITY: WSGI cannot tell X_Forwarded_For from X-Forwarded-For; a proxy overwrites only the latter.
        scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        if scope["path"].startswith(LIVE):
            await _live(scope, _until_closing(receive), send)
            if _closing.is_set():
                with suppress(RuntimeError):  # it had ended by itself
                    await send({"type": "http.response.body", "body": b""})
            return
        await whole(_pages, scope, receive, send)  # type: ignore[arg-type]
        return
    await _pages(scope, receive, send)  # type: ignore[arg-type]


def _until_closing(receive: Receive) -> Receive:
    async def receive_or_end() -> dict[str, Any]:
        tasks = {asyncio.ensure_future(receive()), asyncio.ensure_future(_closing.wait())}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        results = [task.result() for task in done]
        return next((result for result in results if isinstance(result, dict)), {"type": "http.disconnect"})

    return receive_or_end
