"""What somebody says of themselves when they make an account."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies import languages, zones
from agencies.widgets import LongSelect
from portal.kit.lines import check_line


class SignupForm(forms.Form):
    """Name and time zone; the e-mail address and the password are asked by the account system."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        validators=[check_line],
        help_text=_("In Latin letters, as others write it."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "input"}),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lazy(zones.choices, list)(),
        initial="UTC",
        widget=LongSelect(attrs={"class": "input"}),
        help_text=_("Every time you read is shown in this zone, with its name."),
    )
    field_order = ["name", "email", "zone", "password1", "password2"]

    def signup(self, request: HttpRequest, user: object) -> None:
        """Called with the new person before the address is confirmed."""
        user.name = self.cleaned_data["name"].strip()  # type: ignore[attr-defined]
        user.zone = self.cleaned_data["zone"]  # type: ignore[attr-defined]
        language = get_language() or "en"
        user.language = language if language in languages.codes() else "en"  # type: ignore[attr-defined]
        user.save()  # type: ignore[attr-defined]
