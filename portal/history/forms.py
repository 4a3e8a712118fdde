"""What operators type about the ledger."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.history.alarms import LONGEST
from portal.kit.forms import Form


class ExplanationForm(Form):
    """What happened, for everybody to read."""

    text = forms.CharField(
        label=_("What happened"),
        help_text=_("Everybody reads it, without an account. It cannot be changed afterwards."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
