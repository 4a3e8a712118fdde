"""What people type about the places under a text: the plan, the names, handing over, and the time for signing."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from portal.kit.forms import Form, VersionField
from projects.agreements.models import Agreement, SlotRole
from projects.agreements.models.slot import MOST_ORDERS, MOST_SIGNERS
from projects.agreements.signing.call import Terms
from projects.agreements.signing.places import Place

EMPTY_LINES = 3
COLUMNS = ("agency", "role", "order", "needed")
DAYS = re.compile(r"\d{1,3}")


class PlanForm(Form):
    """Every place in a line, with a few empty lines; a line without an agency is left out."""

    version = VersionField()

    def __init__(self, *args: Any, agreement: Agreement, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = agreement.version
        self.count = len(places) + EMPTY_LINES
        agencies = [(party.agency.ref, party.agency.acronym) for party in agreement.party_list]
        for number in range(1, self.count + 1):
            place = places[number - 1] if number <= len(places) else None
            self._add_line(number, agencies, place)

    def _add_line(self, number: int, agencies: list[tuple[str, str]], place: Place | None) -> None:
        told = {"number": number}
        self.fields[f"agency_{number}"] = forms.ChoiceField(
            label=_("Agency, line %(number)s") % told, choices=[("", _("Nobody")), *agencies], required=False,
            initial=place.agency.ref if place else "",
        )  # fmt: skip
        self.fields[f"role_{number}"] = forms.ChoiceField(
            label=_("What it does, line %(number)s") % told, choices=SlotRole.choices, required=False,
            initial=place.role if place else SlotRole.SIGNER,
        )  # fmt: skip
        self.fields[f"order_{number}"] = _Number(
            _("Order, line %(number)s") % told, MOST_ORDERS, place.order if place else 1
        )
        self.fields[f"needed_{number}"] = _Number(
            _("Persons, line %(number)s") % told, MOST_SIGNERS, place.needed if place else 1
        )
        for column in COLUMNS:
            self.fields[f"{column}_{number}"].widget.attrs["class"] = "input"

    @property
    def lines(self) -> list[dict[str, Any]]:
        typed = self.cleaned_data
        rows = [{name: typed[f"{name}_{number}"] for name in COLUMNS} for number in range(1, self.count + 1)]
        return [{**row, "order": row["order"] or 1, "needed": row["needed"] or 1} for row in rows if row["agency"]]

    @property
    def columns(self) -> list[str]:
        return [_("Agency"), _("What it does"), _("Order"), _("Persons")]

    def rows(self) -> list[list[tuple[forms.BoundField, str]]]:
        """Each line as its fields, with the heads of their columns."""
        return [
            [(self[f"{name}_{number}"], head) for name, head in zip(COLUMNS, self.columns, strict=True)]
            for number in range(1, self.count + 1)
        ]


class OrderForm(Form):
    """Under a frozen text: the order of each place that is not filled, and why it changes."""

    version = VersionField()
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("All parties read it, and it is kept."),
    )  # fmt: skip

    def __init__(self, *args: Any, agreement: Agreement, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = agreement.version
        self.places = list(places)
        for number, place in enumerate(self.places, start=1):
            if not place.done:
                label = _("Order of %(agency)s: %(role)s") % {
                    "agency": place.agency.acronym,
                    "role": place.role_name,
                }
                self.fields[f"order_{number}"] = _Number(label, MOST_ORDERS, place.order, required=True)
                self.fields[f"order_{number}"].widget.attrs["class"] = "input"

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "agency": place.agency.ref, "role": place.role, "needed": place.needed,
                "order": self.cleaned_data.get(f"order_{number}", place.order),
            }
            for number, place in enumerate(self.places, start=1)
        ]  # fmt: skip

    def orders(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("order_")]


class _Placed(Form):
    """About one place of one's own agency."""

    role = forms.ChoiceField(choices=SlotRole.choices, widget=forms.HiddenInput)
    order = forms.IntegerField(min_value=1, max_value=MOST_ORDERS, widget=forms.HiddenInput)


