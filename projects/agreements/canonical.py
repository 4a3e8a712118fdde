"""The exact bytes of an agreed text: canonical JSON (RFC 8785) of a checked document, and its SHA-256."""

import hashlib
import json
import re
from typing import Any, TypedDict

import rfc8785

FORMAT = "concord/text-version/1"
REF = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")
SAFE_INTEGER = 2**53 - 1
# SECURITY: NUL ends strings in other programs and a lone surrogate has no UTF-8: two readers, two texts.
UNSHARED = re.compile("[\x00\ud800-\udfff]")

Value = str | int | bool


class PartyEntry(TypedDict):
    """A party as it was named when the text was frozen."""

    ref: str
    legal_name: str
    native_name: str
    role: str


class ClauseEntry(TypedDict):
    """A clause with its final text."""

    number: int
    code: str
    heading: str
    text: str


class Column(TypedDict):
    """A column of an annex: the key in its rows and the printed label."""

    key: str
    label: str


class Annex(TypedDict):
    """A table that belongs to the text."""

    letter: str
    title: str
    columns: list[Column]
    rows: list[dict[str, Value]]


class TextDocument(TypedDict):
    """Everything the parties agree to; nothing else is hashed, nothing of it is left out."""

    format: str
    agreement: str
    kind: str
    title: str
    version: int
    language: str
    parties: list[PartyEntry]
    profile: dict[str, Value]
    clauses: list[ClauseEntry]
    annexes: list[Annex]


def canonical_bytes(document: TextDocument | dict[str, Any]) -> bytes:
    """Return the UTF-8 bytes of the document by RFC 8785; raises ValueError for any other shape.

    Strings are kept as agreed: not trimmed, not normalised, no line end changed.
    """
    _check_document(document)
    return rfc8785.dumps(document)  # type: ignore[arg-type]  # the shape was checked above


def text_hash(document: TextDocument | dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical bytes in lowercase hexadecimal."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def read_canonical(stored: bytes) -> TextDocument:
    """Read a document back; raises ValueError unless these are exactly the bytes `canonical_bytes` writes."""
    try:
        document = json.loads(stored.decode("utf-8"), parse_float=_refuse_number, parse_constant=_refuse_number)
    except RecursionError as error:
        raise ValueError("The document is nested too deeply.") from error
    if canonical_bytes(document) != stored:
        raise ValueError("These bytes are not in canonical form.")
    return document


def _check_document(document: Any) -> None:
    _check_keys(document, TextDocument, "document")
    if document["format"] != FORMAT:
        raise ValueError(f"format must be {FORMAT}.")
    for key in ("agreement", "kind", "title", "language"):
        _check_string(document[key], key, empty=False)
    if not REF.fullmatch(document["agreement"]):
        raise ValueError("agreement must be a reference such as A-2026-0012.")
    _check_integer(document["version"], "version", least=1)
    _check_list(document["parties"], PartyEntry, "parties")
    _check_list(document["clauses"], ClauseEntry, "clauses")
    _check_list(document["annexes"], Annex, "annexes")
    _check_values(document["profile"], "profile")
    for position, party in enumerate(document["parties"]):
        for key in PartyEntry.__annotations__:
            _check_string(party[key], f"parties[{position}].{key}", empty=key == "native_name")
    for position, clause in enumerate(document["clauses"]):
        _check_integer(clause["number"], f"clauses[{position}].number", least=1)
        for key in ("code", "heading", "text"):
            _check_string(clause[key], f"clauses[{position}].{key}", empty=False)
    for position, annex in enumerate(document["annexes"]):
        _check_annex(annex, f"annexes[{position}]")
    _check_unique([party["ref"] for party in document["parties"]], "parties")
    _check_unique([clause["code"] for clause in document["clauses"]], "clauses")
    _check_unique([annex["letter"] for annex in document["annexes"]], "annexes")
    if [clause["number"] for clause in document["clauses"]] != list(range(1, len(document["clauses"]) + 1)):
        raise ValueError("clauses must be numbered 1, 2, 3 in their order.")


def _check_annex(annex: Any, where: str) -> None:
    for key in ("letter", "title"):
        _check_string(annex[key], f"{where}.{key}", empty=False)
    _check_list(annex["columns"], Column, f"{where}.columns")
    for column in annex["columns"]:
        _check_string(column["key"], f"{where}.columns.key", empty=False)
        _check_string(column["label"], f"{where}.columns.label")
    keys = [column["key"] for column in annex["columns"]]
    _check_unique(keys, f"{where}.columns")
    if not isinstance(annex["rows"], list):
        raise ValueError(f"{where}.rows must be a list.")
    for row in annex["rows"]:
        _check_values(row, f"{where}.rows")
        # A cell without a column would be signed without ever being printed.
        if set(row) != set(keys):
            raise ValueError(f"{where}.rows must have exactly the keys of its columns.")


def _check_keys(value: Any, shape: Any, where: str) -> None:
    if not isinstance(value, dict) or set(value) != set(shape.__annotations__):
        raise ValueError(f"{where} must have exactly these keys: {', '.join(shape.__annotations__)}.")


def _check_list(value: Any, shape: Any, where: str) -> None:
    if not isinstance(value, list):
        raise ValueError(f"{where} must be a list.")
    for position, entry in enumerate(value):
        _check_keys(entry, shape, f"{where}[{position}]")


def _check_values(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be an object.")
    for key, entry in value.items():
        _check_string(key, f"{where} key", empty=False)
        if type(entry) is int:
            _check_integer(entry, f"{where}.{key}", least=-SAFE_INTEGER)
        elif not isinstance(entry, bool):
            _check_string(entry, f"{where}.{key}")


def _check_integer(value: Any, where: str, least: int) -> None:
    if type(value) is not int or not least <= value <= SAFE_INTEGER:
        raise ValueError(f"{where} must be a whole number from {least} to {SAFE_INTEGER}.")


def _check_string(value: Any, where: str, empty: bool = True) -> None:
    if not isinstance(value, str) or (not empty and not value.strip()):
        raise ValueError(f"{where} must be text{'' if empty else ' and not empty'}.")
    if UNSHARED.search(value):
        raise ValueError(f"{where} has a character that cannot be part of an agreed text.")


def _check_unique(values: list[str], where: str) -> None:
    if len(set(values)) != len(values):
        raise ValueError(f"{where} must not repeat an entry.")


def _refuse_number(written: str) -> None:
    raise ValueError(f"{written} is not a whole number.")
