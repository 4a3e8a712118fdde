"""What people type when they draft an agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.forms import Form, VersionField
from projects.agreements.profile import GROUPS, QUESTIONS
from projects.agreements.profile.questions import Group


class DraftForm(Form):
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("As it will stand on the signed text."))


class ProfileForm(Form):
    """The clause profile: every question with its usual answer."""

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS.values():
            self.fields[question.key] = question.form_field()
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.HiddenInput | forms.RadioSelect):
                field.widget.attrs["class"] = "input"

    def groups(self) -> list[tuple[Group, list[forms.BoundField]]]:
        """The questions chapter by chapter."""
        return [
            (group, [self[question.key] for question in QUESTIONS.values() if question.group == group.key])
            for group in GROUPS
        ]

    @property
    def answers(self) -> dict[str, Any]:
        return {question.key: self.cleaned_data[question.key] for question in QUESTIONS.values()}


class ClauseForm(Form):
    version = VersionField()
    text = forms.CharField(
        label=_("Words"),
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "An empty line begins a new paragraph; a line that begins with (a) is an item of it. "
            "Words in {{braces}} are filled from the profile or number another clause; keep them where you can."
        ),
    )
