"""Where requests are counted for their limits: files that the processes of one machine share."""

from __future__ import annotations

import secrets

from django.core.cache.backends.filebased import FileBasedCache

ONE_IN = 100


class Counts(FileBasedCache):
    """Django's files. It lists its whole folder at every write to see whether there are too many; this one seldom does."""

    def _cull(self) -> None:
        if secrets.randbelow(ONE_IN) == 0:
            super()._cull()  # type: ignore[misc]
