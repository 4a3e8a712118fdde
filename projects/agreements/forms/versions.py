"""Choosing what to compare: two versions of a text, the library's own, or another agreement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.forms import Form
from projects.agreements.sides import MODEL


class CompareForm(Form):
    """Its fields are named as the parameters of the address are."""

    def __init__(self, *args: Any, versions: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*versions, (MODEL, _("The model of the library"))]
        for name, label in (("from", _("From")), ("to", _("To"))):
            # SECURITY: what is no choice of the list is told apart later: unknown versions are answered as if they were not.
            widget = forms.Select(choices=[("", _("As usual")), *choices], attrs={"class": "input"})
            self.fields[name] = forms.CharField(label=label, required=False, max_length=32, widget=widget)
        self.fields["with"] = forms.CharField(
            label=_("Or with another agreement"),
            required=False,
            max_length=32,
            help_text=_("Its reference, such as A-2026-0003."),
            widget=forms.TextInput(attrs={"class": "input"}),
        )
