"""The sentence a signatory confirms: versioned, in the language they choose, kept word for word in the evidence."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies import languages
from agencies.models import Mandate, Person
from projects.agreements.models import Agreement, Party

# A new wording gets a new version; an old one is never edited, because signatures refer to it.
VERSION = "2"
# Whoever signs ad referendum intends to bind nobody yet, and confirms a sentence of its own.
AD_REFERENDUM = "2-ad-referendum"
DEFAULT = "en"
SOURCE = Path(__file__).with_name("wordings.json")


@cache
def wordings() -> dict[str, dict[str, str]]:
    """Every wording there ever was, by version and language."""
    found: dict[str, dict[str, str]] = json.loads(SOURCE.read_text(encoding="utf-8"))
    return found


def version_for(*, ad_referendum: bool) -> str:
    """Which of today's sentences is confirmed."""
    return AD_REFERENDUM if ad_referendum else VERSION


def offered() -> list[tuple[str, str]]:
    """The languages of today's version, each by its own name."""
    return [(code, languages.own_name_of(code)) for code in wordings()[VERSION]]


def language_for(asked: str | None) -> str:
    """The language that was asked for if there is a wording in it, else the one the reader's page is in, else English."""
    known = wordings()[VERSION]
    return next((code for code in (asked, get_language()) if code in known), DEFAULT)  # type: ignore[misc]


def wording(
    agreement: Agreement, party: Party, mandate: Mandate, language: str = DEFAULT, *, ad_referendum: bool = False
) -> dict[str, str]:
    """The sentence of today, filled for one signature, as the record has it: `version`, `language` and `wording`.

    Raises ValidationError for a language it is not written in.
    """
    assert agreement.text is not None
    version = version_for(ad_referendum=ad_referendum)
    sentence = wordings()[version].get(language)
    if sentence is None:
        raise ValidationError({"language": [_("The sentence is not written in this language.")]})
    filled = sentence % {
        "text": agreement.text.number,
        "ref": agreement.ref,
        "agency": party.agency_name,
        "mandate": mandate.ref,
    }
    return {"version": version, "language": language, "wording": filled}


def is_name_of(typed: str, person: Person) -> bool:
    """Whether somebody typed their name, in Latin or in native script; capitals and spaces do not matter."""
    return bool(_folded(typed)) and _folded(typed) in {_folded(person.name), _folded(person.native_name)}


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
