"""The clause profile as people answer it: every question with its usual answer, what depends on it, and what it decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.kit.forms import Form, VersionField
from portal.kit.forms import show as show_errors
from projects.agreements.consequences import CLOCKS
from projects.agreements.profile import Answer, Group, Question, groups_of, questions_of

LONG = 200
YES, NO = "yes", "no"


class YesNoField(forms.ChoiceField):
    """Yes or no, each to be seen; a tick alone would hide what the other answer is."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No"))]
        super().__init__(choices=choices, widget=forms.RadioSelect, **kwargs)

    def to_python(self, value: Any) -> str:
        return written_yes_no(super().to_python(value))

    def prepare_value(self, value: Any) -> Any:
        return written_yes_no(str(value)) if value is not None else value


@dataclass
class Dependents:
    """Questions that matter under some answers of another; `places` are those of the answers among the choices."""

    places: str
    answers: list[str]
    questions: list[Asked] = field(default_factory=list)


@dataclass
class Asked:
    """A question as a page asks it."""

    question: Question
    bound: forms.BoundField
    dependents: list[Dependents]
    clauses: Sequence[Any]
    is_needed: bool = False

    @property
    def usual(self) -> str:
        return self.question.display(self.question.default) if self.question.default != "" else ""

    @property
    def is_chosen(self) -> bool:
        """Whether it is asked by a list of answers."""
        return self.question.kind in ("choice", "yes_no")

    @property
    def unit(self) -> str:
        return _units().get(self.question.unit, "")

    @property
    def clock(self) -> Any:
        return CLOCKS.get(self.question.key, "")


class ProfileForm(Form):
    """All the questions of a kind, or those of one chapter; `also` are questions of other chapters that must follow."""

    version = VersionField()

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        profile: Mapping[str, Answer],
        version: int,
        chapter: str = "",
        decided: Mapping[str, Sequence[Any]] | None = None,
    ) -> None:
        self.questions = questions_of(kind)
        self.groups_of_kind = groups_of(kind)
        self.profile, self.chapter, self.decided = profile, chapter, decided or {}
        self.sent = data.copy() if data is not None else None
        also = data.getlist("also") if data is not None and chapter else []
        self.also = [key for key in self.questions if key in also and self.questions[key].group != chapter]
        super().__init__(self.sent, initial={**profile, "version": version})
        for key, question in self.questions.items():
            if not chapter or question.group == chapter or key in self.also:
                self._ask(key)

    @property
    def answers(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in self.questions if key in self.cleaned_data}

    def groups(self) -> list[tuple[Group, list[Asked]]]:
        """The questions chapter by chapter, each with those that depend on it under its answers."""
        shown = [group for group in self.groups_of_kind if self.chapter in ("", group.key)]
        return [(group, self._asked(group.key)) for group in shown]

    def others(self) -> list[Asked]:
        """Questions of other chapters whose answers do not suit those given here."""
        return [replace(self._one(key), is_needed=True) for key in self.also]

    def show(self, error: ValidationError) -> None:
        """Put every complaint beside its question; a question of another chapter is asked here as well."""
        self.ask_also(getattr(error, "error_dict", {}))
        show_errors(self, error)

    def ask_also(self, keys: Iterable[str]) -> None:
        """Ask these questions as well, with the answers that are stored."""
        for key in keys:
            if key in self.questions and key not in self.fields:
                self.also.append(key)
                self._ask(key)
                value = self.profile.get(key, self.questions[key].default)
                if self.sent is not None:
                    self.sent.setdefault(key, self.fields[key].prepare_value(value))

    def _ask(self, key: str) -> None:
        question = self.questions[key]
        self.fields[key] = form_field(question)

    def _asked(self, chapter: str) -> list[Asked]:
        keys = [key for key, question in self.questions.items() if question.group == chapter]
        parents = {key: next(iter(self.questions[key].only_if), "") for key in keys}
        return [self._one(key, [child for child in keys if parents[child] == key]) for key in keys if not parents[key]]

    def _one(self, key: str, children: Sequence[str] = ()) -> Asked:
        question, by_place = self.questions[key], dict[str, Dependents]()
        choices = _choices(question)
        for child in children:
            wanted = self.questions[child].only_if[key]
            values = [_written(value) for value in (wanted if isinstance(wanted, list) else [wanted])]
            places = " ".join(str(place) for place, (value, _label) in enumerate(choices, 1) if value in values)
            labels = [str(label) for value, label in choices if value in values]
            group = by_place.setdefault(places, Dependents(places, labels))
            group.questions.append(self._one(child))
        return Asked(question, self[key], list(by_place.values()), self.decided.get(key, ()))


def form_field(question: Question) -> forms.Field:
    """The field that asks a question; its usual answer and its unit are drawn beside it."""
    common: dict[str, Any] = {"label": question.label, "help_text": question.help}
    if question.kind == "choice":
        return forms.ChoiceField(choices=question.choices, widget=forms.RadioSelect, **common)
    if question.kind == "yes_no":
        return YesNoField(**common)
    if question.kind == "whole":
        widget = forms.NumberInput(attrs={"class": "input input-short num", "inputmode": "numeric"})
        return forms.IntegerField(min_value=question.minimum, max_value=question.maximum, widget=widget, **common)
    line: forms.Widget = forms.TextInput(attrs={"class": "input"})
    if question.max_length > LONG:
        line = forms.Textarea(attrs={"class": "input", "rows": 3})
    return forms.CharField(required=False, max_length=question.max_length, widget=line, **common)


def written_yes_no(value: str) -> str:
    """A yes or no as the form writes it, however it was sent."""
    told = {"true": YES, "on": YES, "false": NO, "off": NO}
    return told.get(value.strip().lower(), value)


def _choices(question: Question) -> list[tuple[str, Any]]:
    if question.kind == "yes_no":
        return [(YES, _("Yes")), (NO, _("No"))]
    return list(question.choices)


def _written(value: Any) -> str:
    return (YES if value else NO) if isinstance(value, bool) else str(value)


def _units() -> dict[str, str]:
    return {
        "day": ngettext("day", "days", 2),
        "month": ngettext("month", "months", 2),
        "year": ngettext("year", "years", 2),
        "percent": _("percent"),
    }
