"""From answers to text: picking alternates, filling placeholders, ordering and numbering clauses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..library import Clause, Library, load_library
from .answers import clean, defaults
from .chapters import QUESTIONS
from .questions import Answer
from .wording import spoken

PLACEHOLDER = re.compile(r"\{\{\s*([a-z0-9_:\-]*)\s*\}\}")
# What a text may name although no question asks it; each stands for itself until somebody says what it is.
FACTS = {
    "project": "the joint work to which this text belongs, as the Parties have recorded it",
    "project_title": "the joint work to which this text belongs",
    "project_ref": "the record of the joint work",
    "parent": "the agreement named on the first page",
    "parent_title": "the agreement named on the first page",
    "parent_ref": "its record",
    "newcomer": "the acceding party named on the first page",
    "entry_rule": "on the day on which every Party has signed it",
}
CUSTOM = "custom"


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
    order: Sequence[str] = (),
    left_out: Iterable[str] = (),
    library: Library | None = None,
) -> list[ClauseText]:
    """Pick each clause's alternate by the profile, fill it and number the clauses from 1.

    `facts` gives project_title and project_ref, which {{project}} joins. `custom` replaces the library's text of a
    clause by what the parties wrote (by code, placeholders allowed); `added` clauses are the parties' own. `order` are
    the codes as the parties arranged them: what it does not name stands after its neighbour in the library. What is
    `left_out` does not appear. Raises ValidationError for bad answers and, keyed by clause code, for placeholders that
    mean nothing.
    """
    answers = clean(answers, kind)
    added = list(added)
    # What the parties made their own stands in the place of the library's clause of that code.
    out = set(left_out) - {clause.code for clause in added}
    replaced = {clause.code for clause in added}
    chosen = [
        _chosen(clause, answers, custom or {})
        for clause in (library or load_library(kind)).clauses
        if clause.code not in replaced
    ]
    drafted = [clause for clause in [*chosen, *added] if clause and clause.code not in out]
    numbered = [replace(clause, number=number) for number, clause in enumerate(arranged(drafted, order), start=1)]
    headings = {clause.code: reference(clause) for clause in numbered}
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


def reference(clause: ClauseText) -> str:
    """How other clauses name this one. A no-break space: it must not part from its number at the end of a line."""
    return f"Clause\N{NO-BREAK SPACE}{clause.number} ({clause.heading})"


def arranged(clauses: Sequence[ClauseText], order: Sequence[str]) -> list[ClauseText]:
    """Put the clauses in the order that names them; one that it does not name follows the one before it in the library."""
    if not order:
        return list(clauses)
    by_code = {clause.code: clause for clause in clauses}
    result = [by_code[code] for code in order if code in by_code]
    named = set(order)
    for position, clause in enumerate(clauses):
        if clause.code not in named:
            before = [earlier.code for earlier in clauses[:position]]
            place = max((index + 1 for index, placed in enumerate(result) if placed.code in before[-1:]), default=0)
            if not place and before:
                place = max((index + 1 for index, placed in enumerate(result) if placed.code in before), default=0)
            result.insert(place, clause)
    return result


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
    fill(template, defaults(kind), headings=headings)


def _chosen(clause: Clause, answers: Mapping[str, Answer], custom: Mapping[str, str]) -> ClauseText | None:
    alternate = clause.alternate_for(answers)
    if clause.code in custom:
        return ClauseText(clause.code, CUSTOM, 0, clause.heading, "", clause.group, custom[clause.code])
    if alternate is None:
        return None
    return ClauseText(clause.code, alternate.code, 0, clause.heading, "", clause.group, alternate.text)
