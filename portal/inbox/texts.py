"""Words that are stored once and read by people of different languages: a message id and its parameters."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, gettext

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


class Text:
    """A sentence to translate when somebody reads it.

    Mark the message id for translation with gettext_noop; a parameter is a string, a number or another Text.
    """

    def __init__(self, msgid: str | Promise, **params: Any) -> None:
        self.msgid = source(msgid)
        self.params = {name: _stored(value) for name, value in params.items()}

    @classmethod
    def of(cls, words: Text | str | Promise) -> Text:
        """A Text as it is; lazy words by their message id; plain words, which nobody translates."""
        if isinstance(words, Text):
            return words
        if isinstance(words, Promise):
            return cls(words)
        return cls("%(words)s", words=words) if words else cls("")

    def __str__(self) -> str:
        return render(self.msgid, self.params)


def render(msgid: str, params: dict[str, Any]) -> str:
    """The words in the language that is active now; a parameter that is missing reads as an ellipsis."""
    if not msgid:
        return ""
    words = gettext(msgid)
    return words % _Read(params) if params else words


def source(words: str | Promise) -> str:
    """The message id of lazy words: what they read as where no language is active."""
    with translation.override(None):
        return str(words)


def _stored(value: Any) -> Any:
    if isinstance(value, Text):
        return {"msgid": value.msgid, "params": value.params}
    if isinstance(value, Promise):
        return {"msgid": source(value), "params": {}}
    return value if isinstance(value, int | float) else str(value)


class _Read(dict):
    """Parameters as a sentence names them; in right-to-left languages each name keeps its own direction."""

    def __getitem__(self, name: str) -> Any:
        value = self.get(name, "…")
        if isinstance(value, dict):
            value = render(value["msgid"], value["params"])
        if get_language_bidi() and isinstance(value, str):
            return f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}"
        return value
