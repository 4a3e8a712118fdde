"""What people type to give rights: invitations, roles, mandates and tokens, each with a proof of who gives them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies import reauthentication
from agencies.models import InstrumentKind, Membership, Person, Role, Scope
from portal.kit.actors import Actor
from portal.kit.forms import Form, VersionField, show

DATE = forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d")
ROLES: dict[str, Any] = {
    "label": _("Roles"),
    "choices": Role.choices,
    "widget": forms.CheckboxSelectMultiple,
    "help_text": _("What the person may do for the agency. Only a signatory can hold a mandate to sign."),
}


class ProofForm(Form):
    """Base of what needs a fresh proof of who it is; the fields for it show only while there is none."""

    password = forms.CharField(
        label=_("Your password"),
        help_text=_("This gives rights to somebody, so please prove again that it is you."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "input-medium"}),
        strip=False,
    )
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input-short"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.proof = reauthentication.fresh(request)
        person = request.actor.person  # type: ignore[attr-defined]
        if self.proof is not None or not reauthentication.needs_code(person):
            del self.fields["code"]
        if self.proof is not None:
            del self.fields["password"]
        self.has_passkey = self.proof is None and reauthentication.has_passkey(person)

    def is_proved(self) -> bool:
        """Whether the form is valid and the person has proved who they are; what is wrong is shown beside its field."""
        if not self.is_valid():
            return False
        if self.proof is None:
            typed = self.cleaned_data
            try:
                self.proof = reauthentication.prove(
                    self.request, password=typed["password"], code=typed.get("code", "")
                )
            except reauthentication.NotProved as error:
                show(self, error)
        return self.proof is not None

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, without the proof."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("password", "code")}


class InviteForm(ProofForm):
    """Whom, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    roles = forms.MultipleChoiceField(**ROLES)
    position = forms.CharField(label=_("Position"), max_length=120, required=False)
    ends_on = forms.DateField(
        label=_("Member until"), help_text=_("Empty for as long as you wish."), widget=DATE, required=False
    )
    field_order = ["email", "roles", "position", "ends_on", "password", "code"]


class RolesForm(ProofForm):
    """What a member may do."""

    roles = forms.MultipleChoiceField(**ROLES)
    position = forms.CharField(label=_("Position"), max_length=120, required=False)
    version = VersionField(required=False)
    field_order = ["roles", "position", "version", "password", "code"]


class MandateForm(ProofForm):
    """Who may sign what, on the strength of which document."""

    person = forms.ChoiceField(label=_("Signatory"), error_messages={"required": _("Choose a signatory.")})
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of instrument"), choices=InstrumentKind.choices, widget=forms.CheckboxSelectMultiple
    )
    source_note = forms.CharField(
        label=_("What it rests on"),
        help_text=_("The decree, board decision or letter that gives this authority."),
        max_length=300,
    )
    source_file = forms.FileField(label=_("Document"), help_text=_("Only your agency reads it."), required=False)
    starts_on = forms.DateField(label=_("From"), widget=DATE)
    ends_on = forms.DateField(
        label=_("Until"), help_text=_("The end of this day in your agency's zone."), widget=DATE, required=False
    )
    project = forms.CharField(
        label=_("Only for the project"),
        help_text=_("Its reference, such as P-2026-0007."),
        max_length=32,
        required=False,
    )
    value_limit = forms.DecimalField(
        label=_("Up to the value of"),
        max_digits=18,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.NumberInput(attrs={"class": "input-medium"}),
        required=False,
    )
    currency = forms.CharField(
        label=_("Currency"),
        help_text=_("Three letters, such as EUR."),
        max_length=3,
        widget=forms.TextInput(attrs={"class": "input-short"}),
        required=False,
    )
    cosignature = forms.BooleanField(label=_("A second signature is needed"), required=False)
    field_order = [
        "person", "kinds", "source_note", "source_file", "starts_on", "ends_on", "project", "value_limit", "currency",
        "cosignature", "password", "code",
    ]  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signatories = Membership.objects.visible_to(actor).live().with_role(Role.SIGNATORY).select_related("person")
        self.people = {row.ref: row.person for row in signatories.order_by("person__name")}
        choices = [(ref, f"{person.name}, {person.email}") for ref, person in self.people.items()]
        self.fields["person"].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]

    def clean_person(self) -> Person:
        return self.people[self.cleaned_data["person"]]


class TokenForm(ProofForm):
    """A program that acts for a member."""

    name = forms.CharField(label=_("Name"), help_text=_("The program that will use it."), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.READ]
    )
    days = forms.IntegerField(
        label=_("Valid for, in days"),
        min_value=1,
        max_value=366,
        initial=90,
        widget=forms.NumberInput(attrs={"class": "input-short"}),
    )
    field_order = ["name", "scopes", "days", "password", "code"]


class ConsentForm(Form):
    """Joining an agency."""

    consent = forms.BooleanField(
        label=_("I want to join, and I agree that the members of this agency see my name, address and roles."),
        error_messages={"required": _("Tick this to join, or close the page.")},
    )
