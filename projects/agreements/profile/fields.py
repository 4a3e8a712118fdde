"""A typed question: how an answer is checked, shown and asked for on a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..library.conditions import suits

Text = str | Promise
Answer = str | int | bool
Kind = Literal["choice", "whole", "yes_no", "text"]
Unit = Literal["", "day", "month", "year", "percent"]
Bound = Literal["", "equal", "at_most", "at_least"]


@dataclass(frozen=True)
class Group:
    """A chapter of the profile form."""

    key: str
    label: Text


@dataclass(frozen=True)
class Question:
    """One typed question; `default` is the usual practice, shown as such and never applied unseen.

    `asks` is the number of the subject, 1 to 48, that an agreement settles; several questions may settle one subject.
    `only_if` names the answers under which the question matters. `under_parent` says how the answer of an agreement
    under an umbrella may relate to the umbrella's.
    """

    key: str
    kind: Kind
    group: str
    label: Text
    default: Answer
    help: Text = ""
    choices: tuple[tuple[str, Text], ...] = ()
    unit: Unit = ""
    minimum: int = 0
    maximum: int = 0
    max_length: int = 0
    asks: int = 0
    under_parent: Bound = ""
    only_if: Mapping[str, Any] = field(default_factory=dict)

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether the question matters, given the other answers; one that was not asked takes nothing away."""
        return suits({key: value for key, value in self.only_if.items() if key in answers}, answers)

    def clean(self, value: Any) -> Answer:
        """Return the typed answer to a typed or written one ("30", "yes"); raises ValidationError."""
        return getattr(self, f"_clean_{self.kind}")(value)

    def display(self, answer: Answer) -> str:
        """Say the answer in the reader's language: "30 days", "Yes", the label of a choice."""
        if self.kind == "yes_no":
            return _("Yes") if answer else _("No")
        if self.kind == "choice":
            return str(dict(self.choices).get(str(answer), answer))
        return _counted(int(answer), self.unit) if self.kind == "whole" else str(answer)

    def form_field(self) -> forms.Field:
        """Build the form field that asks this question."""
        common: dict[str, Any] = {"label": self.label, "help_text": self.help, "initial": self.default}
        if self.kind == "choice":
            return forms.ChoiceField(choices=self.choices, **common)
        if self.kind == "whole":
            common["help_text"] = " ".join(filter(None, [_usual(int(self.default), self.unit), str(self.help)]))
            return forms.IntegerField(min_value=self.minimum, max_value=self.maximum, **common)
        if self.kind == "yes_no":
            return forms.BooleanField(required=False, **common)
        return forms.CharField(required=False, max_length=self.max_length, **common)

    def _clean_choice(self, value: Any) -> str:
        if value not in [choice for choice, _label in self.choices]:
            raise ValidationError(_("Choose one of the listed answers."), code="invalid_choice")
        return value

    def _clean_whole(self, value: Any) -> int:
        # True is an int to Python, and 2.5 days would silently become 2.
        if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) <= 9:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError(_("Enter a whole number."), code="invalid")
        if not self.minimum <= value <= self.maximum:
            raise ValidationError(
                _("Enter a whole number from %(minimum)d to %(maximum)d."),
                params={"minimum": self.minimum, "maximum": self.maximum},
                code="out_of_bounds",
            )
        return value

    def _clean_yes_no(self, value: Any) -> bool:
        written = {"yes": True, "true": True, "on": True, "no": False, "false": False, "": False, "off": False}
        if isinstance(value, str):
            value = written.get(value.strip().lower(), value)
        if not isinstance(value, bool):
            raise ValidationError(_("Answer yes or no."), code="invalid")
        return value

    def _clean_text(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(_("Enter text."), code="invalid")
        value = value.strip()
        if len(value) > self.max_length:
            raise ValidationError(
                _("Use at most %(maximum)d characters."), params={"maximum": self.max_length}, code="too_long"
            )
        if not value.isprintable():
            raise ValidationError(_("Use one line of text without control characters."), code="control")
        return value


def _usual(number: int, unit: Unit) -> str:
    if unit == "day":
        return _("In days; usually %(number)d.") % {"number": number}
    if unit == "month":
        return _("In months; usually %(number)d.") % {"number": number}
    if unit == "year":
        return _("In years; usually %(number)d.") % {"number": number}
    if unit == "percent":
        return _("In percent; usually %(number)d.") % {"number": number}
    return _("Usually %(number)d.") % {"number": number}


def _counted(number: int, unit: Unit) -> str:
    if unit == "day":
        return ngettext("%d day", "%d days", number) % number
    if unit == "month":
        return ngettext("%d month", "%d months", number) % number
    if unit == "year":
        return ngettext("%d year", "%d years", number) % number
    if unit == "percent":
        return _("%(number)d percent") % {"number": number}
    return str(number)
