"""The data that the templates print: a document and its evidence in words, with every text made visible."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.utils import dateformat, translation

from portal.typesetting import visible

from ..canonical import Annex, TextDocument
from ..paragraphs import paragraphs
from ..profile import QUESTIONS
from .evidence import Evidence, SignatureEvidence

KINDS = {
    "memorandum": "Memorandum of understanding",
    "ip_sharing": "Agreement on the sharing of intellectual property",
    "implementing": "Implementing arrangement",
    "nda": "Non-disclosure agreement",
    "data_exchange": "Data exchange agreement",
    "joint_ownership": "Joint-ownership agreement",
    "amendment": "Amendment",
    "accession": "Accession",
}
ROLES = {"lead": "Lead", "partner": "Partner"}
LEVELS = {
    "simple": "Simple electronic signature",
    "advanced": "Advanced electronic signature",
    "qualified": "Qualified electronic signature",
}
EMPTY = "–"
NARROW = 14


def sheet(document: TextDocument, digest: str, frozen_at: datetime | None, evidence: Evidence | None) -> dict[str, Any]:
    """Return what the templates need, as plain JSON. The words around the text are English, as the text is."""
    with translation.override("en"):
        return {
            "reference": document["agreement"],
            "kind": visible(KINDS.get(document["kind"], document["kind"])),
            "title": visible(document["title"]),
            "running": _shortened(visible(document["title"])),
            "version": document["version"],
            "language": document["language"] if document["language"].isalpha() else "en",
            "hash": digest,
            "frozen": _moment(frozen_at) if frozen_at else "",
            "parties": [
                {key: visible(value) for key, value in party.items()}  # type: ignore[arg-type]
                | {"role": visible(ROLES.get(party["role"], party["role"]))}
                for party in document["parties"]
            ],
            "clauses": [
                {
                    "number": str(clause["number"]),
                    "heading": visible(clause["heading"]),
                    "paragraphs": [
                        {
                            "number": paragraph.number,
                            "text": visible(paragraph.text),
                            "items": [{"mark": item.mark, "text": visible(item.text)} for item in paragraph.items],
                        }
                        for paragraph in paragraphs(clause["number"], clause["text"])
                    ],
                }
                for clause in document["clauses"]
            ],
            "annexes": [_annex(annex) for annex in document["annexes"]],
            "profile": _profile(document["profile"]),
            "evidence": _evidence(evidence) if evidence else None,
        }


def _annex(annex: Annex) -> dict[str, Any]:
    keys = [column["key"] for column in annex["columns"]]
    rows = [[_cell(row[key]) for key in keys] for row in annex["rows"]]
    return {
        "letter": visible(annex["letter"]),
        "title": visible(annex["title"]),
        "columns": [visible(column["label"]) for column in annex["columns"]],
        "widths": _widths([column["label"] for column in annex["columns"]], rows),
        "rows": rows,
    }


def _cell(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return visible(str(value)) or EMPTY


def _widths(labels: list[str], rows: list[list[str]]) -> list[int]:
    # Width follows the amount of text, within a bound that keeps a long column from taking all.
    longest = [max([len(label), *(len(row[position]) for row in rows)]) for position, label in enumerate(labels)]
    # Zero means as wide as it is: a reference must not break.
    return [0 if length <= NARROW else min(36, length) for length in longest]


def _profile(answers: dict[str, Any]) -> list[list[str]]:
    known = [(key, QUESTIONS[key]) for key in QUESTIONS if key in answers]
    rows = [[str(asked.label), _answer(asked.display(answers[key]))] for key, asked in known]
    return rows + [[visible(key), _answer(str(answers[key]))] for key in sorted(set(answers) - set(QUESTIONS))]


def _answer(text: str) -> str:
    return visible(text) or EMPTY


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "url": visible(evidence["verify_url"]),
        "qr": segno.make(evidence["verify_url"], error="m").svg_inline(border=0, dark="#14202e", omitsize=True),
        "timestamp": visible(evidence.get("timestamp", "")),
        "portal_key": visible(evidence.get("portal_key", "")),
        # Printed once per wording, not once per signature.
        "consents": [
            {"version": visible(version), "text": visible(text)}
            for version, text in dict.fromkeys(
                (signature["consent_version"], signature["consent_text"]) for signature in evidence["signatures"]
            )
        ],
        "signatures": [_signature(signature) for signature in evidence["signatures"]],
    }


def _signature(signature: SignatureEvidence) -> dict[str, Any]:
    signed_at = datetime.fromisoformat(signature["signed_at"])
    words = {key: visible(str(value)) for key, value in signature.items()}
    return words | {
        "level": visible(LEVELS.get(signature["level"], signature["level"])),
        "mandate_from": visible(_day(signature["mandate_from"])),
        "mandate_until": visible(_day(signature["mandate_until"])),
        "signed_utc": _moment(signed_at),
        "signed_local": _moment(signed_at, ZoneInfo(signature["zone"])),
        # Ours and hexadecimal; the template groups it, so no places to break may be added.
        "evidence_hash": signature["evidence_hash"],
        "ledger_index": f"{signature['ledger_index']:,}".replace(",", "\u202f"),
    }


def _day(written: str) -> str:
    try:
        return dateformat.format(date.fromisoformat(written), "j F Y")
    except ValueError:
        return written


def _moment(moment: datetime, zone: ZoneInfo | None = None) -> str:
    local = moment.astimezone(zone or UTC)
    name = local.tzname() or ""
    # Zones without an abbreviation of their own are named by their offset only: "+04".
    return f"{dateformat.format(local, 'j F Y, H:i:s')} {name if name.isalpha() else f'UTC{name}'}"


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"
