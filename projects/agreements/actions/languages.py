"""The authentic languages of a text: choosing them, and giving the title and the clauses their words in each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from portal.kit.refusals import Stale
from projects.agreements.actions.beginning import checked_title
from projects.agreements.actions.locking import audience, lock
from projects.agreements.drafts import checked_heading, checked_text
from projects.agreements.languages import LANGUAGES, edition, own_clauses
from projects.agreements.models import Agreement, Clause, ClauseTranslation
from projects.agreements.profile.assembly import PLACEHOLDER


@transaction.atomic
def set_languages(
    agreement: Agreement, *, actor: Actor, languages: Sequence[str], version: int | None = None
) -> Agreement:
    """Make the text authentic in these languages beside its own; words of a language that is left out are kept."""
    agreement, _policy = lock(agreement, "set_languages", actor)
    require_version(agreement, version)
    chosen = checked_languages(agreement.language, languages)
    if chosen == agreement.languages:
        return agreement
    agreement.languages = chosen
    agreement.bump().save()
    record(
        "agreement.languages_set", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"languages": agreement.all_languages},
    )  # fmt: skip
    return agreement


@transaction.atomic
def translate_clause(
    agreement: Agreement, code: str, *, actor: Actor, language: str, heading: str, text: str,
    version: int | None = None, seen: int | None = None, revision: int | None = None,
) -> Agreement:  # fmt: skip
    """Give a clause its words in a further authentic language, made for its wording of now.

    `seen` is the edition of the translation that was open to be changed, so that two translators of different clauses
    do not stop each other. `revision` is that of the wording the translator read: words made for an older one are
    kept, and stale from the start.
    """
    agreement, _policy = lock(agreement, "translate_clause", actor)
    _require_language(agreement, language)
    clause = _own_clause(agreement, code)
    stored = ClauseTranslation.objects.filter(clause=clause, language=language).first()
    words = (stored.heading, stored.text) if stored else ()
    heading_now, text_now = words or ("", "")
    newer = {"heading": (_("Heading"), heading_now), "text": (_("Words"), text_now)}
    _require_seen(agreement, version, seen, words, {"heading": heading, "text": text}, newer)
    heading, text = checked_heading(heading), _checked_words(text)
    made_for = clause.revision if revision is None else min(revision, clause.revision)
    if stored is not None and (stored.heading, stored.text, stored.revision) == (heading, text, made_for):
        return agreement
    ClauseTranslation.objects.update_or_create(
        clause=clause, language=language,
        defaults={
            "heading": heading, "text": text, "revision": made_for, "agency": actor.agency, "person": actor.person,
        },
    )  # fmt: skip
    agreement.bump().save()
    record(
        "agreement.clause_translated", agreement, actor=actor, agencies=audience(agreement),
        scope=agreement.project.ref,
        facts={"clause": code, "language": language, "sha256": hashlib.sha256(text.encode()).hexdigest()},
    )  # fmt: skip
    return _read_again(agreement)


@transaction.atomic
def translate_title(
    agreement: Agreement, *, actor: Actor, language: str, title: str,
    version: int | None = None, seen: int | None = None,
) -> Agreement:  # fmt: skip
    """Give the agreement its title in a further authentic language."""
    agreement, _policy = lock(agreement, "translate_clause", actor)
    _require_language(agreement, language)
    stored = agreement.titles.get(language, "")
    newer = {"title": (_("Title"), stored)}
    _require_seen(agreement, version, seen, (stored,), {"title": title}, newer)
    title = checked_title(title)
    if stored == title:
        return agreement
    agreement.titles = {**agreement.titles, language: title}
    agreement.bump().save()
    record(
        "agreement.title_translated", agreement, actor=actor, agencies=audience(agreement),
        scope=agreement.project.ref,
        facts={"language": language, "sha256": hashlib.sha256(title.encode()).hexdigest()},
    )  # fmt: skip
    return agreement


def checked_languages(written_in: str, languages: Sequence[str]) -> list[str]:
    """Further languages as they are kept, in the order of the list that is offered; ValidationError for one that is not."""
    unknown = [code for code in languages if code not in LANGUAGES]
    if unknown:
        raise ValidationError({"languages": [_("Choose among the languages that are offered.")]})
    return [code for code in LANGUAGES if code in languages and code != written_in]


def _require_seen(
    agreement: Agreement, version: int | None, seen: int | None, stored: Sequence[str],
    typed: dict[str, Any], newer: dict[str, tuple[Any, Any]],
) -> None:  # fmt: skip
    """Raise Stale unless the record, or these words of it, are what the translator saw."""
    require_version(agreement, version, typed=typed, newer=newer)
    if seen is not None and seen != edition(*stored):
        raise Stale(agreement, typed, newer, version=edition(*stored))


def _require_language(agreement: Agreement, language: str) -> None:
    if language not in agreement.languages:
        raise ValidationError({"language": [_("The text is not authentic in this language.")]})


def _own_clause(agreement: Agreement, code: str) -> Clause:
    clause = next((clause for clause in own_clauses(agreement) if clause.code == code), None)
    if clause is None:
        raise ValidationError({"code": [_("This agreement has no such clause.")]})
    return clause


def _checked_words(text: str) -> str:
    text = checked_text(text)
    if PLACEHOLDER.search(text):
        raise ValidationError({"text": [_("Write the words as they stand: braces are not filled in a translation.")]})
    return text


def _read_again(agreement: Agreement) -> Agreement:
    """What was read before the words were written is not what stands now."""
    agreement._prefetched_objects_cache = {  # type: ignore[attr-defined]
        name: rows for name, rows in getattr(agreement, "_prefetched_objects_cache", {}).items() if name != "clauses"
    }
    return agreement
