"""Who hears of an event: functions called in the same transaction, right after the event is written."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model

from portal.kit.actors import Actor

if TYPE_CHECKING:
    from portal.history.models import Event

    Subscriber = Callable[[Event, Model, Actor], None]

Function = TypeVar("Function", bound="Callable[..., None]")

EVERYTHING = "*"
_subscribers: dict[str, list["Subscriber"]] = {}


def hears(*verbs: str) -> Callable[[Function], Function]:
    """Call the function with (event, target, actor) after each of these verbs; "*" hears everything.

    What it raises undoes the action, because both share one transaction.
    """
    if not verbs:
        raise ValueError("name at least one verb")

    def subscribe(function: Function) -> Function:
        for verb in verbs:
            _subscribers.setdefault(verb, []).append(function)
        return function

    return subscribe


def subscribers_of(verb: str) -> Iterator["Subscriber"]:
    """Those who named the verb, in the order in which they subscribed, then those who hear everything."""
    yield from _subscribers.get(verb, ())
    yield from _subscribers.get(EVERYTHING, ())


def heard_verbs() -> set[str]:
    """Every verb that somebody named."""
    return set(_subscribers) - {EVERYTHING}
