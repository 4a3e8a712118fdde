"""Is a rule of entry into force satisfied, since which day, by which evidence, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from projects.agreements.entry.facts import SIGNATURE, Deed, Facts
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

TIME, EITHER = "time", "either"
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Missing:
    """Something that is still to come.

    `kind` is `signature`, the kind of an act, `time` or `either`. For acts, `refs` are those who have not done it: each of
    them has to, or `count` of them, or as many as hold `percent` more. For time it is `until`; `either` is one of `choices`.
    """

    kind: str
    refs: tuple[str, ...] = ()
    count: int | None = None
    percent: Decimal | None = None
    until: date | None = None
    choices: tuple[tuple[Missing, ...], ...] = ()


@dataclass(frozen=True)
class Standing:
    """What a rule says now.

    `day` is the day of the last necessary act, or the day it waited for, where the rule is satisfied; `earliest` is that day
    where only time is missing. `complete_at` is the instant of the last necessary act, `evidence` the ids of the acts that
    count.
    """

    is_satisfied: bool
    missing: tuple[Missing, ...] = ()
    earliest: date | None = None
    day: date | None = None
    evidence: tuple[str, ...] = ()
    complete_at: datetime | None = None

    def is_missing(self, kind: str) -> bool:
        """Whether an act of this kind is among what is missing."""
        return any(_names(one, kind) for one in self.missing)


def evaluate(rule: Rule, facts: Facts) -> Standing:
    """Say where a rule stands. It never fixes the date: the depositary confirms it."""
    match rule:
        case AllSigned():
            return _counted(facts, SIGNATURE)
        case CountSigned(count, group):
            return _counted(facts, SIGNATURE, refs=group, count=count)
        case NamedSigned(refs):
            return _counted(facts, SIGNATURE, refs=refs)
        case Done(act, count, refs):
            return _counted(facts, act, refs=refs, count=count)
        case ShareSigned(least):
            return _weighed(facts, least)
        case OnDay(day):
            return _once(day, facts, Standing(True))
        case DaysAfter():
            return _later(rule, evaluate(AllSigned(), facts), facts)
        case PerParty():
            return Standing(True)
        case Every(parts):
            return _every(parts, facts)
        case Either(parts):
            return _either([evaluate(part, facts) for part in parts])


def basis(after: DaysAfter, beside: Sequence[Rule]) -> list[Rule]:
    """The conditions beside an “after” from which it counts; none where it counts from all signatures."""
    counted: list[Rule] = [part for part in beside if not isinstance(part, OnDay | DaysAfter | PerParty)]
    return counted if after.event == "last_act" else [part for part in counted if _is_about_signatures(part)]


def _counted(facts: Facts, kind: str, *, refs: tuple[str, ...] = (), count: int | None = None) -> Standing:
    """All of the parties (or of the named ones), or `count` of them, have done an act of this kind."""
    done = _deeds(facts, kind, refs)
    among = refs or tuple(party.ref for party in facts.parties)
    needed = max(1, len(among) if count is None else count)
    if len(done) >= needed:
        return _complete([deed for _ref, deed in done[:needed]], facts)
    silent = tuple(ref for ref in among if ref not in dict(done))
    missing = Missing(kind, silent, None if count is None else needed - len(done))
    return Standing(False, (missing,), evidence=tuple(deed.evidence for _ref, deed in done))


def _weighed(facts: Facts, least: Decimal) -> Standing:
    """The parties that signed first hold enough together."""
    shares = {party.ref: party.share or Decimal() for party in facts.parties}
    held, counted = Decimal(), []
    for ref, deed in _deeds(facts, SIGNATURE, ()):
        held += shares[ref]
        counted.append(deed)
        if held >= least:
            return _complete(counted, facts)
    silent = tuple(party.ref for party in facts.parties if party.signed is None and shares[party.ref])
    missing = Missing(SIGNATURE, silent, percent=least - held)
    return Standing(False, (missing,), evidence=tuple(deed.evidence for deed in counted))


def _deeds(facts: Facts, kind: str, refs: tuple[str, ...]) -> list[tuple[str, Deed]]:
    """Who has done it, the earliest first."""
    parties = [party for party in facts.parties if not refs or party.ref in refs]
    done = [(party.ref, deed) for party in parties if (deed := party.deed(kind)) is not None]
    return sorted(done, key=lambda one: (one[1].at, one[0]))


def _complete(deeds: list[Deed], facts: Facts) -> Standing:
    at = max(deed.at for deed in deeds)
    return Standing(True, day=facts.day_of(at), evidence=tuple(deed.evidence for deed in deeds), complete_at=at)


def _once(day: date, facts: Facts, met: Standing) -> Standing:
    """What is met already counts from a day on."""
    if facts.today >= day:
        return Standing(True, day=day, evidence=met.evidence, complete_at=met.complete_at)
    return Standing(False, (Missing(TIME, until=day),), day, evidence=met.evidence, complete_at=met.complete_at)


def _later(after: DaysAfter, start: Standing, facts: Facts) -> Standing:
    """So many days after what it starts from; that itself may still be missing, or wait for a day."""
    wait = timedelta(days=after.days)
    if start.day is not None:
        return _once(start.day + wait, facts, start)
    earliest = start.earliest + wait if start.earliest else None
    return Standing(False, start.missing, earliest, evidence=start.evidence)


def _every(parts: Sequence[Rule], facts: Facts) -> Standing:
    standings = []
    for part in parts:
        if isinstance(part, DaysAfter):
            start = basis(part, parts) or [AllSigned()]
            standings.append(_later(part, _together([evaluate(one, facts) for one in start]), facts))
        else:
            standings.append(evaluate(part, facts))
    return _together(standings)


def _together(standings: Sequence[Standing]) -> Standing:
    """All of them: the latest day of any."""
    evidence = _distinct(one.evidence for one in standings)
    instants = [one.complete_at for one in standings if one.complete_at is not None]
    complete_at = max(instants, default=None)
    days = [day for one in standings if (day := one.day or one.earliest) is not None]
    if all(one.is_satisfied for one in standings):
        return Standing(True, day=max(days, default=None), evidence=evidence, complete_at=complete_at)
    missing = _distinct(one.missing for one in standings)
    waits_only = all(one.is_satisfied or one.earliest is not None for one in standings)
    earliest = max(days) if waits_only else None
    return Standing(False, missing, earliest, evidence=evidence, complete_at=complete_at if waits_only else None)


def _either(standings: Sequence[Standing]) -> Standing:
    """One of them: the earliest that is satisfied."""
    satisfied = [one for one in standings if one.day is not None]
    if satisfied:
        return min(satisfied, key=lambda one: (one.day, one.complete_at or LONG_AGO))
    earliest = min((one.earliest for one in standings if one.earliest is not None), default=None)
    choices = tuple(one.missing for one in standings)
    missing = choices[0] if len(choices) == 1 else (Missing(EITHER, choices=choices),)
    return Standing(False, missing, earliest, evidence=_distinct(one.evidence for one in standings))


def _is_about_signatures(rule: Rule) -> bool:
    if isinstance(rule, Every | Either):
        return all(_is_about_signatures(part) for part in rule.parts)
    return isinstance(rule, AllSigned | CountSigned | NamedSigned | ShareSigned)


def _names(missing: Missing, kind: str) -> bool:
    return missing.kind == kind or any(_names(one, kind) for choice in missing.choices for one in choice)


def _distinct(rows: Iterable[Iterable[Any]]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(one for row in rows for one in row))
