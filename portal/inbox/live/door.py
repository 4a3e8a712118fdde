"""The ASGI application: opens a stream to whoever may have one; closes it when the right ends or the server stops."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import Error as DatabaseError

from portal.inbox.live.hub import Hub, Stream
from portal.inbox.live.identity import identify, is_same_origin
from portal.inbox.live.listener import Listener

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

HEARTBEAT = 15.0
PROVE_EVERY = 30.0
STREAMS_OF_A_PERSON = 20
STREAMS = 5_000
HELLO = b"retry: 2000\n\n"
BEAT = b":\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

log = logging.getLogger(__name__)


class Door:
    """The streams of one event loop with their listener."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.listener = Listener(self.hub.deliver, self.hub.everybody_missed_something)
        self.is_closing = False

    async def close(self) -> None:
        """End every stream and stop listening."""
        self.is_closing = True
        self.hub.close()
        await self.listener.stop()

    async def enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a stream."""
        if scope["method"] != "GET":
            return await _refuse(send, 405, "The stream is read with GET.", (b"allow", b"GET"))
        if not is_same_origin(scope):
            return await _refuse(send, 403, "Only pages of this site may open the stream.")
        self.listener.start()
        try:
            # The channel is heard before rights are looked at, so that a right that ends meanwhile is not missed.
            await asyncio.wait_for(self.listener.is_listening.wait(), 5)
            endings = self.hub.endings
            identity = await identify(scope)
        except DisallowedHost:
            return await _refuse(send, 400, "This host is not served here.")
        except (TimeoutError, DatabaseError):
            return await _refuse(send, 503, "The database does not answer.", (b"retry-after", b"5"))
        if identity is None:
            return await _refuse(send, 401, "Sign in first.", (b"www-authenticate", b"Bearer"))
        if self.hub.of_person(identity.person) >= STREAMS_OF_A_PERSON:
            return await _refuse(send, 429, "Too many pages are open.", (b"retry-after", b"60"))
        if self.is_closing or len(self.hub) >= STREAMS:
            return await _refuse(send, 503, "The server is full or stopping.", (b"retry-after", b"5"))
        stream = Stream(identity)
        self.hub.add(stream)
        if self.hub.endings != endings:
            # SECURITY: a right ended while this one was looked at, and it may have been this one.
            stream.prove()
        try:
            await self._run(stream, scope, receive, send)
        finally:
            stream.close()
            self.hub.remove(stream)

    async def _run(self, stream: Stream, scope: Scope, receive: Receive, send: Send) -> None:
        tasks = [
            asyncio.create_task(_pump(stream, scope, send)),
            asyncio.create_task(_until_gone(receive)),
            asyncio.create_task(stream.overflowed.wait()),
        ]
        try:
            done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, OSError):
                    raise error
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _pump(stream: Stream, scope: Scope, send: Send) -> None:
    """Send what the stream is given until it is closed."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await _write(send, HELLO)
    proved_at = sent_at = time.monotonic()
    while not stream.is_closed:
        if stream.must_prove or time.monotonic() - proved_at >= PROVE_EVERY:
            stream.must_prove = False
            if not await _still_may(stream, scope):
                stream.close()
                break
            proved_at = time.monotonic()
        # SECURITY: nothing is sent while a proof is due, however it came in.
        if not stream.must_prove and (chunk := stream.take()):
            await _write(send, chunk)
            sent_at = time.monotonic()
        elif time.monotonic() - sent_at >= HEARTBEAT:
            await _write(send, BEAT)
            sent_at = time.monotonic()
        await stream.wait(max(min(sent_at + HEARTBEAT, proved_at + PROVE_EVERY) - time.monotonic(), 0))
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _still_may(stream: Stream, scope: Scope) -> bool:
    """Whether the same person may still read the same things. A database that does not answer ends the stream."""
    try:
        return await identify(scope) == stream.identity
    except DatabaseError:
        return False


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _refuse(send: Send, status: int, words: str, *headers: tuple[bytes, bytes]) -> None:
    body = f"{words}\n".encode()
    plain = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *headers]})
    await send({"type": "http.response.body", "body": body, "more_body": False})


_doors: dict[asyncio.AbstractEventLoop, Door] = {}


def door() -> Door:
    """The door of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _doors:
        for stale in [other for other in _doors if other.is_closed()]:
            del _doors[stale]
        _doors[loop] = Door()
        _close_on_signals(loop, _doors[loop])
    return _doors[loop]


def _close_on_signals(loop: asyncio.AbstractEventLoop, opened: Door) -> None:
    """End the streams at the signal itself: the server waits for open responses before it says that it shuts down."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if not callable(before):
            continue

        def stop(received: int, frame: Any, before: Callable[[int, Any], Any] = before) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(lambda: loop.create_task(opened.close()))
            before(received, frame)

        signal.signal(number, stop)


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a request, or the server's start and stop."""
    if scope["type"] == "http":
        return await door().enter(scope, receive, send)
    if scope["type"] != "lifespan":
        return None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            door()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await door().close()
            return await send({"type": "lifespan.shutdown.complete"})
