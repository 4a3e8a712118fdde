"""Input of the pages on access: the question, the request, the answer, and the terms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit.forms import Form, ModelForm, VersionField
from projects.ip.models import TERMS, AccessOffer, AccessRequest, Cause, Ground, Nature, Purpose

DAY = {"type": "date", "class": "input-short"}
# What no project has, and what fits a column of the database.
FIRST, LAST = date(1957, 1, 1), date(2200, 1, 1)


def parse_on(text: str) -> date | datetime:
    """A day, or an instant with its zone, as ISO 8601 writes them; ValidationError for anything else."""
    text = text.strip()
    try:
        on: date | datetime = datetime.fromisoformat(text) if "T" in text.upper() else date.fromisoformat(text)
    except ValueError:
        raise ValidationError(
            _("Write a day such as 2026-11-24, or an instant with its zone such as 2026-11-24T09:30+01:00."),
            code="invalid",
        ) from None
    if isinstance(on, datetime) and on.tzinfo is None:
        raise ValidationError(_("An instant needs its zone, for example 2026-11-24T09:30+01:00."), code="zone")
    day = on.date() if isinstance(on, datetime) else on
    if not FIRST <= day <= LAST:
        raise ValidationError(_("Choose a day between 1957 and 2200."), code="range")
    return on


class QuestionForm(Form):
    """May this agency use this asset for this purpose on this day? Read from the address, so that it can be sent on."""

    asset = forms.CharField(
        label=gettext_lazy("Asset"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "IP-2026-0012"}),
        help_text=gettext_lazy("Its reference."),
    )
    agency = forms.CharField(
        label=gettext_lazy("Agency"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "ESA"}),
        help_text=gettext_lazy("Its reference, as a rule its acronym."),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Purpose.choices)
    on = forms.CharField(
        label=gettext_lazy("On"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("A day at the owner's seat, or an instant with its zone. Empty means today."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2026-11-24"}),
    )

    def clean_asset(self) -> str:
        return str(self.cleaned_data["asset"]).strip().upper()

    def clean_agency(self) -> str:
        return str(self.cleaned_data["agency"]).strip().upper()

    def clean_on(self) -> date | datetime | None:
        text = self.cleaned_data["on"]
        return parse_on(text) if text.strip() else None


class RequestForm(ModelForm):
    """What is needed, and why."""

    class Meta:
        model = AccessRequest
        fields = ["need", "wanted_from", "wanted_to", "field", "territory", "affiliates", "software_form"]
        widgets = {
            "need": forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
            "wanted_from": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "wanted_to": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "affiliates": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        }

    def __init__(self, *args: Any, nature: str, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if nature != Nature.SOFTWARE:
            del self.fields["software_form"]
        self.fields["affiliates"].required = purpose == Purpose.AFFILIATES
        if self.instance.pk:
            self.fields["version"] = VersionField(initial=self.instance.version)

    def _post_clean(self) -> None:
        """The action checks against the row it has locked."""

    def typed(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields}


class TermsForm(ModelForm):
    """The terms of an offer or of a counter-offer."""

    note = forms.CharField(
        label=gettext_lazy("What you want to say with it"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    class Meta:
        model = AccessOffer
        fields = list(TERMS)
        widgets = {
            "starts_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            **{
                name: forms.Textarea(attrs={"rows": 2, "dir": "auto"})
                for name in ("royalty_words", "affiliates", "improvements", "confidentiality", "reporting")
            },
        }

    def _post_clean(self) -> None:
        """The action builds the offer and checks it."""

    def typed(self) -> dict[str, Any]:
        terms = {name: self.cleaned_data[name] for name in TERMS}
        return {**terms, "note": self.cleaned_data["note"]}


class WordsForm(Form):
    """A question or an answer of the conversation."""

    body = forms.CharField(
        label=gettext_lazy("Words"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )


class NeedForm(Form):
    """What the owner remarks when it accepts the need."""

    body = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class RefusalForm(Form):
    """One of the grounds that the agreement allows, and why it holds."""

    ground = forms.ChoiceField(label=gettext_lazy("Ground"), choices=Ground.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("Why"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(self, *args: Any, allowed: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if allowed is not None:
            self.fields["ground"].choices = [(value, label) for value, label in Ground.choices if value in allowed]  # type: ignore[attr-defined]


class AcceptForm(Form):
    """Which terms the person was shown."""

    number = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class RevokeForm(Form):
    """Why a right is cut short."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Cause"),
        choices=[(one.value, one.label) for one in (Cause.BREACH, Cause.AUTHORISATION)],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("What happened"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class UsedUpForm(Form):
    """What was used."""

    reason = forms.CharField(
        label=gettext_lazy("What was used"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
