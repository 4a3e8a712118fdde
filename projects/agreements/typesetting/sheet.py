"""The data that the templates print: a document and its evidence in words, with every text made visible."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from portal.typesetting import visible

from ..paragraphs import paragraphs
from ..plain_words import as_of_today, name_of_depositary
from ..printed import NOTHING, PROFILE_NOTE, PROFILE_TITLE, Printed, Table, Text, Words, printed
from ..signing.levels import is_signed_outside_alone
from .evidence import Evidence
from .evidence_sheet import evidence_sheet, moment, primary
from .marker import mark
from .signature_sheet import Block, signature_sheet

NARROW = 14


def sheet(
    document: Mapping[str, Any],
    digest: str,
    frozen_at: datetime | None,
    evidence: Evidence | None,
    to_sign: Sequence[Block] = (),
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
            "lang": primary(told.language),
            "hash": digest,
            "frozen": moment(frozen_at) if frozen_at else "",
            "marker": mark(told.reference, told.version, digest) if frozen_at else "",
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
            "evidence": evidence_sheet(evidence, digest) if evidence else None,
            "signatures": _signatures(to_sign, told, digest, document) if to_sign else None,
        }


def _signatures(blocks: Sequence[Block], told: Printed, digest: str, document: Mapping[str, Any]) -> dict[str, Any]:
    depositary = visible(name_of_depositary(as_of_today(document)))
    return signature_sheet(blocks, told, digest, depositary, in_the_portal=not is_signed_outside_alone(document))


def _text(text: Text) -> dict[str, Any]:
    return {
        "lang": primary(text.language),
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


def _widths(labels: Sequence[str], rows: list[list[str]]) -> list[int]:
    # Width follows the amount of text, within a bound that keeps a long column from taking all.
    longest = [max([len(label), *(len(row[position]) for row in rows)]) for position, label in enumerate(labels)]
    # Zero means as wide as it is: a reference must not break.
    return [0 if length <= NARROW else min(36, length) for length in longest]


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"
