"""Refusing every document that two readers could read differently, or that would sign more than it shows."""

import re
from typing import Any

from .shapes import (
    FIRST,
    FORMAT,
    Alteration,
    Amended,
    Annex,
    ClauseEntry,
    Column,
    FirstDocument,
    FirstParty,
    PartyEntry,
    TextDocument,
    Translation,
    Within,
    Wording,
)

REF = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")
SHA256 = re.compile(r"[0-9a-f]{64}")
SAFE_INTEGER = 2**53 - 1
# A rule of entry into force is a small tree; whoever nests deeper writes for no reader.
DEPTH = 12
# SECURITY: NUL ends strings in other programs and a lone surrogate has no UTF-8: two readers, two texts.
UNSHARED = re.compile("[\x00\ud800-\udfff]")


def check(document: Any) -> None:
    """Raise ValueError unless the document has exactly the shape of its format."""
    is_first = isinstance(document, dict) and document.get("format") == FIRST
    check_keys(document, FirstDocument if is_first else TextDocument, "document")
    if document["format"] not in (FORMAT, FIRST):
        raise ValueError(f"format must be {FORMAT}.")
    for key in ("agreement", "kind", "title", "language"):
        check_string(document[key], key, empty=False)
    if not REF.fullmatch(document["agreement"]):
        raise ValueError("agreement must be a reference such as A-2026-0012.")
    check_integer(document["version"], "version", least=1)
    check_list(document["parties"], FirstParty if is_first else PartyEntry, "parties")
    check_list(document["annexes"], Annex, "annexes")
    check_values(document["profile"], "profile")
    for position, party in enumerate(document["parties"]):
        for key, value in party.items():
            check_string(value, f"parties[{position}].{key}", empty=key in ("native_name", "bound_as", "share"))
    check_clauses(document["clauses"], "clauses")
    for position, annex in enumerate(document["annexes"]):
        _check_annex(annex, f"annexes[{position}]")
    check_unique([party["ref"] for party in document["parties"]], "parties")
    check_unique([annex["letter"] for annex in document["annexes"]], "annexes")
    if not is_first:
        _check_languages(document)
        _check_tree(document)
        check_string(document["depositary"], "depositary", empty=False)
        if not isinstance(document["entry_rule"], dict):
            raise ValueError("entry_rule must be an object.")
        _check_rule(document["entry_rule"], "entry_rule")


def check_clauses(clauses: Any, where: str) -> None:
    """Raise ValueError unless these are clauses with their own codes, numbered 1, 2, 3."""
    check_list(clauses, ClauseEntry, where)
    for position, clause in enumerate(clauses):
        check_integer(clause["number"], f"{where}[{position}].number", least=1)
        for key in ("code", "heading", "text"):
            check_string(clause[key], f"{where}[{position}].{key}", empty=False)
    check_unique([clause["code"] for clause in clauses], where)
    if [clause["number"] for clause in clauses] != list(range(1, len(clauses) + 1)):
        raise ValueError(f"{where} must be numbered 1, 2, 3 in their order.")


def _check_languages(document: dict[str, Any]) -> None:
    languages = document["languages"]
    if not isinstance(languages, list) or not languages or languages[0] != document["language"]:
        raise ValueError("languages must be a list that begins with the language of the clauses.")
    for language in languages:
        check_string(language, "languages", empty=False)
    check_unique(languages, "languages")
    check_list(document["translations"], Translation, "translations")
    if [translation["language"] for translation in document["translations"]] != languages[1:]:
        raise ValueError("translations must give every further language once, in the order of languages.")
    codes = [clause["code"] for clause in document["clauses"]]
    for translation in document["translations"]:
        where = f"translations.{translation['language']}"
        check_string(translation["title"], f"{where}.title", empty=False)
        check_list(translation["clauses"], Wording, f"{where}.clauses")
        for wording in translation["clauses"]:
            for key, value in wording.items():
                check_string(value, f"{where}.{key}", empty=False)
        # A clause that one language has and another has not would bind some readers only.
        if [wording["code"] for wording in translation["clauses"]] != codes:
            raise ValueError(f"{where} must have exactly the clauses of the text, in their order.")


