"""A server of live streams inside a test, and browsers that read them."""

from __future__ import annotations

import asyncio
import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from django.conf import settings
from django.db import connection
from django.test import Client

from portal.inbox.live import application, door


class Server:
    """The live application on a port of its own."""

    def __init__(self) -> None:
        config = uvicorn.Config(application, port=0, log_level="error", lifespan="off", loop="asyncio")
        self._server = uvicorn.Server(config)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.01)
        return self

    def __exit__(self, *error: Any) -> None:
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(10)
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive(), "the server does not stop"

    @property
    def port(self) -> int:
        return self._server.servers[0].sockets[0].getsockname()[1]

    async def _close(self) -> None:
        await door.door().close()

    def _run(self) -> None:
        async def serve() -> None:
            self.loop = asyncio.get_running_loop()
            await self._server.serve()

        asyncio.run(serve())


class Reader:
    """An EventSource: its lines are read in a thread, so that a test can wait for one as long as it likes."""

    def __init__(self, port: int, headers: dict[str, str], path: str = "/live/") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._connection.request("GET", path, headers=headers)
        self.response = self._connection.getresponse()
        self.status = self.response.status
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read, daemon=True) if self.status == 200 else None
        if self._thread is not None:
            self._thread.start()

    def opened(self) -> Reader:
        """Wait until the server has said hello."""
        assert self.status == 200, self.response.read()
        assert self.line(5) == b"retry: 2000\n"
        assert self.line(5) == b"\n"
        return self

    def line(self, seconds: float) -> bytes:
        """The next line, empty at the end of the stream; raises queue.Empty when none comes in time."""
        return self._lines.get(timeout=seconds)

    def next(self, seconds: float = 1.0) -> dict[str, Any] | None:
        """The next message, or None when none comes in time; raises EOFError at the end."""
        try:
            while line := self.line(seconds):
                if line.startswith(b"data: "):
                    return json.loads(line[6:])
        except queue.Empty:
            return None
        raise EOFError

    def is_ended(self, within: float = 1.0) -> bool:
        """Whether the server ends the stream in time."""
        try:
            while self.line(within):
                pass
        except queue.Empty:
            return False
        return True

    def close(self) -> None:
        if self._connection.sock is not None:
            with suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join(5)
        self._connection.close()
        self.response.close()

    def _read(self) -> None:
        line = b"-"
        while line:
            try:
                line = self.response.readline()
            except (OSError, http.client.HTTPException):
                line = b""
            self._lines.put(line)


def cookie(client: Client) -> dict[str, str]:
    """The header by which a signed-in browser is known."""
    name = settings.SESSION_COOKIE_NAME
    return {"Cookie": f"{name}={client.cookies[name].value}"}


@contextmanager
def reading(server: Server, headers: dict[str, str], **options: Any) -> Iterator[Reader]:
    reader = Reader(server.port, headers, **options)
    try:
        yield reader
    finally:
        reader.close()


def connections_of_the_portal() -> list[str]:
    """What the server's connections to this test's database are called, without this test's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return sorted(name for (name,) in cursor.fetchall())
