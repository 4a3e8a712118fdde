"""A rule of entry into force in words: in English for the text that is signed, in the reader's language for pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext, gettext_noop, ngettext

from portal.kit.templatetags.kit import day_words
from projects.agreements.entry.evaluating import basis
from projects.agreements.entry.facts import SIGNATURE
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
    nodes,
)
from projects.agreements.profile.wording import number_in_words

# What a party has done, by act; and of these, who.
DEEDS = {
    SIGNATURE: gettext_noop("%(who)s have signed it"),
    "ratification": gettext_noop("%(who)s have notified their ratification, acceptance or approval"),
    "completion": gettext_noop("%(who)s have notified the completion of their internal procedures"),
    "note": gettext_noop("%(who)s have delivered their diplomatic notes"),
}
DEEDS_OF_ONE = {
    SIGNATURE: gettext_noop("%(who)s has signed it"),
    "ratification": gettext_noop("%(who)s has notified its ratification, acceptance or approval"),
    "completion": gettext_noop("%(who)s has notified the completion of its internal procedures"),
    "note": gettext_noop("%(who)s has delivered its diplomatic note"),
}
ALL = gettext_noop("all Parties")
AT_LEAST = gettext_noop("at least %(count)s of the Parties")
AT_LEAST_OF = gettext_noop("at least %(count)s of %(names)s")
WITH_SHARE = gettext_noop("Parties that together hold at least %(share)s of the shares")
DAY_HAS_COME = gettext_noop("%(day)s has come")
AFTER_ALL = gettext_noop("%(days)s have passed since the last of the signatures of all Parties")
AFTER_SIGNATURES = gettext_noop("%(days)s have passed since the last of these signatures")
AFTER_ACTS = gettext_noop("%(days)s have passed since the last of these acts")
AND = gettext_noop("%(first)s and %(last)s")
AND_ALSO = gettext_noop("%(first)s, and %(last)s")
OR = gettext_noop("%(first)s, or %(last)s")
EITHER_OF = gettext_noop("either %(choices)s")
ON_THE_DAY = gettext_noop("on the day on which %(condition)s")
ON_A_DAY = gettext_noop("on %(day)s")
DAYS_AFTER = gettext_noop("on the day that falls %(days)s after the day on which %(condition)s")
NOT_BEFORE = gettext_noop("%(entry)s, but not before %(day)s")
LATE = gettext_noop("%(entry)s; for a Party that signs later, %(days)s after its own signature")
LATE_AT_ONCE = gettext_noop("%(entry)s; for a Party that signs later, on the day of its own signature")

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Voice:
    """How words, numbers and days are said."""

    say: Callable[[str], str]
    number: Callable[[int], str]
    days: Callable[[int], str]
    day: Callable[[date], str]
    share: Callable[[Decimal], str]
    names: Mapping[str, str]

    def party(self, ref: str) -> str:
        return self.names.get(ref, ref)

    def fill(self, words: str, **parts: str) -> str:
        return self.say(words) % parts

    def listed(self, words: Sequence[str], joint: str = AND) -> str:
        """“A, B and C”."""
        if len(words) < 2:
            return "".join(words)
        return self.fill(joint, first=", ".join(words[:-1]), last=words[-1])


def in_clause(rule: Rule, names: Mapping[str, str]) -> str:
    """“on the day on which at least two (2) of the Parties have signed it”: English, for the text of a clause.

    `names` gives the name of a party in that text by its reference.
    """
    return _entry(rule, _legal(names))


def in_words(rule: Rule, names: Mapping[str, str]) -> str:
    """The same in the language of the reader."""
    return _entry(rule, reader(names))


def reader(names: Mapping[str, str]) -> Voice:
    def days(count: int) -> str:
        return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}

    return Voice(gettext, str, days, day_words, lambda share: f"{share.normalize():f}\N{NARROW NO-BREAK SPACE}%", names)


def _legal(names: Mapping[str, str]) -> Voice:
    def number(count: int) -> str:
        return f"{number_in_words(count)} ({count})"

    def share(percent: Decimal) -> str:
        return f"{number(int(percent))} percent" if percent == int(percent) else f"{percent.normalize():f} percent"

    return Voice(
        str,
        number,
        lambda count: f"{number(count)} day" if count == 1 else f"{number(count)} days",
        lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        share,
        names,
    )


def _entry(rule: Rule, voice: Voice) -> str:
    """When it enters into force: on the day on which …"""
    parts = list(rule.parts) if isinstance(rule, Every) else [rule]
    dates = [part.day for part in parts if isinstance(part, OnDay)]
    afters = [part for part in parts if isinstance(part, DaysAfter)]
    conditions: list[Rule] = [part for part in parts if not isinstance(part, OnDay | DaysAfter | PerParty)]
    entry = _counted_from(conditions, afters, voice)
    if entry and dates:
        entry = voice.fill(NOT_BEFORE, entry=entry, day=voice.day(max(dates)))
    elif dates:
        entry = voice.fill(ON_A_DAY, day=voice.day(max(dates)))
    later = next((part for part in nodes(rule) if isinstance(part, PerParty)), None)
    if later is None:
        return entry
    return (
        voice.fill(LATE, entry=entry, days=voice.days(later.days))
        if later.days
        else voice.fill(LATE_AT_ONCE, entry=entry)
    )


def _counted_from(conditions: list[Rule], afters: list[DaysAfter], voice: Voice) -> str:
    """The one “after” that counts from every condition is said first; others are conditions like any."""
    if len(afters) == 1 and basis(afters[0], conditions) == conditions:
        condition = _all_of(conditions or [AllSigned()], voice)
        return voice.fill(DAYS_AFTER, days=voice.days(afters[0].days), condition=condition)
    if not conditions and not afters:
        return ""
    return voice.fill(ON_THE_DAY, condition=_all_of([*conditions, *afters], voice))


def _all_of(parts: Sequence[Rule], voice: Voice) -> str:
    # A choice comes last, where no “and” of the others can be read as part of it.
    ordered = sorted(
        (part for part in parts if not isinstance(part, PerParty)), key=lambda part: isinstance(part, Either)
    )
    return voice.listed([_condition(part, voice, parts) for part in ordered], AND_ALSO)


def _condition(rule: Rule, voice: Voice, beside: Sequence[Rule] = ()) -> str:
    """What has to be the case: “all Parties have signed it”."""
    match rule:
        case AllSigned():
            return _done(SIGNATURE, voice.say(ALL), voice)
        case CountSigned(count, group):
            return _done(SIGNATURE, _at_least(count, group, voice), voice)
        case NamedSigned(refs):
            return _done(SIGNATURE, _named(refs, voice), voice, is_one=len(refs) == 1)
        case ShareSigned(least):
            return _done(SIGNATURE, voice.fill(WITH_SHARE, share=voice.share(least)), voice)
        case Done(act, count, refs):
            who = _named(refs, voice) if refs else _at_least(count, (), voice) if count else voice.say(ALL)
            return _done(act, who, voice, is_one=len(refs) == 1)
        case OnDay(day):
            return voice.fill(DAY_HAS_COME, day=voice.day(day))
        case DaysAfter(event, days):
            since = AFTER_ACTS if event == "last_act" else AFTER_SIGNATURES if basis(rule, beside) else AFTER_ALL
            return voice.fill(since, days=voice.days(days))
        case Every(parts):
            return _all_of(parts, voice)
        case Either(parts):
            numbered = [f"({number}) {_condition(part, voice)}" for number, part in enumerate(parts, start=1)]
            return (
                voice.fill(EITHER_OF, choices=voice.listed(numbered, OR)) if len(parts) > 1 else _all_of(parts, voice)
            )
    return ""


def _done(kind: str, who: str, voice: Voice, *, is_one: bool = False) -> str:
    return voice.fill((DEEDS_OF_ONE if is_one else DEEDS)[kind], who=who)


def _named(refs: Sequence[str], voice: Voice) -> str:
    return voice.listed([voice.party(ref) for ref in refs])


def _at_least(count: int, group: tuple[str, ...], voice: Voice) -> str:
    number = voice.number(count)
    return (
        voice.fill(AT_LEAST_OF, count=number, names=_named(group, voice))
        if group
        else voice.fill(AT_LEAST, count=number)
    )
