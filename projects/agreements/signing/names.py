"""Names of people, compared for who is meant: spelling, capitals, spaces and the order of given and family name aside."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from projects.agreements.models import ExternalSignature
from projects.agreements.signing.found import that_counts


def is_same_name(one: str, other: str) -> bool:
    """Whether two spellings name the same person: `TSUKINO, Hana` is `Hana Tsukino`; letters with and without accents differ."""
    return not _keys(one).isdisjoint(_keys(other))


def is_among(name: str, names: Iterable[str]) -> bool:
    return any(is_same_name(name, other) for other in names)


def other_name(row: ExternalSignature) -> str:
    """The name in the certificate that counts, where it is none of the names of whom the party says has signed; else empty."""
    told: Any = that_counts(row.findings)
    if told is None or is_among(told["name"], (row.signatory_name, row.signatory_native_name)):
        return ""
    return str(told["name"])


def _keys(name: str) -> set[str]:
    """The name run together as it is written, and with its parts in order of the alphabet; none for one without letters."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    parts = "".join(sign if _counts(sign) else " " for sign in plain).split()
    return {"".join(parts), "".join(sorted(parts))} - {""}


def _counts(sign: str) -> bool:
    """Letters, their marks and digits; commas, full stops, hyphens and apostrophes are written one way or another."""
    return unicodedata.category(sign)[0] in "LMN"
