"""The connection wrapper that makes sure the embedded server runs before anybody connects to it."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError

from portal import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper; whoever asks how to connect (Django, the pool, the worker, the live stream) finds a server."""

    def get_connection_params(self) -> dict[str, Any]:
        self._attach()
        params: dict[str, Any] = super().get_connection_params()
        return params

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