def _check_tree(document: dict[str, Any]) -> None:
    check_list(document["within"], Within, "within")
    check_list(document["amended"], Amended, "amended")
    if len(document["within"]) > 1 or len(document["amended"]) > 1:
        raise ValueError("within and amended have one entry or none.")
    for entry in document["within"]:
        for key, value in entry.items():
            check_string(value, f"within.{key}", empty=False)
        if not REF.fullmatch(entry["agreement"]) or not SHA256.fullmatch(entry["sha256"]):
            raise ValueError("within must give a reference and a SHA-256.")
        if entry["relation"] not in ("under", "amends", "accedes"):
            raise ValueError("within.relation must be under, amends or accedes.")
    amends = any(entry["relation"] == "amends" for entry in document["within"])
    if amends != bool(document["amended"]):
        raise ValueError("amended belongs to a text that amends another, and to no other.")
    for entry in document["amended"]:
        check_values(entry["profile"], "amended.profile")
        check_clauses(entry["clauses"], "amended.clauses")
        check_list(entry["alterations"], Alteration, "amended.alterations")
        for alteration in entry["alterations"]:
            check_integer(alteration["number"], "amended.alterations.number", least=0)
            for key in ("operation", "code", "heading", "text"):
                check_string(alteration[key], f"amended.alterations.{key}", empty=key in ("heading", "text"))


def _check_rule(rule: Any, where: str, depth: int = 0) -> None:
    if depth > DEPTH:
        raise ValueError(f"{where} is nested too deeply.")
    if isinstance(rule, dict):
        for key, value in rule.items():
            check_string(key, f"{where} key", empty=False)
            _check_rule(value, f"{where}.{key}", depth + 1)
    elif isinstance(rule, list):
        for value in rule:
            _check_rule(value, where, depth + 1)
    elif type(rule) is int:
        check_integer(rule, where, least=-SAFE_INTEGER)
    elif not isinstance(rule, bool):
        check_string(rule, where)


def _check_annex(annex: Any, where: str) -> None:
    for key in ("letter", "title"):
        check_string(annex[key], f"{where}.{key}", empty=False)
    check_list(annex["columns"], Column, f"{where}.columns")
    for column in annex["columns"]:
        check_string(column["key"], f"{where}.columns.key", empty=False)
        check_string(column["label"], f"{where}.columns.label")
    keys = [column["key"] for column in annex["columns"]]
    check_unique(keys, f"{where}.columns")
    if not isinstance(annex["rows"], list):
        raise ValueError(f"{where}.rows must be a list.")
    for row in annex["rows"]:
        check_values(row, f"{where}.rows")
        # A cell without a column would be signed without ever being printed.
        if set(row) != set(keys):
            raise ValueError(f"{where}.rows must have exactly the keys of its columns.")


def check_keys(value: Any, shape: Any, where: str) -> None:
    if not isinstance(value, dict) or set(value) != set(shape.__annotations__):
        raise ValueError(f"{where} must have exactly these keys: {', '.join(shape.__annotations__)}.")


def check_list(value: Any, shape: Any, where: str) -> None:
    if not isinstance(value, list):
        raise ValueError(f"{where} must be a list.")
    for position, entry in enumerate(value):
        check_keys(entry, shape, f"{where}[{position}]")


def check_values(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be an object.")
    for key, entry in value.items():
        check_string(key, f"{where} key", empty=False)
        if type(entry) is int:
            check_integer(entry, f"{where}.{key}", least=-SAFE_INTEGER)
        elif not isinstance(entry, bool):
            check_string(entry, f"{where}.{key}")


def check_integer(value: Any, where: str, least: int) -> None:
    if type(value) is not int or not least <= value <= SAFE_INTEGER:
        raise ValueError(f"{where} must be a whole number from {least} to {SAFE_INTEGER}.")


def check_string(value: Any, where: str, empty: bool = True) -> None:
    if not isinstance(value, str) or (not empty and not value.strip()):
        raise ValueError(f"{where} must be text{'' if empty else ' and not empty'}.")
    if UNSHARED.search(value):
        raise ValueError(f"{where} has a character that cannot be part of an agreed text.")


def check_unique(values: list[str], where: str) -> None:
    if len(set(values)) != len(values):
        raise ValueError(f"{where} must not repeat an entry.")
