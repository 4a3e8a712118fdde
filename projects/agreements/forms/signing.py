"""What a signatory types, and what anybody gives to be verified."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.forms import Form
from projects.ip.forms.deposits import FilesField


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
