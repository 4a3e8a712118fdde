"""Answers to the clause profile: checked, completed with usual practice, and compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .ip_sharing import QUESTIONS
from .questions import Answer, Question

UNKNOWN = "__all__"


@dataclass(frozen=True)
class Difference:
    """One question that two profiles answer differently; `old` or `new` is None when that profile has no answer."""

    question: Question
    old: Answer | None
    new: Answer | None


def defaults() -> dict[str, Answer]:
    """Give every question its usual answer."""
    return {key: question.default for key, question in QUESTIONS.items()}


def clean(answers: Mapping[str, Any]) -> dict[str, Answer]:
    """Return all answers, typed and in the order of the questions; what was not answered gets its default.

    Raises ValidationError keyed by question; unknown keys are named under `__all__`.
    """
    errors: dict[str, list[Any]] = {}
    cleaned: dict[str, Answer] = {}
    for key, question in QUESTIONS.items():
        try:
            cleaned[key] = question.clean(answers[key]) if key in answers else question.default
        except ValidationError as error:
            errors[key] = error.error_list
    if unknown := sorted(set(answers) - set(QUESTIONS)):
        errors[UNKNOWN] = [_("The profile does not ask this: %(keys)s.") % {"keys": ", ".join(unknown)}]
    if not errors:
        errors = _contradictions(cleaned)
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


def _contradictions(answers: Mapping[str, Any]) -> dict[str, list[Any]]:
    errors: dict[str, list[Any]] = {}
    if answers["publication_objection_days"] > answers["publication_notice_days"]:
        errors["publication_objection_days"] = [
            _("The time to object must end within the %(days)d days of notice.")
            % {"days": answers["publication_notice_days"]}
        ]
    if answers["applicable_law"] == "named" and not answers["named_law"]:
        errors["named_law"] = [_("Name the law that governs the agreement.")]
    if answers["final_step"] == "arbitration" and not answers["arbitration_seat"]:
        errors["arbitration_seat"] = [_("Name the place of arbitration.")]
    return errors
