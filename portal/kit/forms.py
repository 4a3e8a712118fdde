"""Forms: one renderer, one way to show an error, one way to hand input to an action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

DASHES = "---------"
CHECKS = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect, forms.HiddenInput)


class Renderer(TemplatesSetting):
    """Every form of the portal is drawn by the templates under portal/templates/django/forms/."""

    field_template_name = "django/forms/field.html"


class Styled:
    """Give each control the class its drawing expects."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bound in self.fields.values():
            widget = bound.widget
            if not isinstance(widget, CHECKS):
                widget.attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
            if isinstance(bound, forms.ChoiceField):
                _say_what_empty_means(bound)


def _say_what_empty_means(field: forms.ChoiceField) -> None:
    """Words instead of Django's dashes, which a screen reader reads one by one."""
    words = _("Choose") if field.required else _("Not stated")
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = words if field.empty_label == DASHES else field.empty_label
        return
    choices: Any = field.choices
    if next(iter(choices), None) == ("", DASHES):
        field.choices = [("", words), *list(choices)[1:]]


class Form(Styled, forms.Form):
    """Base of the forms that only parse."""


class ModelForm(Styled, forms.ModelForm):
    """Base of the forms that parse into a record's fields; they never save, an action does."""

    def save(self, commit: bool = True) -> Any:
        raise TypeError("hand cleaned_data to an action")


class VersionField(forms.IntegerField):
    """The version the editor saw, hidden in the form."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, required=kwargs.pop("required", True), **kwargs)


def attempt(form: forms.BaseForm, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run an action; what it finds wrong with the input is shown beside the fields of the form, and None comes back."""
    try:
        return action(*args, **kwargs)
    except ValidationError as error:
        show(form, error)
        return None


def show(form: forms.BaseForm, error: ValidationError) -> None:
    """Put an action's complaint beside the fields it names; unknown fields go to the top of the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(
            name if name in form.fields else None, errors if name != NON_FIELD_ERRORS else ValidationError(errors)
        )
