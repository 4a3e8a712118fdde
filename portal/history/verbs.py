"""The registry of what can happen: each verb with the words and the icon it is shown by."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


class UnknownVerb(LookupError):
    """Raised when something is recorded that no app has registered."""


@dataclass(frozen=True)
class Verb:
    """`text` may use %(target)s, %(scope)s, %(person)s, %(agency)s and the event's facts by name.

    A text that names %(person)s or %(agency)s is a whole sentence; any other continues after who did it. `by_facts` may
    choose another text for the facts of an event; None means the usual one.
    """

    name: str
    text: str | Promise
    icon: str
    by_facts: Callable[[dict[str, Any]], str | Promise | None] | None = None

    def of(self, facts: dict[str, Any]) -> "Verb":
        """The same verb in the words for these facts."""
        text = self.by_facts(facts) if self.by_facts else None
        return self if text is None else Verb(self.name, text, self.icon)

    @property
    def is_sentence(self) -> bool:
        text = str(self.text)
        return "%(person)s" in text or "%(agency)s" in text


_verbs: dict[str, Verb] = {}


def register(
    name: str,
    text: str | Promise,
    *,
    icon: str = "ring",
    by_facts: Callable[[dict[str, Any]], str | Promise | None] | None = None,
) -> Verb:
    """Declare a past-tense verb, `noun.verbed`; ValueError when the name is malformed or taken."""
    if not NAME.fullmatch(name):
        raise ValueError(f"a verb is named noun.verbed in lower case: {name!r}")
    if name in _verbs:
        raise ValueError(f"the verb {name!r} is registered twice")
    return _verbs.setdefault(name, Verb(name, text, icon, by_facts))


def find(name: str) -> Verb:
    """The registered verb, or UnknownVerb."""
    try:
        return _verbs[name]
    except KeyError:
        raise UnknownVerb(
            f"{name!r} is not a registered verb: register it in the notifications.py of its app"
        ) from None


def registered() -> list[Verb]:
    """Every verb, by name."""
    return sorted(_verbs.values(), key=lambda verb: verb.name)
