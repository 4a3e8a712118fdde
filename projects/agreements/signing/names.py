"""Names of people, compared for who is meant: spelling, capitals, spaces and the order of given and family name aside."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from projects.agreements.models import ExternalSignature
from projects.agreements.signing.found import that_counts

LATIN = "LATIN"


def is_same_name(one: str, other: str) -> bool:
    """Whether two spellings name the same person: `TSUKINO, Hana` is `Hana Tsukino`; letters with and without accents differ."""
    return not _keys(one).isdisjoint(_keys(other))


def is_among(name: str, names: Iterable[str]) -> bool:
    return any(is_same_name(name, other) for other in names)


def other_name(row: ExternalSignature) -> str:
    """The name in the certificate that counts, where it is none of the names of whom the party says has signed; else empty."""
    told: Any = that_counts(row.findings)
    if told is None or is_among(told["name"], _names_of(row)):
        return ""
    return str(told["name"])


def _names_of(row: ExternalSignature) -> list[str]:
    """The name, and the native one where it is the same in another script.

    SECURITY: whoever hands in types both, and a second name in the same script would let a certificate name anybody.
    """
    name, native = row.signatory_name, row.signatory_native_name
    return [name, native] if _is_in_another_script(name, native) else [name]


def _is_in_another_script(one: str, other: str) -> bool:
    """Whether exactly one of the two is in Latin letters, and the other has none."""
    first, second = _scripts(one), _scripts(other)
    return bool(first and second) and (LATIN in first) != (LATIN in second) and first.isdisjoint(second)


def _scripts(name: str) -> set[str]:
    """The first words of what Unicode calls its letters: LATIN, CJK, HIRAGANA."""
    plain = unicodedata.normalize("NFKC", name)
    return {unicodedata.name(sign, "").partition(" ")[0] for sign in plain if unicodedata.category(sign)[0] == "L"}


def _keys(name: str) -> set[str]:
    """The name run together as it is written, and with its parts in order of the alphabet; none for one without letters."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    parts = "".join(sign if _counts(sign) else " " for sign in plain).split()
    return {"".join(parts), "".join(sorted(parts))} - {""}


def _counts(sign: str) -> bool:
    """Letters, their marks and digits; commas, full stops, hyphens and apostrophes are written one way or another."""
    return unicodedata.category(sign)[0] in "LMN"
