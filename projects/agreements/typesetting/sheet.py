"""The data that the templates print: a document and its evidence in words, with every text made visible."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.utils import dateformat, translation

from portal.typesetting import visible

from ..paragraphs import paragraphs
from ..printed import NOTHING, PROFILE_NOTE, PROFILE_TITLE, Table, Text, Words, printed
from .evidence import Evidence, SignatureEvidence

LEVELS = {
    "simple": "Simple electronic signature",
    "advanced": "Advanced electronic signature",
    "qualified": "Qualified electronic signature",
}
NARROW = 14
LANG = re.compile(r"[a-z]{2,3}")


def sheet(
    document: Mapping[str, Any],
    digest: str,
    frozen_at: datetime | None,
    evidence: Evidence | None,
    *,
    columns: bool = True,
    note: str = "",
    revision: int | None = None,
) -> dict[str, Any]:
    """Return what the templates need, as plain JSON. The words around the text are English, as the text is."""
    told = printed(document)
    texts = [_text(text) for text in told.texts]
    with translation.override("en"):
        return {
            "reference": told.reference,
            "kind": visible(told.kind),
            "title": visible(told.title),
            "running": _shortened(visible(told.title)),
            "version": told.version,
            "lang": _lang(told.language),
            "hash": digest,
            "frozen": _moment(frozen_at) if frozen_at else "",
            "note": visible(note),
            "revision": "" if revision is None else str(revision),
            "parties": [{key: visible(value) for key, value in party.items()} for party in told.parties],
            "facts": _seen(told.facts),
            "texts": texts,
            "clauses": texts[0]["clauses"],
            "columns": columns and len(texts) == 2,
            "alterations": [
                {"words": visible(words), "paragraphs": _paragraphs("", text)} for words, text in told.alterations
            ],
            "resulting": [_clause(clause) for clause in told.resulting],
            "resulting_answers": _seen(told.resulting_answers),
            "annexes": [_annex(annex) for annex in told.annexes],
            "profile": _seen(told.answers),
            "profile_title": PROFILE_TITLE,
            "profile_note": PROFILE_NOTE,
            "nothing": NOTHING,
            "evidence": _evidence(evidence) if evidence else None,
        }


def _text(text: Text) -> dict[str, Any]:
    return {
        "lang": _lang(text.language),
        "direction": text.direction,
        "own_name": visible(text.own_name),
        "title": visible(text.title),
        "authentic": visible(text.authentic),
        "clauses": [_clause(clause) for clause in text.clauses],
    }


def _clause(clause: Words) -> dict[str, Any]:
    return {
        "number": str(clause.number),
        "heading": visible(clause.heading),
        "paragraphs": _paragraphs(clause.number, clause.text),
    }


def _paragraphs(number: int | str, text: str) -> list[dict[str, Any]]:
    return [
        {
            # A text that stands in no clause has paragraphs without numbers.
            "number": paragraph.number if number else "",
            "text": visible(paragraph.text),
            "items": [{"mark": item.mark, "text": visible(item.text)} for item in paragraph.items],
        }
        for paragraph in paragraphs(number, text)
    ]


def _annex(annex: Table) -> dict[str, Any]:
    rows = _seen(annex.rows)
    return {
        "letter": visible(annex.letter),
        "title": visible(annex.title),
        "columns": [visible(label) for label in annex.columns],
        "widths": _widths(annex.columns, rows),
        "rows": rows,
    }


def _seen(rows: Iterable[Iterable[str]]) -> list[list[str]]:
    return [[visible(cell) for cell in row] for row in rows]


def _lang(language: str) -> str:
    """A language as Typst takes it: two or three letters; English rules for what it could not read."""
    code = language.split("-")[0].lower()
    return code if LANG.fullmatch(code) else "en"


def _widths(labels: Sequence[str], rows: list[list[str]]) -> list[int]:
    # Width follows the amount of text, within a bound that keeps a long column from taking all.
    longest = [max([len(label), *(len(row[position]) for row in rows)]) for position, label in enumerate(labels)]
    # Zero means as wide as it is: a reference must not break.
    return [0 if length <= NARROW else min(36, length) for length in longest]


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
