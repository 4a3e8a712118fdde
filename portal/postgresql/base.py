"""The connection wrapper: it makes sure that the embedded server runs, and reads instants without Python."""

from functools import cache
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader

from portal import embedded


@cache
def _adapters(template: AdaptersMap) -> AdaptersMap:
    """Django's way of reading values, but for instants: psycopg's own loader is written in C."""
    adapters = AdaptersMap(template)
    adapters.register_loader("timestamptz", TimestamptzLoader)
    return adapters


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper; whoever asks how to connect (Django, the pool, the worker, the live stream) finds a server."""

    def get_connection_params(self) -> dict[str, Any]:
        self._attach()
        params: dict[str, Any] = super().get_connection_params()
        params["context"] = _adapters(params["context"])
        return params

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor whose instants carry the zone of the connection, which Django has set to UTC.

        Django's own reads them in Python and then replaces the zone; a page of a list reads hundreds.
        """
        if not name:
            return self.connection.cursor()
        autocommit = self.connection.autocommit
        cursor: Any = base.ServerSideCursor
        return cursor(self.connection, name=name, scrollable=False, withhold=autocommit)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except OperationalError:
            if not self.settings_dict.get("EMBEDDED_IN"):
                raise
            self._attach(again=True)  # its supervisor may have been killed since
            return super().get_new_connection(conn_params)

    def _attach(self, *, again: bool = False) -> None:
        data = self.settings_dict.get("EMBEDDED_IN")
        if data:
            embedded.attach(Path(data), again=again)
