"""From which day each party is bound: those that made the rule satisfied, and those that come later."""

from __future__ import annotations

from datetime import date, timedelta

from projects.agreements.entry.evaluating import evaluate
from projects.agreements.entry.facts import SIGNATURE, Facts
from projects.agreements.entry.rules import Done, Either, Every, PerParty, Rule, nodes


def bound_days(rule: Rule, facts: Facts, *, in_force_on: date) -> dict[str, date]:
    """The day from which each party is bound that has done what the rule asks of it; the others are not bound yet.

    Whoever comes after the last act that was necessary is bound the days of “per_party” after its own last act, never
    before the instrument is in force.
    """
    complete_at = evaluate(rule, facts).complete_at
    wait = timedelta(days=next((part.days for part in nodes(rule) if isinstance(part, PerParty)), 0))
    bound = {}
    for party in facts.parties:
        own = [party.deed(kind) for kind in asked_of(rule, party.ref)]
        if any(deed is None for deed in own):
            continue
        last = max(deed.at for deed in own if deed is not None)
        is_late = complete_at is not None and last > complete_at
        bound[party.ref] = max(in_force_on, facts.day_of(last) + wait) if is_late else in_force_on
    return bound


def asked_of(rule: Rule, ref: str) -> frozenset[str]:
    """The kinds of acts that the rule asks of one party, whichever way it is satisfied; always its signature."""
    return _asked(rule, ref) | {SIGNATURE}


def acts_asked_of(rule: Rule, ref: str) -> frozenset[str]:
    """The kinds of acts beside its signature by which one party can do something for the rule."""
    return frozenset(part.act for part in nodes(rule) if isinstance(part, Done) and (not part.refs or ref in part.refs))


def _asked(rule: Rule, ref: str) -> frozenset[str]:
    match rule:
        case Done(act, _count, refs):
            return frozenset({act}) if not refs or ref in refs else frozenset()
        case Every(parts):
            return frozenset().union(*(_asked(part, ref) for part in parts))
        case Either(parts):
            first, *others = [_asked(part, ref) for part in parts]
            return first.intersection(*others)
        case _:
            return frozenset()
