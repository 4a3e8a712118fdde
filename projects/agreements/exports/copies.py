"""A version of a text as a copy says it: the document, its hash, and where it comes from. In English, as the text is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import dateformat, translation

from projects.agreements.canonical import text_hash
from projects.agreements.models import Agreement
from projects.agreements.versions import Version, document_of

PREVAILS = "This is a copy to work with. The sealed PDF and the canonical text prevail."
OF_TODAY = "Parties, depositary, title and annexes are those of today."


@dataclass(frozen=True)
class Copy:
    """A document with what the head of a copy says about it; `author` and `at` are of whoever wrote the version."""

    document: Mapping[str, Any]
    sha256: str
    standing: str
    author: str
    at: datetime | None
    is_frozen: bool

    @property
    def name(self) -> str:
        """The name of a file without its ending."""
        return f"{self.document['agreement']}-{self.standing.split(',')[0].lower().replace(' ', '-')}"

    @property
    def notes(self) -> list[str]:
        return [PREVAILS] if self.is_frozen else [PREVAILS, f"Draft, not for signature. {OF_TODAY}"]


def copy_of(agreement: Agreement, version: Version) -> Copy:
    document = document_of(agreement, version)
    author = version.agency.acronym if version.agency else ""
    return Copy(document, text_hash(document), standing(version), author, version.at, version.is_frozen)


def standing(version: Version) -> str:
    """“Revision 3, written by JAXA on 3 November 2026”."""
    words = f"Version {version.number}, frozen" if version.is_frozen else f"Revision {version.number}, written"
    if version.agency is None or version.at is None:
        return words
    with translation.override("en"):
        return f"{words} by {version.agency.acronym} on {dateformat.format(version.at.astimezone(UTC), 'j F Y')}"
