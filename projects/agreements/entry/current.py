"""Where the rule of an agreement stands, read from its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from agencies.zones import today, zone
from projects.agreements.entry.answers import SIGNED
from projects.agreements.entry.evaluating import Standing, evaluate
from projects.agreements.entry.facts import SIGNATURE, Deed, Facts, PartyFacts
from projects.agreements.entry.grammar import parse
from projects.agreements.entry.joining import bound_days
from projects.agreements.entry.rules import Rule
from projects.agreements.entry.words import in_clause
from projects.agreements.models import Act, Agreement

KEPT = "_acts_under_its_text"


def rule_of(agreement: Agreement) -> Rule:
    """The stored rule; it was checked when it was saved."""
    return parse(agreement.entry_rule or SIGNED)


def facts_of(agreement: Agreement) -> Facts:
    """What the parties have done under the present text, and the day it is at the depositary."""
    seat = agreement.depositary.zone
    return Facts(parties_of(agreement), zone(seat), today(seat))


def parties_of(agreement: Agreement) -> tuple[PartyFacts, ...]:
    """Each party in its order, with its share and what it has done under the present text."""
    signatures = agreement.valid_signatures
    acts: dict[int, dict[str, Deed]] = {}
    for act in valid_acts(agreement):
        acts.setdefault(act.party_id, {})[act.kind] = Deed(act.recorded_at, str(act.event))
    return tuple(
        PartyFacts(
            ref=party.agency.ref,
            share=party.share,
            signed=Deed(row.counts_from, row.evidence_sha256) if (row := signatures.get(party.pk)) else None,
            acts=acts.get(party.pk, {}),
        )
        for party in agreement.party_list
    )


def with_deed(facts: Facts, ref: str, kind: str, deed: Deed) -> Facts:
    """The facts once a party has done this too."""

    def added(party: PartyFacts) -> PartyFacts:
        if party.ref != ref:
            return party
        return replace(party, signed=deed) if kind == SIGNATURE else replace(party, acts={**party.acts, kind: deed})

    return replace(facts, parties=tuple(added(party) for party in facts.parties))


def valid_acts(agreement: Agreement) -> list[Act]:
    """The acts under the present frozen text, read once; those under an earlier one do not count."""
    text, acts = agreement.__dict__.get(KEPT, (None, []))
    if text != agreement.text_id:
        has_acts = getattr(agreement, "has_acts", True)  # a page has read that along with the agreement
        acts = list(agreement.acts.filter(text=agreement.text_id).select_related("person")) if has_acts else []
        agreement.__dict__[KEPT] = (agreement.text_id, acts)
    return acts


def unconfirmed_of(agreement: Agreement) -> set[str]:
    """The parties, by reference, whose signature was made ad referendum and waits for its confirmation."""
    waiting = agreement.unconfirmed_signatures
    return {party.agency.ref for party in agreement.party_list if party.pk in waiting}


def standing_of(agreement: Agreement) -> Standing:
    """Where the rule stands now; while the text is open nothing that was done counts."""
    return evaluate(rule_of(agreement), facts_of(agreement))


def bound_on(agreement: Agreement, told: Facts) -> dict[str, date]:
    """From which day an agreement in force binds each party that has done its part, by reference."""
    assert agreement.in_force_on is not None
    return bound_days(rule_of(agreement), told, in_force_on=agreement.in_force_on)


def clause_words(agreement: Agreement) -> str:
    """The rule in English, as a clause says it of the instrument: “on the day on which …”."""
    return in_clause(rule_of(agreement), acronyms_of(agreement))


def acronyms_of(agreement: Agreement) -> dict[str, str]:
    """The acronym of each party by its reference."""
    return {party.agency.ref: party.agency.acronym for party in agreement.party_list}
