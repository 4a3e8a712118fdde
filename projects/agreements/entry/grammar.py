"""How a rule of entry into force is read from JSON, and written back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from projects.agreements.entry.rules import (
    AllSigned,
    CountSigned,
    DaysAfter,
    Done,
    Either,
    Every,
    NamedSigned,
    OnDay,
    PerParty,
    Rule,
    ShareSigned,
)

MAX_DEPTH: Final = 8
MAX_NODES: Final = 50
MAX_DAYS: Final = 3650
MAX_REFS: Final = 100
MAX_TEXT: Final = 20_000
YEARS: Final = range(1957, 2200)
ACTS: Final = ("ratification", "completion", "note")
EVENTS: Final = ("last_signature", "last_act")
REF = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")
# Python reads weeks too, such as 2027-W01-1.
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass
class _Place:
    """Where the reader is: how deep, and how many parts it has read so far (one list for the whole rule)."""

    depth: int = 1
    parts: list[str] = field(default_factory=list)
    above: str = ""

    def inside(self, key: str) -> _Place:
        return _Place(self.depth + 1, self.parts, key)


def read(text: str) -> Rule:
    """Parse a rule that somebody typed as JSON; ValidationError says what is wrong with it."""
    if len(text) > MAX_TEXT:
        _refuse(_("A rule has at most 20,000 characters."))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        _refuse(_("This is not JSON."))
    return parse(value)


def parse(value: Any) -> Rule:
    """Read a rule from JSON values; ValidationError for anything that the grammar does not have."""
    return _part(value, _Place())


def to_json(rule: Rule) -> dict[str, Any]:
    """Write a rule as JSON values, without fractions, so that it can be hashed; `parse` gives it back."""
    match rule:
        case AllSigned():
            return {"all_signed": True}
        case CountSigned(count, group):
            return {"k_of_n": count} | ({"group": list(group)} if group else {})
        case NamedSigned(refs):
            return {"named": list(refs)}
        case ShareSigned(least):
            return {"weighted": {"min": int(least) if least == int(least) else format(least.normalize(), "f")}}
        case Done(act, count, refs):
            return {"act": act, "by": list(refs) or count or "all"}
        case OnDay(day):
            return {"on": day.isoformat()}
        case DaysAfter(event, days):
            return {"after": {"event": event, "days": days}}
        case PerParty(days):
            return {"per_party": {"days": days}}
        case Every(parts) | Either(parts):
            return {"and" if isinstance(rule, Every) else "or": [to_json(part) for part in parts]}


def _part(value: Any, place: _Place) -> Rule:
    place.parts.append("part")
    if place.depth > MAX_DEPTH or len(place.parts) > MAX_NODES:
        _refuse(_("A rule has at most 50 parts, at most 8 deep."))
    if not isinstance(value, dict):
        _refuse(_('A part of a rule is an object, such as {"all_signed": true}.'))
    found = READERS.keys() & value.keys()
    if len(found) != 1:
        _refuse(_("A part of a rule has exactly one of: %(names)s.") % {"names": ", ".join(READERS)})
    key = found.pop()
    _only(value, {key} | BESIDE.get(key, set()), key)
    return READERS[key](value, place)


def _true(value: Any, key: str, rule: Rule) -> Rule:
    if value is not True:
        _refuse(_("“%(key)s” is either true or left out.") % {"key": key})
    return rule


def _counted(value: dict[str, Any], place: _Place) -> Rule:
    group = _refs(value["group"], "group") if "group" in value else ()
    return CountSigned(_whole(value["k_of_n"], "k_of_n", 1, MAX_REFS), group)


def _weighted(value: dict[str, Any], place: _Place) -> Rule:
    inner = _members(value["weighted"], {"min"}, "weighted")
    return ShareSigned(_percent(inner["min"]))


def _done(value: dict[str, Any], place: _Place) -> Rule:
    act, by = _one_of(value["act"], "act", ACTS), value.get("by", "all")
    if by == "all":
        return Done(act)
    return Done(act, refs=_refs(by, "by")) if isinstance(by, list) else Done(act, count=_whole(by, "by", 1, MAX_REFS))


def _after(value: dict[str, Any], place: _Place) -> Rule:
    inner = _members(value["after"], {"event", "days"}, "after")
    return DaysAfter(_one_of(inner["event"], "event", EVENTS), _whole(inner["days"], "days", 0, MAX_DAYS))


def _per_party(value: dict[str, Any], place: _Place) -> Rule:
    if (place.depth, place.above) != (2, "and"):
        _refuse(_("“per_party” stands once, directly in the outermost “and”, beside a condition."))
    inner = _members(value["per_party"], {"days"}, "per_party")
    return PerParty(_whole(inner["days"], "days", 0, MAX_DAYS))


def _every(value: dict[str, Any], place: _Place) -> Rule:
    parts = _parts(value["and"], place.inside("and"))
    later = sum(isinstance(part, PerParty) for part in parts)
    if later > 1 or later == len(parts):
        _refuse(_("“per_party” stands once, directly in the outermost “and”, beside a condition."))
    return Every(parts)


def _parts(value: Any, place: _Place) -> tuple[Rule, ...]:
    if not isinstance(value, list) or not value:
        _refuse(_("“%(key)s” is a list with at least one part.") % {"key": place.above})
    return tuple(_part(part, place) for part in value)


def _members(value: Any, names: set[str], key: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not names <= value.keys():
        _refuse(_("“%(key)s” is an object with: %(names)s.") % {"key": key, "names": ", ".join(sorted(names))})
    _only(value, names, key)
    return value


def _only(value: dict[str, Any], names: set[str], key: str) -> None:
    if value.keys() - names:
        # The surplus names are not repeated: they may hold what no page can print.
        _refuse(_("Beside “%(key)s” stands a member that the grammar does not have.") % {"key": key})


def _one_of(value: Any, key: str, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in choices:
        _refuse(_("“%(key)s” is one of: %(choices)s.") % {"key": key, "choices": ", ".join(choices)})
    return value


def _whole(value: Any, key: str, least: int, most: int) -> int:
    # True is an int to Python, and would be read as one.
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        words = _("“%(key)s” is a whole number from %(least)s to %(most)s.")
        _refuse(words % {"key": key, "least": least, "most": most})
    return value


def _refs(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_REFS:
        _refuse(_("“%(key)s” is a list of references of parties.") % {"key": key})
    if not all(isinstance(ref, str) and REF.fullmatch(ref) for ref in value):
        _refuse(_('“%(key)s” names parties by reference, such as "JAXA".') % {"key": key})
    if len(set(value)) != len(value):
        _refuse(_("“%(key)s” names a party twice.") % {"key": key})
    return tuple(value)


def _percent(value: Any) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, int | str) and not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 < number <= 100 or number != round(number, 4):
        _refuse(_('“min” is a percentage above 0 up to 100: a whole number, or text such as "66.67".'))
    return number


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        _refuse(_('“on” is a day of the calendar, such as "2027-01-01".'))
    return day


def _refuse(words: str) -> NoReturn:
    raise ValidationError(words, code="rule")


READERS: Final[dict[str, Callable[[dict[str, Any], _Place], Rule]]] = {
    "all_signed": lambda value, place: _true(value["all_signed"], "all_signed", AllSigned()),
    "all_notified": lambda value, place: _true(value["all_notified"], "all_notified", Done("completion")),
    "k_of_n": _counted,
    "named": lambda value, place: NamedSigned(_refs(value["named"], "named")),
    "weighted": _weighted,
    "act": _done,
    "on": lambda value, place: OnDay(_day(value["on"])),
    "after": _after,
    "per_party": _per_party,
    "and": _every,
    "or": lambda value, place: Either(_parts(value["or"], place.inside("or"))),
}
BESIDE: Final = {"k_of_n": {"group"}, "act": {"by"}}
