"""What people type about entry into force: the rule, and an act of their agency."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit.forms import Form, VersionField
from projects.agreements.actions.force import ANSWERS, REFERENCE_LENGTH, WORDS_LENGTH
from projects.agreements.entry.answers import CUSTOM, QUESTION
from projects.agreements.entry.current import rule_of
from projects.agreements.entry.grammar import MAX_TEXT, read, to_json
from projects.agreements.models import ActKind, Agreement
from projects.agreements.profile import questions_of

SHARE = "share_"


class ActForm(Form):
    """An act of one's own agency, of the kinds that the rule still asks of it."""

    kind = forms.ChoiceField(label=gettext_lazy("Act"))
    done_on = forms.DateField(
        label=gettext_lazy("Done on"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The day of the act itself. It counts from the moment at which you record it here."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        required=False,
        max_length=REFERENCE_LENGTH,
        help_text=gettext_lazy("Of the instrument, the decree or the note, as your registry files it."),
    )
    words = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=WORDS_LENGTH,
        help_text=gettext_lazy("All parties read it."),
    )

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, ActKind(kind).label) for kind in kinds]  # type: ignore[attr-defined]


class EntryRuleForm(Form):
    """One of the usual rules with its parameters, or a rule of the parties' own, and the shares that a rule may count."""

    version = VersionField()

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        questions = questions_of(agreement.kind)
        self.asked = [key for key in ANSWERS if key in questions]
        self.parties = [(SHARE + party.agency.ref, party) for party in agreement.party_list]
        kwargs["initial"] = {
            "version": agreement.version,
            "rule": json.dumps(to_json(rule_of(agreement)), indent=2),
            **{key: agreement.profile.get(key, questions[key].default) for key in self.asked},
            **{name: party.share for name, party in self.parties},
        }
        super().__init__(*args, **kwargs)
        for key in self.asked:
            self.fields[key] = questions[key].form_field()
            self.fields[key].required = key == QUESTION
        self.fields["rule"] = forms.CharField(
            label=_("A rule of the parties’ own"),
            required=False,
            max_length=MAX_TEXT,
            widget=forms.Textarea(attrs={"rows": 8, "class": "code", "spellcheck": "false", "dir": "ltr"}),
            help_text=_("As JSON. It counts when you choose such a rule above; the forms are listed below."),
        )
        for name, party in self.parties:
            self.fields[name] = forms.DecimalField(
                label=_("Share of %(agency)s, in percent") % {"agency": party.agency.acronym},
                required=False,
                min_value=0,
                max_value=100,
                max_digits=7,
                decimal_places=4,
                widget=forms.NumberInput(attrs={"class": "input-short"}),
            )
        for name in (*self.asked, "rule", *(name for name, _party in self.parties)):
            if not isinstance(self.fields[name].widget, forms.RadioSelect | forms.CheckboxInput):
                classes = self.fields[name].widget.attrs.get("class", "")
                self.fields[name].widget.attrs["class"] = f"input {classes}".strip()

    def clean_rule(self) -> dict[str, Any] | None:
        """The rule that was typed, read only where it is the one that was chosen."""
        text = self.cleaned_data["rule"]
        if self.cleaned_data.get(QUESTION) != CUSTOM or not text.strip():
            return None
        return to_json(read(text))

    @property
    def chosen(self) -> dict[str, Any]:
        """What the action takes."""
        typed = self.cleaned_data
        shares: dict[str, Decimal | None] = {name.removeprefix(SHARE): typed[name] for name, _party in self.parties}
        return {
            "answers": {key: typed[key] for key in self.asked if typed[key] is not None},
            "rule": typed["rule"],
            "shares": shares,
            "version": typed["version"],
        }

    def answer_fields(self) -> list[forms.BoundField]:
        return [self[key] for key in self.asked]

    def share_fields(self) -> list[forms.BoundField]:
        return [self[name] for name, _party in self.parties]
