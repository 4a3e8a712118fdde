"""Whether a rule of entry into force can be satisfied by these parties at all, and binds at least two of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from projects.agreements.entry.evaluating import basis, evaluate
from projects.agreements.entry.facts import Deed, Facts, PartyFacts
from projects.agreements.entry.grammar import ACTS, YEARS
from projects.agreements.entry.rules import (
    CountSigned,
    DaysAfter,
    Done,
    Either,
    Every,
    NamedSigned,
    Rule,
    ShareSigned,
    nodes,
)

WHOLE = Decimal(100)
LAST_DAY = date(YEARS[-1] + 100, 12, 31)


def hindrances(rule: Rule, parties: Sequence[PartyFacts]) -> list[str]:
    """Why these parties can never satisfy a part of the rule, or why it would bind one of them alone; empty when it works."""
    found = [words for part in nodes(rule) for words in _part(part, parties)]
    found += [words for after, beside in _afters(rule, ()) for words in _after(after, beside)]
    if found:
        return list(dict.fromkeys(found))
    if not _is_satisfied_by(rule, parties, {party.ref for party in parties}):
        return [_("These parties can never satisfy this rule.")]
    if _is_satisfied_by(rule, parties, set()):
        return [_("Nobody would have to sign. Add a condition about signatures or other acts.")]
    if alone := [party.ref for party in parties if _is_satisfied_by(rule, parties, {party.ref})]:
        words = _(
            "%(names)s alone could bring it into force. An agreement binds at least two parties; add a condition."
        )
        return [words % {"names": ", ".join(alone)}]
    return []


def require_possible(rule: Rule, parties: Sequence[PartyFacts], *, field: str) -> None:
    """Raise ValidationError, keyed by the field, for a rule that these parties can never satisfy."""
    if found := hindrances(rule, parties):
        raise ValidationError({field: found})


def _part(rule: Rule, parties: Sequence[PartyFacts]) -> Iterator[str]:
    refs = {party.ref for party in parties}
    match rule:
        case CountSigned(count, group):
            yield from _strangers(group, refs)
            yield from _too_many(count, len(group) or len(parties))
        case NamedSigned(named):
            yield from _strangers(named, refs)
        case Done(_act, count, named):
            yield from _strangers(named, refs)
            yield from _too_many(count or 0, len(parties))
        case ShareSigned(least):
            yield from _shares(least, parties)


def _strangers(named: tuple[str, ...], refs: set[str]) -> Iterator[str]:
    if strangers := [ref for ref in named if ref not in refs]:
        yield _("Not a party: %(names)s.") % {"names": ", ".join(strangers)}


def _too_many(count: int, among: int) -> Iterator[str]:
    if count > among:
        yield _("The rule asks %(count)s parties, and there are only %(among)s.") % {"count": count, "among": among}


def _shares(least: Decimal, parties: Sequence[PartyFacts]) -> Iterator[str]:
    total = sum((party.share or Decimal() for party in parties), Decimal())
    if total > WHOLE:
        yield _("The shares of the parties come to %(total)s percent, more than the whole.") % {"total": f"{total:f}"}
    elif total < least:
        words = _("The shares of the parties come to %(total)s percent, and the rule asks for %(least)s.")
        yield words % {"total": f"{total:f}", "least": f"{least:f}"}


def _afters(rule: Rule, beside: Sequence[Rule]) -> Iterator[tuple[DaysAfter, Sequence[Rule]]]:
    """Every “after”, with the conditions that stand beside it."""
    if isinstance(rule, DaysAfter):
        yield rule, beside
    elif isinstance(rule, Every | Either):
        for part in rule.parts:
            yield from _afters(part, rule.parts if isinstance(rule, Every) else ())


def _after(after: DaysAfter, beside: Sequence[Rule]) -> Iterator[str]:
    if after.event == "last_act" and not basis(after, beside):
        yield _("“After the last act” needs a condition beside it, in the same “and”, that says which acts.")


def _is_satisfied_by(rule: Rule, parties: Sequence[PartyFacts], refs: set[str]) -> bool:
    """Whether it is satisfied, however long one waits, once these parties have done everything and the others nothing."""
    deed = Deed(datetime(YEARS[0], 1, 1, tzinfo=UTC))
    all_done = [
        replace(party, signed=deed, acts=dict.fromkeys(ACTS, deed)) if party.ref in refs else PartyFacts(party.ref, party.share)
        for party in parties
    ]  # fmt: skip
    return evaluate(rule, Facts(tuple(all_done), ZoneInfo("UTC"), LAST_DAY)).is_satisfied
