"""The document of an agreement as it stands now: its clauses, its profile, its parties and the live records of its annexes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import translation

from agencies.models import InstrumentKind
from projects.agreements.canonical import (
    FORMAT,
    Amended,
    ClauseEntry,
    TextDocument,
    Within,
    text_hash,
)
from projects.agreements.consolidation import alterations, answered_otherwise, known_text_in_force
from projects.agreements.languages import translated
from projects.agreements.live_annexes import annexes_of
from projects.agreements.models import Agreement, Part, TextVersion

RELATIONS: Mapping[str, str] = {InstrumentKind.AMENDMENT: "amends", InstrumentKind.ACCESSION: "accedes"}


def draft_document(agreement: Agreement) -> TextDocument:
    """Build the document that freezing would freeze now; its hash is what a party agrees to."""
    return {
        "format": FORMAT,
        "agreement": agreement.ref,
        "kind": agreement.kind,
        "title": agreement.title,
        "version": next_number(agreement),
        "language": agreement.language,
        "languages": agreement.all_languages,
        "within": within(agreement),
        "parties": [
            {
                "ref": party.agency.ref,
                "legal_name": party.agency_name,
                "native_name": party.native_name,
                "role": "lead" if party.agency_id == agreement.project.lead_id else "partner",
                "bound_as": party.bound_as,
                "share": "" if party.share is None else f"{party.share.normalize():f}",
            }
            for party in agreement.party_list
        ],
        "depositary": agreement.depositary.ref,
        "entry_rule": agreement.entry_rule,
        "profile": dict(agreement.profile),
        "clauses": clause_entries(agreement, Part.OWN),
        "translations": translated(agreement),
        "amended": amended(agreement),
        "annexes": annexes_of(agreement),
    }


def clause_entries(agreement: Agreement, part: str) -> list[ClauseEntry]:
    return [
        {"number": clause.position, "code": clause.code, "heading": clause.heading, "text": clause.text}
        for clause in agreement.clauses.all()
        if clause.part == part
    ]


def within(agreement: Agreement) -> list[Within]:
    """The instrument that this one stands under, amends or accedes to, by the hash of the text that it starts from."""
    parent = agreement.parent
    if parent is None or parent.text is None:
        return []
    relation = RELATIONS.get(agreement.kind, "under")
    sha256 = agreement.base_sha256 if agreement.amends else known_text_in_force(parent).sha256
    return [{"agreement": parent.ref, "title": parent.title, "sha256": sha256, "relation": relation}]


def amended(agreement: Agreement) -> list[Amended]:
    """What an amendment changes in the text in force, and the whole text that results."""
    if not agreement.amends or agreement.parent is None:
        return []
    base = known_text_in_force(agreement.parent)
    clauses = clause_entries(agreement, Part.AMENDED)
    with translation.override("en"):
        answers = answered_otherwise(base.profile, agreement.amended_profile)
    return [
        {
            "alterations": [*alterations(base.entries, clauses), *answers],
            "profile": dict(agreement.amended_profile),
            "clauses": clauses,
        }
    ]


def current_document(agreement: Agreement) -> dict[str, Any]:
    """The frozen document if there is one, else the draft."""
    return agreement.text.document if agreement.text else dict(draft_document(agreement))


def current_hash(agreement: Agreement) -> str:
    """The hash of the text as it stands: of the frozen text if there is one, else of the draft."""
    return agreement.text.sha256 if agreement.text else text_hash(draft_document(agreement))


def next_number(agreement: Agreement) -> int:
    """The number that the next frozen text will have; a page has read the last one along with the agreement."""
    if hasattr(agreement, "last_text"):
        return (agreement.last_text or 0) + 1
    last = TextVersion.objects.filter(agreement=agreement).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
