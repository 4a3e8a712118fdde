"""Choosing what to compare: two versions of a text, the library's own, or another agreement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.forms import Form
from portal.kit.records import REF_PATTERN
from projects.agreements.models import Agreement
from projects.agreements.sides import MODEL


class CompareForm(Form):
    """Its fields are named as the parameters of the address are."""

    def __init__(self, *args: Any, actor: Actor, versions: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
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

    def clean(self) -> dict[str, Any]:
        """A reference that was mistyped is said at its field, in the words that also hide what its reader cannot know."""
        for name in self.fields:
            key = self.cleaned_data.get(name, "")
            if re.fullmatch(REF_PATTERN, key) and not Agreement.objects.visible_to(self.actor).filter(ref=key).exists():
                self.add_error(name, _("No such agreement that you can see."))
        return self.cleaned_data
