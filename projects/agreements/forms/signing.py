"""What a signatory types, and what anybody gives to be verified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies import reauthentication
from agencies.forms import ProofForm
from portal.kit.forms import Form
from projects.agreements.signing.sections import Section
from projects.agreements.signing.statement import DECLARATION_LENGTH, NAME_LENGTH
from projects.ip.forms.deposits import FilesField


class SignForm(Form):
    """What was read and confirmed, and the proof that it is you; password and code are asked while there is no fresh proof."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    challenge = forms.CharField(widget=forms.HiddenInput, max_length=900)
    language = forms.CharField(widget=forms.HiddenInput, max_length=12)
    passkey = forms.CharField(label=_("Passkey"), widget=forms.HiddenInput, max_length=12000, required=False)
    read = forms.MultipleChoiceField(label=_("Sections"), required=False)
    consent = forms.BooleanField(label=_("Sentence"), required=False)
    typed_name = forms.CharField(
        label=_("Your name"), required=False, max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "required": True, "spellcheck": "false"}),
    )  # fmt: skip
    ad_referendum = forms.BooleanField(
        label=_("I sign ad referendum: it counts once my agency has confirmed it"), required=False,
        help_text=_("The sentence that you confirm above is another then."),
        # Where scripts run, the sentence above changes with it; elsewhere the page comes back with the other one.
        widget=forms.CheckboxInput(
            attrs={
                "hx-get": "?", "hx-trigger": "change", "hx-target": "#consent", "hx-select": "#consent > *",
                "hx-include": "#consent [name=language]",
            }
        ),
    )  # fmt: skip
    declaration = forms.CharField(
        label=_("Declaration"), required=False, max_length=DECLARATION_LENGTH, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Recorded with your signature, for all parties to read. It does not change the text."),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), required=False, max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "required": True}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Code of your authenticator app"), required=False, max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "required": True}),
    )  # fmt: skip

    def __init__(self, *args: Any, sections: Sequence[Section], person: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person is not None:
            names = get_text_list([name for name in (person.name, person.native_name) if name], gettext("or"))
            self.fields["typed_name"].help_text = gettext("As it stands above: %(names)s.") % {"names": names}
        self.fields["read"].choices = [(part.key, part.title) for part in sections]  # type: ignore[attr-defined]


class BindingForm(ProofForm):
    """Base of what binds an agency: a proof is asked unless one was given in the minutes for which it serves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].help_text = ""

    def is_proved(self) -> bool:
        was_proved = self.proof is not None
        if not super().is_proved():
            return False
        if not was_proved and self.proof is not None:
            reauthentication.remember(self.request, self.proof)
        return True


class ConfirmSignatureForm(BindingForm):
    """What a confirmation rests on, and that it is you who confirms."""

    approval = forms.CharField(
        label=_("Approved by, and where it is written"), max_length=500,
        help_text=_(
            "The body that decided, and its instrument: a decision, a law, a note with its number and day. "
            "It stands in the signed PDF, for all who read it."
        ),
    )  # fmt: skip
    field_order = ("approval",)

    def __init__(self, *args: Any, needs_approval: bool, needs_passkey: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approval"].required = needs_approval
        self.needs_passkey = needs_passkey
        if needs_passkey:
            self.proof = self.proof if self.proof is not None and self.proof.is_by_passkey else None
            for name in ("password", "code"):
                self.fields.pop(name, None)
            person = self.request.actor.person  # type: ignore[attr-defined]
            self.has_passkey = self.proof is None and reauthentication.has_passkey(person)

    def is_proved(self) -> bool:
        # Without a passkey's proof the action says what is missing.
        if self.needs_passkey:
            return self.is_valid()
        return super().is_proved()


class VoidSignatureForm(BindingForm):
    """Why a signature is taken back, and that it is you who takes it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("All parties read it, and it is kept."),
    )  # fmt: skip
    field_order = ("reason",)


class DeclineForm(BindingForm):
    """The text that was shown, why it is not signed, and that it is you who declines."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("All parties read it, and it is kept."),
    )  # fmt: skip
    field_order = ("sha256", "reason")


class ApproveForSigningForm(BindingForm):
    """The text that was shown, and that it is you who approves it."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class QuestionForm(Form):
    """A question before signing."""

    words = forms.CharField(
        label=_("Your question"), max_length=5000, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Every party reads it."),
    )  # fmt: skip


class VerifyForm(Form):
    """One file, or a receipt with the opening and the files that belong to it."""

    file = FilesField(
        label=_("Drop a sealed PDF, or a receipt with what belongs to it"),
        required=True,
        help_text=_("Up to 50 MB. Nothing is stored and no account is needed."),
        error_messages={"empty": _("Nothing was sent: the file is empty. Give the file itself.")},
    )
