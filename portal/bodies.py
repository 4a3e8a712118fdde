"""Request bodies, read whole before a thread serves them: one that is slow or too large costs a connection, not a thread."""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from typing import IO, Any

from portal.kit.problems import PROBLEM, problem

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# The largest file that a page takes has 50 MB; the rest is for the form around it.
LARGEST = 52 * 1024 * 1024
IN_MEMORY = 256 * 1024
PIECE = 64 * 1024
SILENCE = 20.0
PATIENCE = 600.0


class Gone(Exception):
    """The client went away before its request was whole."""


class TooLarge(Exception):
    """The body has more than LARGEST bytes."""


async def whole(application: Application, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the request once its body is here; 413 for one that is too large, 408 for one that does not come.

    SECURITY: a thread that waited for a body could be held by anybody, a few of them are the whole portal, and rights
    that were looked at when the body began could have ended before it came.
    """
    announced = _announced(scope)
    if not announced:
        await application(scope, receive, send)
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
        try:
            if announced > LARGEST:
                raise TooLarge
            async with asyncio.timeout(PATIENCE):
                size = await _keep(kept, receive)
        except TooLarge:
            await _refuse(scope, send, 413, "The request is too large", "request-too-large")
        except TimeoutError:
            await _refuse(scope, send, 408, "The request did not arrive in time", "request-timeout")
        except Gone:
            return
        else:
            kept.seek(0)
            await application(scope, _from(kept, size, receive), send)


def _announced(scope: Scope) -> int:
    """The length that the client announces. Without one, WSGI reads no body at all."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _keep(kept: IO[bytes], receive: Receive) -> int:
    size, more = 0, True
    while more:
        async with asyncio.timeout(SILENCE):
            message = await receive()
        if message["type"] != "http.request":
            raise Gone
        piece, more = message.get("body", b""), message.get("more_body", False)
        size += len(piece)
        if size > LARGEST:
            raise TooLarge
        kept.write(piece)
    return size


def _from(kept: IO[bytes], size: int, receive: Receive) -> Receive:
    """Hand out what was kept, then whatever the connection says next."""
    left, is_done = size, False

    async def receive_kept() -> dict[str, Any]:
        nonlocal left, is_done
        if is_done:
            return await receive()
        piece = kept.read(PIECE)
        left -= len(piece)
        is_done = left <= 0
        return {"type": "http.request", "body": piece, "more_body": not is_done}

    return receive_kept


async def _refuse(scope: Scope, send: Send, status: int, title: str, code: str) -> None:
    if scope["path"].startswith("/api/"):
        kind, body = PROBLEM.encode(), json.dumps(problem(status, title, "", code)).encode()
    else:
        kind, body = b"text/plain; charset=utf-8", f"{title}.\n".encode()
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        # What is still on its way is not read.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
