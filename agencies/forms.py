"""What people type about agencies, their people, mandates and tokens; the forms only parse."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from agencies import languages, reauthentication, taxonomy, zones
from agencies.actions.agencies import CHECKED, PROFILE
from agencies.models import Agency, InstrumentKind, Kind, Membership, Person, Role, Scope
from agencies.models.agencies import INTERNATIONAL
from agencies.widgets import LongSelect, LongSelectMultiple
from portal.kit.actors import Actor
from portal.kit.forms import Form, ModelForm, VersionField, show

DATE = forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d")
ROLES: dict[str, Any] = {
    "label": _("Roles"),
    "choices": Role.choices,
    "widget": forms.CheckboxSelectMultiple,
    "help_text": _("What the person may do for the agency. Only a signatory can hold a mandate to sign."),
}
KIND_HINTS = {
    Kind.AGENCY: _("A national body with a mandate in space"),
    Kind.INTERGOVERNMENTAL: _("Founded by states"),
    Kind.INSTITUTE: _("Research body, public or private"),
    Kind.COMPANY: _("Name a verified agency you work with under “About”; an operator asks it"),
}
PDF = b"%PDF-"
FILE_HELP = _("PDF up to 20 MB. Only operators read it.")


def zone_choices() -> list[tuple[str, str]]:
    return [("", str(_("Choose"))), *zones.choices()]


def country_choices() -> list[tuple[str, str]]:
    return _countries_in(get_language())


@lru_cache(maxsize=16)
def _countries_in(language: str | None) -> list[tuple[str, str]]:
    return [("", str(_("Choose"))), (INTERNATIONAL, str(_("International"))), *countries]


class ProfileForm(ModelForm):
    """An agency as it describes itself; `country` is a code, or INT for an international one."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect)
    country = forms.ChoiceField(label=_("Country"), choices=lazy(country_choices, list)(), widget=LongSelect)
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lazy(zone_choices, list)(),
        widget=LongSelect,
        help_text=_("Deadlines for your agency are counted in this zone."),
        error_messages={"required": _("Choose a time zone.")},
    )
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=[(day + 1, name) for day, name in WEEKDAYS_ABBR.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "row"}),
        initial=[1, 2, 3, 4, 5],
    )
    languages = forms.MultipleChoiceField(
        label=_("Working languages"),
        choices=lazy(languages.choices, list)(),
        widget=LongSelectMultiple(attrs={"size": 8}),
        help_text=_("Hold Ctrl or ⌘ to choose several."),
        required=False,
    )
    native_language = forms.ChoiceField(
        label=_("Its language"),
        choices=lazy(lambda: [("", str(_("As the first working language"))), *languages.choices()], list)(),
        widget=LongSelect,
        required=False,
    )
    capabilities = forms.MultipleChoiceField(
        label=_("Capabilities"),
        choices=lazy(taxonomy.choices, list)(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What others find you by: NASA taxonomy, 2020."),
        required=False,
    )
    founding_act = forms.FileField(label=_("Founding act or statute"), help_text=FILE_HELP, required=False)
    version = VersionField(required=False)

    class Meta:
        model = Agency
        fields = [name for name in PROFILE if name not in ("is_international", "sponsor")]
        help_texts = {
            "domain": _("Have the applicant's address under it, such as name@agency.example: that is your proof."),
            "about": _("What you do, and what you look for in a partner. Markdown works."),
            "default_marking": _("How far what you write may travel unless one says otherwise."),
        }
        widgets = {
            "acronym": forms.TextInput(attrs={"class": "input-short"}),
            "city": forms.TextInput(attrs={"class": "input-medium", "autocomplete": "address-level2"}),
            "domain": forms.TextInput(attrs={"class": "input-medium", "inputmode": "url"}),
            "about": forms.Textarea(attrs={"rows": 6}),
        }
        error_messages = {"legal_name": {"required": _("Enter the legal name as in the founding act.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["country"] = self.instance.code
            self.initial["version"] = self.instance.version
            self.initial.pop("founding_act", None)
        if self.instance.is_verified:
            for name in CHECKED & set(self.fields):
                del self.fields[name]

    def _post_clean(self) -> None:
        """The action judges the record as a whole; the form has read each field."""

    def clean_founding_act(self) -> Any:
        """A PDF, told from its first bytes; what else it must be, the storage judges."""
        upload = self.cleaned_data["founding_act"]
        if upload and not upload.read(len(PDF)) == PDF:
            raise forms.ValidationError(_("Choose a PDF file."))
        if upload:
            upload.seek(0)
        return upload

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The radio buttons with the words under them."""
        return [{"radio": radio, "hint": KIND_HINTS.get(radio.data["value"], "")} for radio in self["kind"]]

    @property
    def profile(self) -> dict[str, Any]:
        """The parsed profile; the founding act is still an upload."""
        parsed = {
            name: value for name, value in self.cleaned_data.items() if name in PROFILE and name != "founding_act"
        }
        if "country" in parsed:
            parsed["is_international"] = parsed["country"] == INTERNATIONAL
            parsed["country"] = "" if parsed["is_international"] else parsed["country"]
        return parsed


class AccountForm(ModelForm):
    """How one is written, spoken to and found at work."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lazy(zones.choices, list)(),
        widget=LongSelect,
        help_text=_("Every time you read is shown in this zone, with its name."),
    )

    class Meta:
        model = Person
        fields = ["name", "native_name", "language", "zone", "day_start", "day_end", "theme"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "day_start": forms.TimeInput(attrs={"type": "time", "class": "input-short"}, format="%H:%M"),
            "day_end": forms.TimeInput(attrs={"type": "time", "class": "input-short"}, format="%H:%M"),
            "theme": forms.RadioSelect,
        }

    def _post_clean(self) -> None:
        """The action judges the record; the form has read each field."""


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
