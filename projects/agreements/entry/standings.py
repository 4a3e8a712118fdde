"""Entry into force as a page draws it: the rule in words, a row for each party, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.agreements.entry.current import acronyms_of, rule_of, unconfirmed_of, valid_acts
from projects.agreements.entry.evaluating import Standing
from projects.agreements.entry.joining import acts_asked_of
from projects.agreements.entry.missing import missing_in_words
from projects.agreements.entry.words import in_words, reader
from projects.agreements.models import ActKind, Agreement, Party

EVIDENCE_LENGTH = 8
# What heads a column, and stands beside a cell where columns are stacked.
LABELS = {
    ActKind.RATIFICATION: gettext_lazy("Ratification"),
    ActKind.COMPLETION: gettext_lazy("Procedures"),
    ActKind.NOTE: gettext_lazy("Note"),
}


@dataclass(frozen=True)
class Cell:
    """One act of one party: asked of it or not, done or not.

    `how` says of a signature what `at` is where that is not the signing; `name` who signed without an account. `waits_since`
    is when it was signed ad referendum, where nobody has confirmed that yet.
    """

    label: str
    is_asked: bool
    at: datetime | None = None
    done_on: date | None = None
    reference: str = ""
    words: str = ""
    person: Any = None
    name: str = ""
    how: str = ""
    evidence: str = ""
    waits_since: datetime | None = None


@dataclass(frozen=True)
class Row:
    """What one party has done; `share` in words, empty where none is recorded."""

    party: Party
    share: str
    cells: list[Cell]


def party_standings(agreement: Agreement, standing: Standing) -> dict[str, Any]:
    """What the page of entry into force shows, by name in its template."""
    rule = rule_of(agreement)
    names = acronyms_of(agreement)
    asked = {ref: acts_asked_of(rule, ref) for ref in names}
    kinds = [kind for kind in ActKind.values if any(kind in acts for acts in asked.values())]
    return {
        "rule": rule,
        "rule_words": in_words(rule, names),
        "standing": standing,
        "missing": missing_in_words(standing.missing, names, unconfirmed_of(agreement)),
        "columns": [_("Signature"), *(str(LABELS[ActKind(kind)]) for kind in kinds)],
        "rows": _rows(agreement, asked, kinds),
        "with_shares": any(party.share is not None for party in agreement.party_list),
    }


def _rows(agreement: Agreement, asked: dict[str, frozenset[str]], kinds: list[str]) -> list[Row]:
    acts = {(act.party_id, act.kind): act for act in valid_acts(agreement)}
    rows = []
    for party in agreement.party_list:
        signature = agreement.valid_signatures.get(party.pk)
        cells = [_signature(signature, agreement.unconfirmed_signatures.get(party.pk))]
        for kind in kinds:
            act = acts.get((party.pk, kind))
            label = str(LABELS[ActKind(kind)])
            if act is None:
                cells.append(Cell(label, kind in asked[party.agency.ref]))
            else:
                cells.append(
                    Cell(
                        label, True, act.recorded_at, act.done_on, act.reference, act.words, act.person,
                        evidence=str(act.event)[:EVIDENCE_LENGTH],
                    )
                )  # fmt: skip
        share = "" if party.share is None else reader({}).share(party.share)
        rows.append(Row(party, share, cells))
    return rows


def _signature(signature: Any, unconfirmed: Any) -> Cell:
    if signature is None and unconfirmed is not None:
        evidence = unconfirmed.evidence_sha256[:EVIDENCE_LENGTH]
        return Cell(
            _("Signature"), True, person=unconfirmed.person, evidence=evidence, waits_since=unconfirmed.signed_at
        )
    if signature is None:
        return Cell(_("Signature"), True)
    evidence = signature.evidence_sha256[:EVIDENCE_LENGTH]
    how = ""
    if signature.is_ad_referendum:
        how = _("ad referendum, confirmed")
    elif signature.person_id is None:
        how = _("made outside, accepted")
    name = signature.record["signatory"]["name"]
    return Cell(
        _("Signature"), True, signature.counts_from, person=signature.person, name=name, how=how, evidence=evidence
    )
