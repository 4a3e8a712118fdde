"""Input about what belongs to an asset: contributors, contributions, protection, title, licences, changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.forms import Form, ModelForm, VersionField
from projects.ip.actions import Named
from projects.ip.forms.assets import PercentField, Shares
from projects.ip.keepers import keepers_of
from projects.ip.models import (
    AbandonmentOffer,
    Asset,
    BackgroundChange,
    ChangeKind,
    Contribution,
    ContributorRole,
    Licence,
    ProtectionStep,
    StepKind,
    TitleTransfer,
)
from projects.ip.naming import nameable
from projects.ip.shares import secured_owners

MORE_ROWS = 3
DAY = {"type": "date", "class": "input-short"}


class ReasonForm(Form):
    """A reason that the others read."""

    reason = forms.CharField(
        label=_("Reason"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label


class _Checked(ModelForm):
    """The action checks against what it has locked."""

    def _post_clean(self) -> None:
        return

    def typed(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class ContributorsForm(Form):
    """A row for everybody who is named, and some more."""

    version = VersionField()
    contributors = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asset: Asset, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = asset.version
        named = list(asset.contributors.all())
        people = {
            str(one.person.uid): f"{one.person.name} ({one.agency.acronym})"
            for one in nameable(asset.project, actor)
            if one.agency
        }
        for row in named:
            if row.person is not None:
                people.setdefault(str(row.person.uid), row.name)
        self.count = max(len(named), self._posted()) + MORE_ROWS if not self.is_bound else self._posted()
        for number in range(self.count):
            shown = named[number] if number < len(named) else None
            self._add_row(number, [("", "-"), *people.items()], shown)

    def _posted(self) -> int:
        return min(100, sum(1 for name in self.data if name.endswith("_percent"))) if self.is_bound else 0

    def _add_row(self, number: int, people: list[tuple[str, str]], row: Any) -> None:
        select, text = forms.Select(attrs={"class": "input"}), forms.TextInput(attrs={"class": "input", "dir": "auto"})
        person = str(row.person.uid) if row is not None and row.person is not None else ""
        self.fields[f"row{number}_person"] = forms.ChoiceField(
            choices=people, required=False, initial=person, widget=select
        )
        outside = row.name if row is not None and row.person is None else ""
        self.fields[f"row{number}_name"] = forms.CharField(max_length=200, required=False, initial=outside, widget=text)
        self.fields[f"row{number}_role"] = forms.ChoiceField(
            choices=ContributorRole.choices, initial=row.role if row else ContributorRole.INVENTOR, required=False,
            widget=forms.Select(attrs={"class": "input"}),
        )  # fmt: skip
        percent = PercentField(required=False, initial=Decimal(row.words) if row else None)
        percent.widget.attrs["class"] = "input input-short num"
        self.fields[f"row{number}_percent"] = percent

    @property
    def rows(self) -> list[dict[str, forms.BoundField]]:
        names = ("person", "name", "role", "percent")
        return [{name: self[f"row{number}_{name}"] for name in names} for number in range(self.count)]

    @property
    def row_errors(self) -> list[str]:
        own = [error for row in self.rows for field in row.values() for error in field.errors]
        return [*self.errors.get("contributors", []), *own]

    def typed(self) -> list[Named]:
        """The rows in which something was typed."""
        cells: list[list[Any]] = [
            [self.cleaned_data.get(f"row{number}_{name}") for name in ("role", "percent", "person", "name")]
            for number in range(self.count)
        ]
        return [
            Named(role, percent, person or "", name or "") for role, percent, person, name in cells if person or name
        ]


class AssertForm(_Checked):
    """A part that one's agency made."""

    percent = PercentField(label=_("Share that follows from it, in percent"))

    class Meta:
        model = Contribution
        fields = ["percent", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 5, "dir": "auto"})}


