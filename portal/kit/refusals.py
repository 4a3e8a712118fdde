"""The refusals that say why: 403 you may not, 409 not now. What you cannot know is a plain 404."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Refusal(Exception):
    """A no with its reason, a stable code, and what would turn it into a yes."""

    status_code = 403
    title: Text = _("You may not do this")

    def __init__(self, reason: Text, *, code: str, unblock: Text = "") -> None:
        super().__init__(str(code))
        self.reason = reason
        self.code = code
        self.unblock = unblock


class Forbidden(Refusal):
    """403: the actor may see the record but not do this to it."""


class NotNow(Refusal):
    """409: the actor may do this, but not in the state the record is in."""

    status_code = 409
    title = _("This cannot be done now")

    def __init__(self, reason: Text, *, code: str, unblock: Text = "", state: str = "") -> None:
        super().__init__(reason, code=code, unblock=unblock)
        self.state = state


class Stale(NotNow):
    """409: somebody saved a newer version meanwhile. Carries the newer record and the text typed against the old one.

    `version` is that of the record, unless a part of it is counted for itself. `newer` gives the label and the value now
    of what was typed where it is no field of the record, `words` says the values that are no text.
    """

    title = _("Somebody saved a newer version")

    def __init__(
        self,
        current: Any,
        typed: dict[str, Any] | None = None,
        newer: dict[str, tuple[Any, Any]] | None = None,
        words: dict[str, Callable[[Any], str]] | None = None,
        version: int | None = None,
    ) -> None:
        self.version: int = current.version if version is None else version
        super().__init__(
            _("Since you opened this, it was changed. Nothing of yours was saved over it."),
            code="stale-version",
            unblock=_("Compare your text with the newer one, then save again."),
            state=str(self.version),
        )
        self.current = current
        self.typed = typed or {}
        self.newer = newer or {}
        self.words = words or {}
