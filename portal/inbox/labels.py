"""What an item asks for, in one word: the registry of its verbs, their icons and buttons, and where all of a verb are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Label:
    """The imperative of an item, its icon, and what its button says."""

    verb: str
    word: str | Promise
    icon: str
    button: str | Promise


@dataclass(frozen=True)
class Series:
    """The page on which items of one verb and one sort of record are done, one after another, and the words that lead there."""

    verb: str
    keys: str
    page: str
    words: Any

    @property
    def icon(self) -> str:
        return find(self.verb).icon


_labels: dict[str, Label] = {}
_series: list[Series] = []


def register(verb: str, word: str | Promise, *, icon: str, button: str | Promise | None = None) -> Label:
    """Declare a verb that items may ask for; ValueError when it is taken."""
    if verb in _labels:
        raise ValueError(f"the label {verb!r} is registered twice")
    return _labels.setdefault(verb, Label(verb, word, icon, button if button is not None else word))


def find(verb: str) -> Label:
    """The label of a verb, or LookupError."""
    try:
        return _labels[verb]
    except KeyError:
        raise LookupError(f"nothing in the inbox can ask to {verb!r}: register it in portal.inbox.labels") from None


def in_series(verb: str, keys: str, page: str, words: Any) -> None:
    """Declare where items of a verb whose keys begin so are done together: the name of a URL, `ngettext_lazy` over `count`."""
    _series.append(Series(verb, keys, page, words))


def series() -> tuple[Series, ...]:
    """Everything that can be done one after another."""
    return tuple(_series)


register("accept", _("Accept"), icon="check", button=_("Open"))
register("acknowledge", _("Acknowledge"), icon="flag", button=_("Read"))
register("agree", _("Agree"), icon="handshake", button=_("Read"))
register("answer", _("Answer"), icon="swap", button=_("Open"))
register("approve", _("Approve"), icon="check", button=_("Read"))
register("complete", _("Complete"), icon="pen", button=_("Open"))
register("confirm", _("Confirm"), icon="pen", button=_("Review"))
register("decide", _("Decide"), icon="shield")
register("join", _("Join"), icon="person-plus", button=_("Open"))
register("read", _("Read"), icon="eye")
register("review", _("Review"), icon="eye")
register("sign", _("Sign"), icon="pen")
register("verify", _("Verify"), icon="seal", button=_("Open"))