class NameForm(_Placed):
    """Who of one's agency fills a place; nobody ticked means whoever of it may."""

    before = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    persons = forms.MultipleChoiceField(
        label=gettext_lazy("Who may do it"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("With nobody ticked, whoever of your agency may do it is asked."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, required=False,
        help_text=gettext_lazy("Needed where somebody who is named is no longer. All parties read it, and it is kept."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        members: Sequence[Membership],
        place: Place | None = None,
        named: Sequence[str] = (),
        unable: Collection[Any] = (),
        **kwargs: Any,
    ) -> None:
        if place is not None:
            told = {"role": place.role, "order": place.order, "before": ",".join(named), "persons": list(named)}
            kwargs = {"initial": told, "prefix": None, "auto_id": f"id_{place.role}{place.order}_%s", **kwargs}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["persons"]
        field.choices = [(row.ref, _named(row, unable)) for row in members]

    @property
    def chosen(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {**typed, "before": [ref for ref in typed["before"].split(",") if ref]}


class HandOverForm(_Placed):
    """Who takes one's place, and why."""

    successor = forms.ChoiceField(label=gettext_lazy("Hand over to"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, help_text=gettext_lazy("All parties read it, and it is kept.")
    )

    def __init__(
        self,
        *args: Any,
        members: Sequence[Membership],
        place: Place | None = None,
        unable: Collection[Any] = (),
        **kwargs: Any,
    ) -> None:
        if place is not None:
            told = {"role": place.role, "order": place.order}
            kwargs = {"initial": told, "auto_id": f"id_over{place.role}{place.order}_%s", **kwargs}
        super().__init__(*args, **kwargs)
        self.has_successor = any(row.person.pk not in unable for row in members)
        field: Any = self.fields["successor"]
        field.choices = [("", _("Choose")), *((row.ref, _named(row, unable)) for row in members)]


class SignByForm(Form):
    """Another day for signing, or none, said on purpose."""

    sign_by = forms.DateField(
        label=gettext_lazy("Sign by"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The whole day counts, at the seat of the depositary."),
    )  # fmt: skip
    open_ended = forms.BooleanField(label=gettext_lazy("Without a last day"), required=False)

    is_asked = True

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if self.is_asked and "sign_by" in typed and bool(typed["sign_by"]) == bool(typed.get("open_ended")):
            self.add_error("sign_by", _("Name a day, or say that there is none."))
        return typed


class TermsForm(SignByForm):
    """What is asked for when a text is frozen; a plain button asks for the usual."""

    terms = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1)
    remind_days = forms.CharField(
        label=gettext_lazy("Remind so many days before"), required=False, max_length=60,
        help_text=gettext_lazy("Numbers with commas, such as 7, 3, 1. Only those whose turn it is are reminded."),
    )  # fmt: skip
    may_hand_over = forms.BooleanField(
        label=gettext_lazy("Who is named may hand over to somebody else of the same agency"), required=False
    )
    field_order = ["terms", "sign_by", "open_ended", "remind_days", "may_hand_over"]

    @property
    def is_asked(self) -> bool:  # type: ignore[override]  # the button alone asks for the usual
        return bool(self.cleaned_data.get("terms"))

    def clean_remind_days(self) -> tuple[int, ...]:
        words = [word.strip() for word in self.cleaned_data["remind_days"].split(",") if word.strip()]
        if not all(DAYS.fullmatch(word) for word in words):
            raise ValidationError(_("Numbers with commas, such as 7, 3, 1."))
        return tuple(int(word) for word in words)

    @property
    def asked(self) -> Terms | None:
        """The terms that were typed; None where the button alone was pressed."""
        typed = self.cleaned_data
        if not typed["terms"]:
            return None
        return Terms(typed["sign_by"], typed["remind_days"], typed["may_hand_over"])


class _Number(forms.IntegerField):
    def __init__(self, label: str, most: int, initial: int, *, required: bool = False) -> None:
        super().__init__(label=label, min_value=1, max_value=most, initial=initial, required=required)


def _named(member: Membership, unable: Collection[Any]) -> str:
    """SECURITY: shown to members of the same agency alone; the mandates of others are not told."""
    person = member.person
    name = f"{person.name} {person.native_name}".strip()
    name = f"{name}, {member.position}" if member.position else name
    return _("%(name)s (no mandate for this today)") % {"name": name} if person.pk in unable else name
