"""Whose turn it is while a text is negotiated: which changes wait for a party, and whether it agrees to the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from projects.agreements.models import Agreement, Answer, Change, Decision, Party
from projects.agreements.negotiation import SHARED, must_answer
from projects.agreements.policies import AgreementPolicy


@dataclass(frozen=True)
class Turn:
    """Where one party stands: the open changes that wait for its answer, its agreement to the text, its approvals."""

    party: Party
    changes: list[Change]
    has_agreed: bool
    approvals: str


def turns(policy: AgreementPolicy) -> list[Turn]:
    """One for each party that is bound, in the order of the parties."""
    negotiation, sha256 = policy.negotiation, policy.current_hash
    return [
        Turn(
            party,
            [change for change in negotiation.changes if negotiation.waits_for(change, party)],
            party.agreed_sha256 == sha256,
            negotiation.approval_state(party.agency_id, sha256),
        )
        for party in policy.agreement.party_list
        if party.has_not_left
    ]


def words(policy: AgreementPolicy) -> str:
    """Whom a shared text waits for: who has not answered a change, then who has not agreed; parties alone are told."""
    agreement, negotiation = policy.agreement, policy.negotiation
    if policy.party is None:
        return ""
    if negotiation.changes:
        return round_words(
            agreement.round,
            [
                party.agency.acronym
                for party in agreement.party_list
                if any(negotiation.waits_for(change, party) for change in negotiation.changes)
            ],
        )
    if negotiation.brackets:
        placed = dict.fromkeys(bracket.agency.acronym for bracket in negotiation.brackets)
        return _("Words in brackets of %(names)s") % {"names": _listed(placed)}
    waiting = policy.not_agreed
    if not waiting:
        return _("Agreed by all; it can be frozen") if policy.refusal("freeze") is None else _("Agreed by all")
    return _("Revision %(revision)s waits for %(names)s") % {
        "revision": agreement.revision,
        "names": _listed(party.agency.acronym for party in waiting),
    }


def round_words(number: int, names: Iterable[str]) -> str:
    return _("Round %(number)s waits for %(names)s") % {"number": number, "names": _listed(names)}


def of_list(agreements: Iterable[Agreement]) -> dict[int, str]:
    """Whom each of many shared texts waits for, where a change is open: one query, whatever their number."""
    shared = {row.pk: row for row in agreements if row.status in SHARED}
    if not shared:
        return {}
    answers = Answer.objects.filter(change=OuterRef("pk")).values("agency_id")
    opened = Change.objects.filter(agreement__in=shared, status=Decision.OPEN).annotate(given_by=ArraySubquery(answers))
    said: dict[int, dict[str, Any]] = {}
    for agreement_id, proposer, given in opened.values_list("agreement_id", "agency_id", "given_by"):
        for party in shared[agreement_id].party_list:
            if must_answer(party, proposer, given):
                said.setdefault(agreement_id, {})[party.agency.acronym] = None
    return {pk: round_words(shared[pk].round, names) for pk, names in said.items()}


def _listed(names: Iterable[str]) -> str:
    return get_text_list(list(names), _("and"))
