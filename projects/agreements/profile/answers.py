"""Answers to the clause profile: checked, completed with usual practice, and compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .chapters import QUESTIONS
from .contradictions import contradictions
from .fields import Answer, Question
from .kinds import USUAL_KIND, questions_of

UNKNOWN = "__all__"


@dataclass(frozen=True)
class Difference:
    """One question that two profiles answer differently; `old` or `new` is None when that profile has no answer."""

    question: Question
    old: Answer | None
    new: Answer | None


def defaults(kind: str = USUAL_KIND) -> dict[str, Answer]:
    """Give every question of that kind its usual answer; raises KeyError."""
    return {key: question.default for key, question in questions_of(kind).items()}


def clean(answers: Mapping[str, Any], kind: str = USUAL_KIND) -> dict[str, Answer]:
    """Return all answers, typed and in the order of the questions; what was not answered gets its default.

    Raises ValidationError keyed by question; unknown keys are named under `__all__`. KeyError for an unknown kind.
    """
    errors: dict[str, list[Any]] = {}
    cleaned: dict[str, Answer] = {}
    asked = questions_of(kind)
    for key, question in asked.items():
        try:
            cleaned[key] = question.clean(answers[key]) if key in answers else question.default
        except ValidationError as error:
            errors[key] = error.error_list
    if unknown := sorted(set(answers) - set(asked)):
        errors[UNKNOWN] = [_("The profile does not ask this: %(keys)s.") % {"keys": ", ".join(unknown)}]
    if not errors:
        errors = {**contradictions(cleaned)}
    if errors:
        raise ValidationError(errors)
    return cleaned


def differences(old: Mapping[str, Answer], new: Mapping[str, Answer]) -> list[Difference]:
    """List the questions two profiles answer differently, in the order of the questions."""
    return [
        Difference(question, old.get(key), new.get(key))
        for key, question in QUESTIONS.items()
        if old.get(key) != new.get(key)
    ]
