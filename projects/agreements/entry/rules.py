"""The parts of a rule of entry into force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class AllSigned:
    """Every party has signed."""


@dataclass(frozen=True)
class CountSigned:
    """At least `count` of the parties, or of a group of them, have signed."""

    count: int
    group: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedSigned:
    """Each of the named parties has signed."""

    refs: tuple[str, ...]


@dataclass(frozen=True)
class ShareSigned:
    """The parties that have signed hold at least `least` percent together."""

    least: Decimal


@dataclass(frozen=True)
class Done:
    """All parties (neither count nor refs), at least `count` of them, or the named ones have done an act."""

    act: str
    count: int | None = None
    refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnDay:
    """Not before this day."""

    day: date


@dataclass(frozen=True)
class DaysAfter:
    """A number of days after the last signature, or the last act, that the conditions beside it in an `and` ask for.

    `last_signature` looks at those that are about signatures alone, and where there are none at the signatures of all;
    `last_act` looks at every condition beside it.
    """

    event: str
    days: int


@dataclass(frozen=True)
class PerParty:
    """A party that signs later is bound this number of days after its own signature; it asks for nothing."""

    days: int


@dataclass(frozen=True)
class Every:
    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Either:
    parts: tuple[Rule, ...]


Rule = AllSigned | CountSigned | NamedSigned | ShareSigned | Done | OnDay | DaysAfter | PerParty | Every | Either


def nodes(rule: Rule) -> Iterator[Rule]:
    """The rule and everything in it."""
    yield rule
    if isinstance(rule, Every | Either):
        for part in rule.parts:
            yield from nodes(part)
