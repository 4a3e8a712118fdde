"""The document of an agreement as it stands now: its clauses, its profile, its parties and the live records of its annexes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from agencies.models import InstrumentKind
from projects.agreements.annexes import background_annex, contacts_annex, results_annex
from projects.agreements.canonical import (
    FORMAT,
    Amended,
    Annex,
    ClauseEntry,
    TextDocument,
    Translation,
    Within,
    text_hash,
)
from projects.agreements.models import Agreement, Part, TextVersion
from projects.agreements.profile import QUESTIONS
from projects.ip.annex import annex_rows

RELATIONS = {InstrumentKind.AMENDMENT: "amends", InstrumentKind.ACCESSION: "accedes"}


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


def annexes_of(agreement: Agreement) -> list[Annex]:
    """The annexes of an IP-sharing agreement, from the live records of its project."""
    mode = str(agreement.profile.get("background_mode", "positive"))
    refs = party_refs(agreement)
    background = annex_rows(agreement.project, "background", parties=refs, excluded=mode == "negative")
    results = annex_rows(agreement.project, "result", parties=refs)
    return [
        background_annex(background, mode=mode),
        results_annex(results),
        contacts_annex(_contacts(agreement)),
    ]


def within(agreement: Agreement) -> list[Within]:
    """The instrument that this one stands under, amends or accedes to, by the hash of its text."""
    parent = agreement.parent
    if parent is None or parent.text is None:
        return []
    relation = RELATIONS.get(agreement.kind, "under")
    return [{"agreement": parent.ref, "title": parent.title, "sha256": parent.text.sha256, "relation": relation}]


def translated(agreement: Agreement) -> list[Translation]:
    return []


def amended(agreement: Agreement) -> list[Amended]:
    return []


def current_document(agreement: Agreement) -> dict[str, Any]:
    """The frozen document if there is one, else the draft."""
    return agreement.text.document if agreement.text else dict(draft_document(agreement))


def current_hash(agreement: Agreement) -> str:
    """The hash of the text as it stands: of the frozen text if there is one, else of the draft."""
    return agreement.text.sha256 if agreement.text else text_hash(draft_document(agreement))


def annex_tables(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The annexes as pages draw them, the profile last: everything that is hashed is shown."""
    tables = [
        {
            "letter": annex["letter"],
            "title": annex["title"],
            "labels": [column["label"] for column in annex["columns"]],
            "cells": [[row[column["key"]] for column in annex["columns"]] for row in annex["rows"]],
        }
        for annex in document["annexes"]
    ]
    answers = [
        [QUESTIONS[key].label, QUESTIONS[key].display(answer)] if key in QUESTIONS else [key, answer]
        for key, answer in sorted(document["profile"].items(), key=lambda entry: _chapter_order(entry[0]))
    ]
    profile = {
        "letter": "",
        "title": _("Profile of the agreement"),
        "labels": [_("Question"), _("Answer")],
        "cells": answers,
    }
    return [*tables, profile]


def _chapter_order(key: str) -> tuple[int, str]:
    """Where a question stands in the profile; what the library no longer asks comes last."""
    asked = list(QUESTIONS)
    return (asked.index(key) if key in asked else len(asked), key)


def next_number(agreement: Agreement) -> int:
    """The number that the next frozen text will have; a page has read the last one along with the agreement."""
    if hasattr(agreement, "last_text"):
        return (agreement.last_text or 0) + 1
    last = TextVersion.objects.filter(agreement=agreement).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def party_refs(agreement: Agreement) -> list[str]:
    return [party.agency.ref for party in agreement.party_list]


def _contacts(agreement: Agreement) -> list[dict[str, str]]:
    """The office of each party that receives notices: an office, not a person, because people move."""
    return [
        {
            "party": party.agency.acronym,
            "purpose": "Notices and requests",
            "name": f"Project manager, {party.agency_name}",
            "address": f"{party.agency.city}; through the portal, project {agreement.project.ref}",
        }
        for party in agreement.party_list
    ]
