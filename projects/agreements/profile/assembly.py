"""From answers to text: picking alternates, filling placeholders, numbering clauses."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..library import Clause, load_library
from .answers import clean
from .ip_sharing import QUESTIONS
from .questions import Answer
from .wording import spoken

PLACEHOLDER = re.compile(r"\{\{\s*([a-z0-9_:\-]*)\s*\}\}")
FACTS = {"project": "the joint work to which this Agreement belongs, as the Parties have recorded it"}


@dataclass(frozen=True)
class ClauseText:
    """A numbered clause: `template` still has its placeholders, `text` is what would be signed."""

    code: str
    alternate: str
    number: int
    heading: str
    text: str
    group: str
    template: str


def assemble(
    answers: Mapping[str, Answer],
    kind: str = "ip_sharing",
    *,
    facts: Mapping[str, str] | None = None,
    custom: Mapping[str, str] | None = None,
    added: Iterable[ClauseText] = (),
) -> list[ClauseText]:
    """Pick each clause's alternate by the profile, fill it and number the clauses from 1.

    `facts` gives project_title and project_ref, which {{project}} joins. `custom` replaces the library's text of a
    clause by what the parties wrote (by code, placeholders allowed); `added` clauses follow, filled and numbered.
    Raises ValidationError for bad answers and, keyed by clause code, for placeholders that mean nothing.
    """
    answers = clean(answers)
    chosen = [_chosen(clause, answers, custom or {}) for clause in load_library(kind).clauses]
    drafted = [clause for clause in chosen if clause] + list(added)
    numbered = [replace(clause, number=number) for number, clause in enumerate(drafted, start=1)]
    # A no-break space: a reference must not part from its number at the end of a line.
    headings = {clause.code: f"Clause\N{NO-BREAK SPACE}{clause.number} ({clause.heading})" for clause in numbered}
    errors: dict[str, list[str]] = {}
    filled = []
    for clause in numbered:
        try:
            filled.append(replace(clause, text=fill(clause.template, answers, facts, headings)))
        except ValidationError as error:
            errors[clause.code] = error.messages
    if errors:
        raise ValidationError(errors)
    return filled


def fill(
    template: str,
    answers: Mapping[str, Answer],
    facts: Mapping[str, str] | None = None,
    headings: Mapping[str, str] | None = None,
) -> str:
    """Replace every {{placeholder}} once; what is put in is never read as a placeholder again."""
    words = FACTS | dict(facts or {})
    if facts and {"project_title", "project_ref"} <= set(facts):
        words["project"] = f"the joint work titled “{facts['project_title']}”, recorded under {facts['project_ref']}"
    unknown: list[str] = []

    def word(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("clause:") and name[7:] in (headings or {}):
            return (headings or {})[name[7:]]
        if name in words:
            return words[name]
        if name in QUESTIONS and name in answers:
            return spoken(QUESTIONS[name], answers[name])
        unknown.append(match[0])
        return match[0]

    text = PLACEHOLDER.sub(word, template)
    if unknown:
        raise ValidationError(
            _("These placeholders mean nothing here: %(names)s."), params={"names": ", ".join(unknown)}, code="unknown"
        )
    return text


def parameters(template: str) -> tuple[str, ...]:
    """Name the questions whose answers a text uses, in order of first use."""
    return tuple(dict.fromkeys(name for name in PLACEHOLDER.findall(template) if name in QUESTIONS))


def check_text(template: str, kind: str = "ip_sharing") -> None:
    """Raise ValidationError if a text that a party wrote has placeholders that mean nothing."""
    headings = {clause.code: clause.heading for clause in load_library(kind).clauses}
    fill(template, {key: asked.default for key, asked in QUESTIONS.items()}, headings=headings)


def _chosen(clause: Clause, answers: Mapping[str, Answer], custom: Mapping[str, str]) -> ClauseText | None:
    alternate = clause.alternate_for(answers)
    if clause.code in custom:
        return ClauseText(clause.code, "custom", 0, clause.heading, "", clause.group, custom[clause.code])
    if alternate is None:
        return None
    return ClauseText(clause.code, alternate.code, 0, clause.heading, "", clause.group, alternate.text)
