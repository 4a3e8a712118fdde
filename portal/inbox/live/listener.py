"""The one connection of this process that LISTENs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections

from portal.inbox.live import CHANNEL

FIRST_WAIT = 0.2
LONGEST_WAIT = 10.0
QUIET_FOR = 20.0

log = logging.getLogger(__name__)


def connection_params() -> dict[str, Any]:
    """How Django reaches the database, for a connection of one's own beside its pool."""
    wrapper = connections["default"]
    params = dict(wrapper.get_connection_params())
    for name in ("cursor_factory", "context", "pool", "server_side_binding", "assume_role", "isolation_level"):
        params.pop(name, None)
    return params


class Listener:
    """Hears the channel and calls `hear(payload)`; when the server goes away, connects again and calls `missed()`."""

    def __init__(self, hear: Callable[[str], None], missed: Callable[[], None]) -> None:
        self._hear = hear
        self._missed = missed
        self._task: asyncio.Task[None] | None = None
        self.is_listening = asyncio.Event()

    def start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="live listener")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        wait, has_listened = FIRST_WAIT, False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **connection_params(), autocommit=True, connect_timeout=5, application_name="concord-live"
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.is_listening.set()
                    if has_listened:
                        self._missed()
                    wait, has_listened = FIRST_WAIT, True
                    await self._hear_all(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("the live stream lost its database connection: %s", error)
            finally:
                self.is_listening.clear()
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _hear_all(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            async for notification in connection.notifies(timeout=QUIET_FOR):
                self._hear(notification.payload)
            # A server that vanished without a word is noticed here.
            await asyncio.wait_for(connection.execute("SELECT 1"), 10)
