"""What people type about the parties of a text: as what each is bound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.kit.forms import Form, VersionField
from projects.agreements.actions.parties import BOUND_AS_LENGTH, FIELD, check_bound_as
from projects.agreements.models import Agreement, Party


class BoundAsForm(Form):
    """A line for each party of which the reader may say it."""

    version = VersionField()

    def __init__(self, *args: Any, agreement: Agreement, parties: Iterable[Party], **kwargs: Any) -> None:
        named = {FIELD + party.agency.ref: party for party in parties}
        kwargs["initial"] = {"version": agreement.version, **{name: row.bound_as for name, row in named.items()}}
        super().__init__(*args, **kwargs)
        for name, party in named.items():
            self.fields[name] = forms.CharField(
                label=_("%(agency)s is bound as") % {"agency": party.agency.acronym}, required=False,
                max_length=BOUND_AS_LENGTH, validators=[check_bound_as],
                widget=forms.TextInput(attrs={"class": "input"}),
            )  # fmt: skip

    @property
    def bound_as(self) -> dict[str, str]:
        """What was typed, by reference of party."""
        typed = self.cleaned_data.items()
        return {name.removeprefix(FIELD): words for name, words in typed if name.startswith(FIELD)}
