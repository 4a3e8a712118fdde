"""Names as they are written, found and sorted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from uuid import UUID


def plain(text: str) -> str:
    """Lower case without accents, so that `Español` is found and sorted as `espanol`."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold().strip()


def slug(acronym: str) -> str:
    """An acronym as the letters of a reference: `Roskosmos` is ROSKOSMOS; what has no Latin letters is ORG."""
    latin = re.sub(r"[^A-Z0-9]+", "-", plain(acronym).upper()).strip("-")
    return latin[:24].strip("-") if len(latin) > 1 else "ORG"


def initials(name: str) -> str:
    """The letters on a person's mark: first and last name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def names_of(uids: Iterable[UUID]) -> dict[UUID, str]:
    """The names behind the identifiers that events carry, in one query."""
    from agencies.models import Person

    return dict(Person.objects.filter(uid__in=set(uids)).values_list("uid", "name"))