class AcceptForm(Shares, Form):
    """The shares as they will be, with one for whoever asserted."""

    version = VersionField()

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asset = contribution.asset
        self.fields["version"].initial = asset.version
        self.add_shares(asset.project, proposed(contribution))


def proposed(contribution: Contribution) -> dict[str, Decimal]:
    """The shares after the assertion: its percentage, and what then remains; what passed to others they keep."""
    asset = contribution.asset
    secured = secured_owners(asset) - {agency.pk for agency in keepers_of(asset)}
    others = [share for share in asset.owners() if share.agency_id != contribution.agency_id]
    shown = {share.holder: share.percent for share in others if share.agency is None or share.agency_id in secured}
    left = max(Decimal(100) - contribution.percent - sum(shown.values(), Decimal(0)), Decimal(0))
    rest = {share.holder: share.percent for share in others if share.holder not in shown}
    held = sum(rest.values(), Decimal(0))
    shown |= {holder: (percent * left / held).quantize(Decimal("0.0001")) for holder, percent in rest.items()}
    shown[contribution.agency.ref] = Decimal(100) - sum(shown.values(), Decimal(0))
    return {ref: Decimal(f"{percent.normalize():f}") for ref, percent in shown.items()}


class StepForm(_Checked):
    """What happened to a right; giving it up has a way of its own."""

    kind = forms.ChoiceField(
        label=_("What happened"), choices=[one for one in StepKind.choices if one[0] != StepKind.ABANDONED]
    )

    class Meta:
        model = ProtectionStep
        fields = ["kind", "office", "number", "on", "territory", "remark"]
        widgets = {"on": forms.DateInput(attrs=DAY, format="%Y-%m-%d")}


class OfferForm(_Checked):
    """A right that one is about to give up."""

    class Meta:
        model = AbandonmentOffer
        fields = ["office", "number", "territory", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 4, "dir": "auto"})}


def party_choices(asset: Asset, actor: Actor) -> list[tuple[str, str | Promise]]:
    """The other parties of the project, or nobody of them."""
    rows = [row.agency for row in asset.project.parties() if row.agency_id != actor.agency_id]
    return [("", _("Somebody outside the project")), *((agency.ref, agency.acronym) for agency in rows)]


class TransferForm(_Checked):
    """Whose the share will be."""

    to = forms.ChoiceField(label=_("To"), required=False)
    to_name = forms.CharField(label=_("or somebody outside"), max_length=200, required=False)
    percent = PercentField(label=_("Share in percent"))

    class Meta:
        model = TitleTransfer
        fields = ["to", "to_name", "percent", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3, "dir": "auto"})}

    def __init__(self, *args: Any, asset: Asset, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = party_choices(asset, actor)  # type: ignore[attr-defined]
        own = next((share for share in asset.owners() if share.agency_id == actor.agency_id), None)
        self.fields["percent"].initial = Decimal(own.words) if own else None


class CompleteForm(_Checked):
    """The deed, by its hash: the document itself stays with those who signed it."""

    class Meta:
        model = TitleTransfer
        fields = ["document_hash"]


class LicenceForm(_Checked):
    """Who may use it, how, and from when."""

    licensee = forms.ChoiceField(label=_("Licensee"), required=False)
    licensee_name = forms.CharField(label=_("or somebody outside"), max_length=200, required=False)

    class Meta:
        model = Licence
        fields = ["licensee", "licensee_name", "starts_on", "ends_on", "is_exclusive", "field", "territory"]
        widgets = {
            "starts_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, asset: Asset, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licensee"].choices = party_choices(asset, actor)  # type: ignore[attr-defined]


class NarrowingForm(_Checked):
    """How the access becomes narrower, and why."""

    kind = forms.ChoiceField(label=_("What changes"), choices=ChangeKind.choices)

    class Meta:
        model = BackgroundChange
        fields = ["kind", "reason", "limits_implementation", "limits_exploitation"]
        widgets = {
            "reason": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            "limits_implementation": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "limits_exploitation": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        }
