"""What is typed about a signature made outside: when it is handed in, and by whoever vouches for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.forms import Form
from projects.agreements.actions import Handed
from projects.agreements.forms.signing import BindingForm
from projects.agreements.models import Agreement, ExternalKind, ExternalSignature
from projects.agreements.signing.levels import asks_for_qualified
from projects.agreements.signing.names import other_name

DAY = {"type": "date", "class": "input-short"}
HASH = r"^[0-9a-f]{64}$"


class ExternalForm(Form):
    """The file, who signed, and what allowed them to."""

    sha256 = forms.RegexField(HASH, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("How it was signed"), choices=ExternalKind.choices, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "By hand: a scan of the pages signed, as one PDF, PNG or JPEG. By certificate: the signed PDF. At most 20 MB."
        ),
    )
    signatory_name = forms.CharField(label=_("Who signed"), max_length=200)
    signatory_native_name = forms.CharField(label=_("In native script"), max_length=200, required=False)
    signatory_position = forms.CharField(label=_("Position"), max_length=200)
    authority = forms.CharField(
        label=_("Authority to sign"), max_length=500,
        help_text=_("What allows this person to sign, and where it is written: an office, full powers, a decision with its number."),
    )  # fmt: skip
    signed_on = forms.DateField(label=_("Signed on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    field = forms.CharField(
        label=_("Name of the signature that counts"), max_length=200, required=False,
        help_text=_("Only for a PDF with several; a viewer shows the names, and so does the message when this is left empty."),
    )  # fmt: skip
    effect = forms.CharField(
        label=_("Law that gives it the effect of a signature by hand"), max_length=500, required=False,
        help_text=_("This text asks for qualified signatures. Needed where the certificate does not say that it is qualified."),
    )  # fmt: skip

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_for_qualified(agreement):
            del self.fields["effect"]

    @property
    def handed(self) -> Handed:
        typed = dict(self.cleaned_data)
        file = typed.pop("file")
        return Handed(content=file.read(), name=file.name or "", **typed)


class VouchForm(BindingForm):
    """The text and the file that were shown, and the proof that it is you."""

    sha256 = forms.RegexField(HASH, widget=forms.HiddenInput)
    file_sha256 = forms.RegexField(HASH, widget=forms.HiddenInput)
    remark = forms.CharField(
        label=_("Why it is the same person"), max_length=500,
        help_text=_("A maiden name, another script, an initial: what you know, and how. It goes into the evidence."),
    )  # fmt: skip
    confirmed = forms.BooleanField(label=_("I state this for my agency"))
    field_order = ("saw", "remark", "confirmed")

    def __init__(self, *args: Any, external: ExternalSignature, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not other_name(external):
            del self.fields["remark"]

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in super().facts.items() if name != "confirmed"}


class CertifyForm(VouchForm):
    """The same, and what was seen of paper."""

    saw = forms.ChoiceField(
        label=_("What you saw"),
        choices=[("original", _("The original on paper")), ("scan", _("The scan"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, external: ExternalSignature, **kwargs: Any) -> None:
        super().__init__(*args, external=external, **kwargs)
        if not external.is_wet_ink:
            del self.fields["saw"]


class WitnessForm(VouchForm):
    """A second person says that they saw the same."""
