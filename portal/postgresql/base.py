"""The connection wrapper that makes sure the embedded server runs before anybody connects to it."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from portal import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper; whoever asks how to connect (Django, the pool, the worker, the live stream) finds a server."""

    def get_connection_params(self) -> dict[str, Any]:
        data = self.settings_dict.get("EMBEDDED_IN")
        if data:
            embedded.attach(Path(data))
        params: dict[str, Any] = super().get_connection_params()
        return params
