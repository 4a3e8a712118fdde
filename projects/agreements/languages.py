"""The authentic languages of a text: which can be chosen, what is translated, and what is missing or behind the words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from agencies.languages import direction_of, own_name_of, tag_of
from portal.kit.refusals import NotNow
from projects.agreements.canonical import Translation
from projects.agreements.fixed_words import WORDS
from projects.agreements.models import Agreement, Clause, ClauseTranslation, Part
from projects.agreements.paragraphs import paragraphs
from projects.agreements.profile.languages import languages_named

# What a text can be written in, each in its own words: a name that its readers recognise needs no translation.
LANGUAGES = {code: own_name_of(code) for code in WORDS}
# What stands in an open text where a translation is still to come; nobody can agree to a text in which it stands.
NOT_TRANSLATED = "[Not translated yet.]"
# So many are named in a refusal; the page of languages names all.
NAMED = 4


@dataclass(frozen=True)
class Language:
    """A language as a page needs it: its own name, and how its words run."""

    code: str

    @property
    def name(self) -> str:
        return own_name_of(self.code)

    @property
    def tag(self) -> str:
        """The tag of the `lang` attribute."""
        return tag_of(self.code)

    @property
    def direction(self) -> str:
        return direction_of(self.code)


@dataclass(frozen=True)
class Missing:
    """Words that an authentic language lacks: those of a clause, or of the title; or words made for an earlier wording."""

    language: str
    clause: Clause | None
    is_stale: bool


@dataclass(frozen=True)
class Rendering:
    """One clause in one language: what is written there, and whether it still follows the words it was made for."""

    clause: Clause
    language: str
    words: ClauseTranslation | None

    @property
    def name(self) -> str:
        return Language(self.language).name

    @property
    def edition(self) -> int:
        return edition(self.words.heading, self.words.text) if self.words else edition()

    @property
    def is_stale(self) -> bool:
        return self.words is not None and self.words.revision < self.clause.revision

    @property
    def state(self) -> str:
        if self.words is None:
            return "missing"
        return "stale" if self.is_stale else "done"


def edition(*words: str) -> int:
    """A number for the words that a translator saw; other words have another, so that nobody writes over words unseen."""
    digest = hashlib.sha256("\0".join(words).encode()).hexdigest()
    return int(digest[:7], 16) + 1


def further(agreement: Agreement) -> list[str]:
    """The authentic languages beside the one the text is written in."""
    return agreement.all_languages[1:]


def own_clauses(agreement: Agreement) -> list[Clause]:
    """The clauses that are translated: those of the instrument itself, never of the text that it amends."""
    return [clause for clause in agreement.clauses.all() if clause.part == Part.OWN]


def renderings(agreement: Agreement, language: str) -> list[Rendering]:
    """Every clause of the text in that language, in their order; one query, whatever the number of languages."""
    clauses = own_clauses(agreement)
    prefetch_related_objects(clauses, "translations")
    return [Rendering(clause, language, _words(clause, language)) for clause in clauses]


def missing_translations(agreement: Agreement) -> list[Missing]:
    """What is still to be translated, or translated again, before anybody can agree to the text."""
    return list(_missing(agreement))


def untranslated(agreement: Agreement) -> NotNow | None:
    """Why nobody can agree to the text yet, when an authentic language does not say what the text says."""
    if strangers := languages_named(str(agreement.profile.get("language", ""))) - set(agreement.all_languages):
        unknown = ", ".join(sorted(map(own_name_of, strangers)))
        return NotNow(
            _("The profile calls a text authentic that there is not: %(names)s.") % {"names": unknown},
            code="language-not-authentic",
            unblock=_("Choose the language under Languages, or answer otherwise which one prevails."),
            state=agreement.status,
        )
    missing = missing_translations(agreement)
    if not missing:
        return None
    names = [_named(entry) for entry in missing[:NAMED]]
    more = [_("%(count)s more") % {"count": len(missing) - NAMED}] if len(missing) > NAMED else []
    return NotNow(
        _("An authentic language lacks words: %(names)s.") % {"names": "; ".join([*names, *map(str, more)])},
        code="translation-missing",
        unblock=_("Complete the translations under Languages, or leave the language out."),
        state=agreement.status,
    )


def translated(agreement: Agreement) -> list[Translation]:
    """The text in each further language as the canonical document has it; what is missing is said in its place."""
    return [
        {
            "language": language,
            "title": agreement.titles.get(language) or NOT_TRANSLATED,
            "clauses": [
                {
                    "code": rendering.clause.code,
                    "heading": rendering.words.heading if rendering.words else rendering.clause.heading,
                    "text": rendering.words.text if rendering.words else NOT_TRANSLATED,
                }
                for rendering in renderings(agreement, language)
            ],
        }
        for language in further(agreement)
    ]


def readable(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The translations of a document as pages draw them, whichever format it has: everything that is hashed is shown."""
    numbers = {clause["code"]: clause["number"] for clause in document["clauses"]}
    return [
        {
            "language": Language(entry["language"]),
            "title": entry["title"],
            "clauses": [
                {
                    "number": numbers[wording["code"]],
                    "heading": wording["heading"],
                    "paragraphs": paragraphs(numbers[wording["code"]], wording["text"]),
                }
                for wording in entry["clauses"]
            ],
        }
        for entry in document.get("translations", ())
    ]


def _missing(agreement: Agreement) -> Iterator[Missing]:
    for language in further(agreement):
        if not agreement.titles.get(language):
            yield Missing(language, None, is_stale=False)
        for rendering in renderings(agreement, language):
            if rendering.state != "done":
                yield Missing(language, rendering.clause, rendering.is_stale)


def _named(missing: Missing) -> str:
    language = Language(missing.language).name
    if missing.clause is None:
        return str(_("%(language)s, the title") % {"language": language})
    words = (
        _("%(language)s, clause %(number)s") if not missing.is_stale else _("%(language)s, clause %(number)s, changed")
    )
    return str(words % {"language": language, "number": missing.clause.number})


def _words(clause: Clause, language: str) -> ClauseTranslation | None:
    return next((words for words in clause.translations.all() if words.language == language), None)
