"""What a clause can name in braces, each with the words that would stand there now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from projects.agreements.drafts import Draft
from projects.agreements.profile import questions_of
from projects.agreements.profile.assembly import FACTS, fill
from projects.agreements.profile.phrases import PHRASES


@dataclass(frozen=True)
class Placeholder:
    """`written` is what stands in the words, `value` what is read there now."""

    written: str
    label: Any
    value: str


def placeholders(draft: Draft) -> list[tuple[str, list[Placeholder]]]:
    """Everything that can be named, in three lists: answers that have words, facts of the record, other clauses."""
    asked = questions_of(draft.kind)
    answers = [
        Placeholder(_braces(key), question.label, _now(key, draft))
        for key, question in asked.items()
        if (question.kind in ("whole", "text") or key in PHRASES) and draft.profile.get(key, "") != ""
    ]
    labels = {
        "project": _("The project"),
        "project_title": _("The project’s title"),
        "project_ref": _("The project’s reference"),
        "parent": _("The agreement above"),
        "parent_title": _("The title of the agreement above"),
        "parent_ref": _("The reference of the agreement above"),
        "newcomer": _("The acceding party"),
        "entry_rule": _("The rule of entry into force"),
    }
    facts = [Placeholder(_braces(key), labels.get(key, key), _now(key, draft)) for key in FACTS]
    clauses = [
        Placeholder(
            _braces(f"clause:{clause.code}"),
            clause.heading,
            f"Clause\N{NO-BREAK SPACE}{clause.number} ({clause.heading})",
        )
        for clause in draft.clauses
    ]
    return [(_("From the answers"), answers), (_("From the record"), facts), (_("Other clauses"), clauses)]


def _braces(name: str) -> str:
    return "{{" + name + "}}"


def _now(name: str, draft: Draft) -> str:
    return fill(_braces(name), draft.profile, draft.facts)
