"""The exact bytes of an agreed text: canonical JSON (RFC 8785) of a checked document, and its SHA-256."""

import hashlib
import json
from typing import Any

import rfc8785

from .checks import check
from .shapes import (
    FIRST,
    FORMAT,
    Alteration,
    Amended,
    Annex,
    ClauseEntry,
    Column,
    PartyEntry,
    TextDocument,
    Translation,
    Value,
    Within,
    Wording,
)

__all__ = [
    "FIRST",
    "FORMAT",
    "Alteration",
    "Amended",
    "Annex",
    "ClauseEntry",
    "Column",
    "PartyEntry",
    "TextDocument",
    "Translation",
    "Value",
    "Within",
    "Wording",
    "canonical_bytes",
    "read_canonical",
    "text_hash",
]


def canonical_bytes(document: TextDocument | dict[str, Any]) -> bytes:
    """Return the UTF-8 bytes of the document by RFC 8785; raises ValueError for any other shape.

    Strings are kept as agreed: not trimmed, not normalised, no line end changed.
    """
    check(document)
    return rfc8785.dumps(document)  # type: ignore[arg-type]  # the shape was checked above


def text_hash(document: TextDocument | dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical bytes in lowercase hexadecimal."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def read_canonical(stored: bytes) -> dict[str, Any]:
    """Read a document back, of this format or the first; raises ValueError unless `canonical_bytes` writes these bytes."""
    try:
        document = json.loads(stored.decode("utf-8"), parse_float=_refuse_number, parse_constant=_refuse_number)
    except RecursionError as error:
        raise ValueError("The document is nested too deeply.") from error
    if canonical_bytes(document) != stored:
        raise ValueError("These bytes are not in canonical form.")
    return document


def _refuse_number(written: str) -> None:
    raise ValueError(f"{written} is not a whole number.")
