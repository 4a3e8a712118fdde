"""Input of the IP register."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from portal.kit.forms import Form, ModelForm, VersionField
from projects.ip.models import Asset, Origin
from projects.models import Project

SHARE = "share_"
PROTECTION = ("protection_office", "protection_number", "protected_on", "marking", "artefact_licence")
LIMITS = ("limits_implementation", "limits_exploitation")
PLACE = ("made_in", "made_element", "made_registry")
MAKING = ("generated_on", *PLACE)


class PercentField(forms.DecimalField):
    """A percentage as people write it: 33.3333 or 33,3333, with or without the sign."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input-short num"})
        super().__init__(**{"localize": False, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        typed = str(value or "").strip().removesuffix("%").rstrip()
        if typed.count(",") == 1 and "." not in typed:
            typed = typed.replace(",", ".")
        return super().to_python(typed)


def country_field(field: forms.Field) -> forms.ChoiceField:
    """The countries of the world by name, in place of a field for their codes."""
    names = sorted(countries, key=lambda country: unaccented(country.name))
    options = [("", _("Not said")), *((country.code, country.name) for country in names)]
    return forms.ChoiceField(
        label=field.label,
        help_text=field.help_text,
        required=False,
        choices=options,
        widget=forms.Select(attrs={"class": "input"}),
    )


def unaccented(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().casefold()


class Shares:
    """A number for every party, mixed into a form; what is wrong with them together is said at `shares`."""

    fields: dict[str, forms.Field]
    errors: ErrorDict
    cleaned_data: dict[str, Any]

    def add_shares(self, project: Project, shown: dict[str, Decimal]) -> None:
        self.fields["shares"] = forms.CharField(label=_("Owners' shares"), required=False, widget=forms.HiddenInput)
        for row in project.parties():
            field = PercentField(label=row.agency.acronym, required=False, initial=shown.get(row.agency.ref))
            field.widget.attrs["class"] = "input input-short num"
            self.fields[SHARE + row.agency.ref] = field

    @property
    def share_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(SHARE)]  # type: ignore[index]

    @property
    def share_errors(self) -> list[str]:
        """What is wrong with the shares together, and with each."""
        named = [f"{field.label}: {error}" for field in self.share_fields for error in field.errors]
        return [*self.errors.get("shares", []), *named]

    def typed_shares(self) -> dict[str, Decimal | None]:
        return {name.removeprefix(SHARE): self.cleaned_data.get(name) for name in self.fields if name.startswith(SHARE)}


class AssetForm(Shares, ModelForm):
    """What the register says of an asset; which fields there are depends on where it comes from."""

    class Meta:
        model = Asset
        fields = ["title", "nature", "description", "is_excluded", *LIMITS, *MAKING, *PROTECTION]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "limits_implementation": forms.Textarea(attrs={"rows": 2}),
            "limits_exploitation": forms.Textarea(attrs={"rows": 2}),
            "generated_on": forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d"),
            "protected_on": forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, origin: str, project: Project | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("made_in", "made_registry"):
            self.fields[name] = country_field(self.fields[name])
        if origin != Origin.BACKGROUND:
            del self.fields["is_excluded"]
        if origin == Origin.BACKGROUND:
            for name in MAKING:
                del self.fields[name]
        if project is not None:
            self.add_shares(project, {})
        if self.instance.pk:
            self.fields["version"] = VersionField(initial=self.instance.version)

    def _post_clean(self) -> None:
        """The action checks against the row it has locked; setting the values here would only hide what changed."""

    def typed(self) -> dict[str, Any]:
        """The fields of the register, as the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields}


class SharesForm(Shares, Form):
    """Who owns which part."""

    version = VersionField()

    def __init__(self, *args: Any, asset: Asset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = asset.version
        self.add_shares(
            asset.project, {share.agency.ref: Decimal(share.words) for share in asset.shares.all() if share.agency}
        )


class ContestForm(Form):
    """Why an entry is not right."""

    reason = forms.CharField(
        label=_("What is not right"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Say what is not right, so that the other party can answer.")},
        help_text=_(
            "For example: made before the project, made together with us, or not theirs. The other parties read it."
        ),
    )
