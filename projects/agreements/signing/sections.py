"""The sections of a frozen text that a signatory acknowledges one by one; together they are the whole of what is hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from agencies.languages import english_name_of

APART = ("translations", "annexes", "profile")


@dataclass(frozen=True)
class Section:
    """A part of a text, with the SHA-256 of its canonical JSON (RFC 8785)."""

    key: str
    title: str
    sha256: str

    def as_read(self) -> dict[str, str]:
        """As the evidence records it."""
        return {"key": self.key, "title": self.title, "sha256": self.sha256}


def sections(document: Mapping[str, Any]) -> list[Section]:
    """The text, each further authentic language, each annex and the profile of a document of any format.

    `text` is everything that is in no other section: title, parties, clauses, the rule of entry into force, what is amended.
    """
    return [
        _section("text", document["title"], {key: value for key, value in document.items() if key not in APART}),
        *(
            _section(f"text-{row['language']}", f"{row['title']} ({english_name_of(row['language'])})", row)
            for row in document.get("translations", [])
        ),
        *(
            _section(f"annex-{annex['letter']}", f"Annex {annex['letter']}: {annex['title']}", annex)
            for annex in document["annexes"]
        ),
        _section("profile", "Profile of the agreement", document["profile"]),
    ]


def _section(key: str, title: str, part: Any) -> Section:
    return Section(key, title, hashlib.sha256(rfc8785.dumps(part)).hexdigest())
