"""Input about markings, export authorisations and the files of assets."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.files.markings import CLASSIFIED, DECLARABLE, Regime, Sharing
from portal.kit.forms import Form, VersionField
from projects.ip.models import AuthorisationKind, Basis, ExportAuthorisation
from projects.models import Project

FILE_HELP = gettext_lazy("PDF, an image, an office document without macros, ZIP or text; at most 20 MB.")
NEW_CONTENT = gettext_lazy(
    "What is new has no export class yet: nothing crosses until an export officer determines it."
)


class InstantField(forms.DateTimeField):
    """A date and a time as the reader's clock shows them."""

    zone: ZoneInfo = ZoneInfo("UTC")
    widget = forms.DateTimeInput

    def __init__(self, **kwargs: Any) -> None:
        shown = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input-short"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=shown, **kwargs)

    def show_in(self, zone: ZoneInfo) -> None:
        """Read and write in this zone, and say so."""
        self.zone = zone
        self.help_text = f"{self.help_text} {_('Time in the zone %(zone)s.') % {'zone': zone.key}}".strip()

    def to_python(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return value.astimezone(self.zone).replace(tzinfo=None)
        return value


class Zoned(Form):
    """A form whose instants are in the zone of whoever fills it in."""

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bound in self.fields.values():
            if isinstance(bound, InstantField):
                bound.show_in(zone)


class ClassifyForm(Form):
    """What export control says of a record, and why."""

    version = VersionField()
    export_class = forms.ChoiceField(label=gettext_lazy("Export class"), choices=DECLARABLE)
    regime = forms.ChoiceField(
        label=gettext_lazy("Control list"),
        choices=[("", gettext_lazy("None")), *Regime.choices],
        required=False,
        help_text=gettext_lazy("Only for what is controlled."),
    )
    number = forms.CharField(
        label=gettext_lazy("Number on the list"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For example 9A515.x, XV(a) or 9A004."),
    )
    list_version = forms.CharField(
        label=gettext_lazy("Edition of the list"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Lists change; say which one you read."),
    )
    basis = forms.ChoiceField(label=gettext_lazy("Basis"), choices=Basis.claimable, initial=Basis.SELF)
    rationale = forms.CharField(
        label=gettext_lazy("Rationale"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("Why it is so. Only your own agency reads this."),
        error_messages={"required": gettext_lazy("Say why it is so, for whoever checks it later.")},
    )
    relies_on = forms.CharField(
        label=gettext_lazy("Licence or exemption relied upon"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only your own agency reads this."),
    )


class MarkForm(Zoned):
    """Who may read a record at most, and when."""

    version = VersionField()
    sharing = forms.ChoiceField(label=gettext_lazy("May be read by"), choices=Sharing.choices)
    has_personal_data = forms.BooleanField(label=gettext_lazy("It holds personal data"), required=False)
    embargo_until = InstantField(
        label=gettext_lazy("Embargo until"),
        required=False,
        help_text=gettext_lazy("Nothing of it crosses to another agency before that moment."),
    )


class NeedForm(Form):
    """What a classification is needed for."""

    need = forms.CharField(
        label=gettext_lazy("What you need it for"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Say what you need it for.")},
        help_text=gettext_lazy("The export officers of the owner read it."),
    )


class ReasonForm(Form):
    """Why a record is held."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Say why.")},
        help_text=gettext_lazy("Only your own agency reads this."),
    )


class FileForm(Form):
    """A file of an asset."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=format_lazy("{} {}", FILE_HELP, NEW_CONTENT),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    note = forms.CharField(label=gettext_lazy("What it is"), max_length=200, required=False)
    classified = forms.BooleanField(
        label=gettext_lazy("It is classified by a state (secret and above)"),
        required=False,
        help_text=gettext_lazy("Classified material may not be kept here, and is refused."),
    )

    @property
    def export_class(self) -> str:
        return CLASSIFIED if self.cleaned_data["classified"] else ""


class AcknowledgeForm(Form):
    """The reader has read the marking."""

    acknowledged = forms.BooleanField(
        label=gettext_lazy("I have read this marking, and keep to it"),
        error_messages={"required": gettext_lazy("Say that you have read the marking and keep to it.")},
    )


class Scope(Zoned):
    """Whom and what an authorisation covers."""

    items = forms.CharField(
        label=gettext_lazy("For which records"),
        max_length=4_000,
        required=False,
        help_text=gettext_lazy("Their references, for example IP-2026-0001. Empty means all that your agency brings."),
    )

    def clean_items(self) -> list[str]:
        return re.findall(r"[A-Z0-9-]+", self.cleaned_data["items"].upper())

    def add_scope(self, project: Project, holder_id: int | None) -> None:
        others = [row.agency for row in project.still_in() if row.agency_id != holder_id]
        self.fields["parties"] = forms.MultipleChoiceField(
            label=gettext_lazy("To which agencies"),
            choices=[(agency.ref, agency.acronym) for agency in others],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": gettext_lazy("Name the agencies that it covers.")},
        )


class ApplyForm(Scope):
    """An authorisation that has been applied for."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AuthorisationKind.choices)
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=80,
        help_text=gettext_lazy("As the authority gave it, or the exemption's."),
    )
    authority = forms.CharField(label=gettext_lazy("Issuing authority"), max_length=200)
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Once it is granted, the agencies that it names read them."),
    )
    document = forms.FileField(
        label=gettext_lazy("Document"), required=False, help_text=gettext_lazy("Only your own agency reads it.")
    )

    def __init__(self, *args: Any, project: Project, holder_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_scope(project, holder_id)
        self.order_fields(["kind", "number", "authority", "parties", "items", "conditions", "document"])


class GrantForm(Zoned):
    """The grant of what was applied for."""

    version = VersionField()
    number = forms.CharField(label=gettext_lazy("Number"), max_length=80)
    valid_from = InstantField(label=gettext_lazy("Valid from"))
    valid_until = InstantField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy("At that very moment nothing crosses any more."),
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("The agencies that it names read them."),
    )
    document = forms.FileField(
        label=gettext_lazy("Document"), required=False, help_text=gettext_lazy("Only your own agency reads it.")
    )


class AmendForm(Scope):
    """What changes in an authorisation that was granted."""

    version = VersionField()
    valid_until = InstantField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy("At that very moment nothing crosses any more."),
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    document = forms.FileField(
        label=gettext_lazy("Document"), required=False, help_text=gettext_lazy("Only your own agency reads it.")
    )

    def __init__(self, *args: Any, authorisation: ExportAuthorisation, **kwargs: Any) -> None:
        initial = {
            "version": authorisation.version,
            "parties": authorisation.parties,
            "items": " ".join(authorisation.items),
            "valid_until": authorisation.valid_until,
            "conditions": authorisation.conditions,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.add_scope(authorisation.project, authorisation.agency_id)
        self.order_fields(["version", "parties", "items", "valid_until", "conditions", "document"])


class VoidForm(Form):
    """Why an authorisation is void."""

    reason = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Say what happened: refused, withdrawn, or revoked by the authority.")
        },
    )
