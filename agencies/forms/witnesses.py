"""What people type to watch over the ledger: keys, co-signatures, checkpoints and addresses."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms.rights import ProofForm
from portal.history.notes import LONGEST
from portal.kit.forms import Form

CODE = {"spellcheck": "false", "autocomplete": "off"}
LARGEST = 2**63 - 1


class WitnessForm(ProofForm):
    """The public half of a key."""

    verifier = forms.CharField(
        label=_("Verifier key"),
        help_text=_("One line, as witness.py prints it: name, key id and key, joined by plus signs."),
        max_length=300,
        widget=forms.TextInput(attrs=CODE),
    )
    field_order = ["verifier", "password", "code"]


class CosignatureForm(Form):
    """A line that a witness made elsewhere."""

    number = forms.IntegerField(
        label=_("Checkpoint"), min_value=1, max_value=LARGEST, widget=forms.NumberInput(attrs={"class": "input-short"})
    )
    cosignature = forms.CharField(
        label=_("Co-signature"),
        help_text=_("The line that begins with a dash and the name of the witness."),
        max_length=400,
        widget=forms.TextInput(attrs=CODE),
    )


class ComparisonForm(Form):
    """A checkpoint that the agency kept."""

    note = forms.CharField(
        label=_("The checkpoint"),
        help_text=_("The whole text as you have it, with or without co-signatures."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 9, **CODE}),
        strip=False,
    )


class AddressesForm(Form):
    """Where checkpoints go."""

    addresses = forms.CharField(
        label=_("Addresses"),
        help_text=_(
            "One a line, all of your domain. Each gets the newest checkpoint once a day when there is a new one."
        ),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
