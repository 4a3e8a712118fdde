"""Alternates of a clause: which answers choose each, and what the text would be with another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from django.core.exceptions import ValidationError

from projects.agreements.drafts import Draft
from projects.agreements.library import Alternate, Clause
from projects.agreements.profile import Answer, Question, fill, parameters, questions_of
from projects.agreements.profile.assembly import PLACEHOLDER
from projects.agreements.profile.wording import spoken

# So many combinations of answers are tried; a clause depends on two or three questions.
MOST = 5_000


@dataclass(frozen=True)
class Choice:
    """One alternate as it stands beside the others: its text with the answers of today, and the answers that choose it."""

    alternate: Alternate
    text: str
    chosen_when: list[tuple[Question, list[str]]]
    is_current: bool
    # None when no answers choose it, because another alternate always comes first.
    answers: Mapping[str, Answer] | None


def choices(draft: Draft, clause: Clause) -> list[Choice]:
    """Every alternate of a clause of the library, for the answers of this draft."""
    asked = questions_of(draft.kind)
    present = clause.alternate_for(draft.profile)
    headings = {text.code: f"Clause\N{NO-BREAK SPACE}{text.number} ({text.heading})" for text in draft.clauses}
    headings = {one.code: f"Clause ({one.heading})" for one in draft.library.clauses} | headings
    return [
        Choice(
            alternate=alternate,
            text=_filled(alternate.text, draft, headings),
            chosen_when=[
                (asked[key], [asked[key].display(value) for value in _listed(wanted)])
                for key, wanted in alternate.when.items()
                if key in asked
            ],
            is_current=present is not None and alternate.code == present.code,
            answers=answers_choosing(draft, clause, alternate),
        )
        for alternate in clause.alternates
    ]


def answers_choosing(draft: Draft, clause: Clause, alternate: Alternate) -> dict[str, Answer] | None:
    """The smallest change of the answers that chooses an alternate; empty when it is chosen, None when nothing does."""
    asked = questions_of(draft.kind)
    keys = list(dict.fromkeys(key for one in clause.alternates for key in one.when if key in asked))
    offered = [_offered(asked[key], draft.profile.get(key)) for key in keys]
    best: dict[str, Answer] | None = None
    for combination in islice(product(*offered), MOST):
        tried = dict(zip(keys, combination, strict=True))
        changed = {key: value for key, value in tried.items() if draft.profile.get(key) != value}
        if best is not None and len(changed) >= len(best):
            continue
        found = clause.alternate_for({**draft.profile, **tried})
        if found is not None and found.code == alternate.code:
            best = changed
    return best


def model_text(draft: Draft, code: str) -> str:
    """The words that the model has for a clause in free wording, filled; "" where the model has none."""
    try:
        return draft.restore(code).clause(code).text
    except ValidationError:
        return ""


def _filled(text: str, draft: Draft, headings: Mapping[str, str]) -> str:
    """The text with the answers of today; what nobody has answered yet is named in its place."""
    asked = questions_of(draft.kind)
    unanswered = {
        key: f"[{asked[key].label}]"
        for key in parameters(text)
        if key in asked and not spoken(asked[key], draft.profile.get(key, ""))
    }
    text = PLACEHOLDER.sub(lambda match: unanswered.get(match[1], match[0]), text)
    try:
        return fill(text, draft.profile, draft.facts, headings)
    except ValidationError:
        return text


def _offered(question: Question, present: Any) -> list[Answer]:
    """What can be answered, the present answer first; numbers and words stay as they are."""
    if question.kind == "choice":
        values: list[Answer] = [value for value, _label in question.choices]
    elif question.kind == "yes_no":
        values = [True, False]
    else:
        values = []
    return [present, *(value for value in values if value != present)]


def _listed(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]
