"""Input of a disclosure: its words in one form, its contributors in another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from portal.kit.actors import Actor
from portal.kit.forms import Form, ModelForm, VersionField
from projects.ip.forms.assets import PercentField
from projects.ip.models import Asset, ContributorRole, Disclosure, Employer
from projects.ip.terms import terms_of
from projects.models import Project

DAY = {"type": "date", "class": "input-short"}
LONG = {"title", "abstract", "problem", "novelty", "description"}
BLANK_DATES, BLANK_PEOPLE = 2, 3
PERSON = ("who", "agency_name", "role", "employer", "percent", "part")
WHOSE = "contributors"


class AssetsField(forms.MultipleChoiceField):
    """Assets of the register by reference; the action looks them up anew."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def validate(self, value: list[str]) -> None:
        """The action says what is not in the register, as it does to the API."""


class DisclosureForm(ModelForm):
    """Everything one is asked of an invention; a draft may leave all but the title open."""

    background = AssetsField(label=_("Background relied on"))
    results = AssetsField(label=_("Results it feeds"))
    public_dates = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Disclosure
        fields = [
            "title",
            "abstract",
            "problem",
            "novelty",
            "description",
            "effort",
            "conceived_on",
            "reduced_on",
            "made_in",
            "made_element",
            "made_registry",
            "funding",
            "agreement_ref",
            "marking",
            "filing_days",
        ]
        widgets = {
            "abstract": forms.Textarea(attrs={"rows": 4}),
            "problem": forms.Textarea(attrs={"rows": 4}),
            "novelty": forms.Textarea(attrs={"rows": 4}),
            "description": forms.Textarea(attrs={"rows": 14}),
            "conceived_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "reduced_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "filing_days": forms.NumberInput(attrs={"class": "input-short num"}),
        }

    def __init__(self, *args: Any, project: Project, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = self.instance.pk is not None
        shown = [("", _("Not stated")), *countries]
        for name in ("made_in", "made_registry"):
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label,
                choices=shown,
                required=False,
                widget=forms.Select(attrs={"class": "input"}),
            )
        binding = [terms for terms in terms_of(project) if actor.agency is not None and terms.binds([actor.agency.ref])]
        self.fields["agreement_ref"] = forms.ChoiceField(
            label=_("Made under the agreement"),
            choices=[
                ("", _("None, or not known yet")),
                *((one.agreement, f"{one.agreement} {one.title}") for one in binding),
            ],
            required=False,
            widget=forms.Select(attrs={"class": "input"}),
        )
        register = list(
            Asset.objects.visible_to(actor)
            .filter(project=project)
            .standing()
            .order_by("origin", "pk")
            .only("ref", "title", "origin")[:500]
        )
        self._offer("background", [asset for asset in register if asset.origin != Asset.Origin.RESULT])
        self._offer("results", [asset for asset in register if asset.origin == Asset.Origin.RESULT])
        self._add_dates([(row.on, row.where) for row in self.instance.public_dates.all()] if saved else [])
        if saved:
            self.fields["version"] = VersionField(initial=self.instance.version)

    def _offer(self, name: str, assets: list[Asset]) -> None:
        field: Any = self.fields[name]
        field.choices = [(asset.ref, f"{asset.title} ({asset.ref})") for asset in assets]
        if self.instance.pk is not None:
            self.initial[name] = [asset.ref for asset in getattr(self.instance, name).all()]
        if not assets:
            del self.fields[name]

    def _add_dates(self, known: list[tuple[date, str]]) -> None:
        typed = sum(name.startswith("public_on_") for name in self.data) if self.is_bound else 0
        for index in range(min(max(len(known) + BLANK_DATES, typed), 60)):
            on, where = known[index] if index < len(known) else (None, "")
            self.fields[f"public_on_{index}"] = forms.DateField(
                label=_("Day"),
                required=False,
                initial=on,
                widget=forms.DateInput(attrs={**DAY, "class": "input input-short"}, format="%Y-%m-%d"),
            )
            self.fields[f"public_where_{index}"] = forms.CharField(
                label=_("Where"),
                required=False,
                initial=where,
                max_length=300,
                widget=forms.TextInput(attrs={"class": "input"}),
            )

    @property
    def date_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The day and the place of each public disclosure, the blank ones last."""
        for name in self.fields:
            if name.startswith("public_on_"):
                yield self[name], self[name.replace("_on_", "_where_")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.dates: list[tuple[date, str]] = []
        for name in [name for name in self.fields if name.startswith("public_on_")]:
            place = name.replace("_on_", "_where_")
            on, where = cleaned.get(name), cleaned.get(place, "").strip()
            if on and not where:
                self.add_error(place, _g("Say where."))
            elif where and not on and name not in self.errors:
                self.add_error(name, _g("Say on which day."))
            elif on:
                self.dates.append((on, where))
        return cleaned

    def _post_clean(self) -> None:
        """The action checks against the row it has locked; setting the values here would only hide what changed."""

    def typed(self) -> dict[str, Any]:
        """What the actions take."""
        words = {name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields}
        lists = {name: self.cleaned_data[name] for name in ("background", "results") if name in self.fields}
        return words | lists | {"public_dates": self.dates}


class ContributorsForm(Form):
    """Who made it: one row for each person, and a few blank ones."""

    version = VersionField()
    contributors = forms.CharField(label=_("Contributors"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, disclosure: Disclosure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = disclosure.version
        known = [_typed_before(row) for row in disclosure.contributors.all()]
        typed = sum(name.endswith(".who") for name in self.data) if self.is_bound else 0
        for index in range(min(max(len(known) + BLANK_PEOPLE, typed), 60)):
            self._add_row(index, known[index] if index < len(known) else {})

    def _add_row(self, index: int, known: dict[str, Any]) -> None:
        text, choose = forms.TextInput(attrs={"class": "input"}), forms.Select(attrs={"class": "input"})
        made: dict[str, forms.Field] = {
            "who": forms.CharField(
                label=_("E-mail address, or name"), required=False, max_length=254, widget=text,
            ),
            "agency_name": forms.CharField(label=_("Works for"), required=False, max_length=200, widget=text),
            "role": forms.ChoiceField(label=_("Role"), choices=ContributorRole.choices, required=False, widget=choose),
            "employer": forms.ChoiceField(label=_("Employer"), choices=Employer.choices, required=False, widget=choose),
            "percent": PercentField(label=_("Share in percent"), required=False),
            "part": forms.CharField(
                label=_("What they contributed"), required=False, max_length=4_000,
                widget=forms.Textarea(attrs={"rows": 2, "class": "input", "dir": "auto"}),
            ),
        }  # fmt: skip
        made["percent"].widget.attrs["class"] = "input input-short num"
        for name, field in made.items():
            field.initial = known.get(name)
            self.fields[f"{WHOSE}.{index}.{name}"] = field

    @property
    def rows(self) -> Iterator[list[forms.BoundField]]:
        for name in self.fields:
            if name.endswith(".who"):
                stem = name.removesuffix("who")
                yield [self[f"{stem}{part}"] for part in PERSON]

    def typed(self) -> list[dict[str, Any]]:
        """The rows in which somebody is named or something is said, in order."""
        found = []
        for name in self.fields:
            if name.endswith(".who"):
                stem = name.removesuffix("who")
                row = {part: self.cleaned_data.get(f"{stem}{part}") for part in PERSON}
                found.append(row)
        while found and not any(found[-1][part] for part in ("who", "agency_name", "percent", "part")):
            found.pop()
        return [{**row, "part": row["part"] or ""} for row in found]


class FileForm(Form):
    """A file that belongs to the disclosure."""

    file = forms.FileField(label=_("File"))
    words = forms.CharField(label=_("What it shows"), required=False, max_length=200)


def _typed_before(row: Any) -> dict[str, Any]:
    """A contributor by name and agency. SECURITY: an address that one person typed is not shown to the next."""
    return {
        "who": row.name,
        "agency_name": row.agency_name,
        "role": row.role,
        "employer": row.employer,
        "percent": row.words,
        "part": row.part,
    }
