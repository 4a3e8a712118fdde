"""What people send to the inbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.inbox.models import Preference, Reach
from portal.kit.forms import Form


class ReadForm(Form):
    """One item by its uid, or all the news up to a moment."""

    item = forms.UUIDField(required=False)
    until = forms.DateTimeField(required=False)
    reach = forms.ChoiceField(choices=Reach.choices, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("item") and not cleaned.get("until"):
            raise forms.ValidationError(_("Say which items you have read."))
        return cleaned


class PreferenceForm(Form):
    """When to send mail."""

    mail = forms.ChoiceField(
        label=_("Mail when something waits for you"),
        choices=Preference.Mail.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "A mail says what is asked and its reference, never what it is about. "
            "On the portal you see everything either way."
        ),
    )
