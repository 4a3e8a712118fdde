"""What people type about agencies and about themselves; the forms only parse."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from agencies import languages, taxonomy, zones
from agencies.actions.agencies import CHECKED, PROFILE
from agencies.models import Agency, Kind, Person
from agencies.models.agencies import INTERNATIONAL
from agencies.widgets import LongSelect, LongSelectMultiple
from portal.kit.forms import ModelForm, VersionField

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

    language = forms.ChoiceField(
        label=_("Language"),
        choices=lazy(languages.choices, list)(),
        help_text=_(
            "Yours, and that of your native name. The portal speaks English today, and yours once it is translated."
        ),
    )
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
