"""What people type about agreements; the actions judge it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.forms import Form, VersionField
from projects.agreements.profile import GROUPS, QUESTIONS
from projects.agreements.profile.questions import Group
from projects.ip.forms.deposits import FilesField


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


class AgreeForm(Form):
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("All parties read it, and it is kept."),
    )


class SignForm(Form):
    """Consent, and the proof that it is you; password and code are asked only when there is no fresh proof yet."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    challenge = forms.CharField(widget=forms.HiddenInput, max_length=600)
    consent = forms.BooleanField(required=False)
    password = forms.CharField(
        label=_("Password"), required=False, max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "required": True}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Code of your authenticator app"), required=False, max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "required": True}),
    )  # fmt: skip


class VerifyForm(Form):
    """One file, or a receipt with the opening and the files that belong to it."""

    file = FilesField(
        label=_("Drop a sealed PDF, or a receipt with what belongs to it"),
        required=True,
        help_text=_("Up to 50 MB. Nothing is stored and no account is needed."),
    )
