"""What people type about instruments above, below and beside an agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from portal.kit.forms import Form, VersionField
from projects.agreements.models import Agreement, Clause


class AccessionForm(Form):
    """Which agency accedes; only those that have accepted the project and are no party are offered."""

    newcomer = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency that accedes"), to_field_name="ref")

    def __init__(self, *args: Any, candidates: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["newcomer"]
        field.queryset = Agency.objects.filter(pk__in=[agency.pk for agency in candidates]).order_by("legal_name")
        field.label_from_instance = lambda agency: f"{agency.acronym} · {agency.legal_name}"


class PlaceForm(Form):
    """The instrument above a draft, or none."""

    version = VersionField()
    parent = forms.ModelChoiceField(
        Agreement.objects.none(), label=_("Stands under"), required=False, to_field_name="ref",
        empty_label=_("Nothing: it stands alone"),
        help_text=_("It can then neither widen nor outlive what it stands under."),
    )  # fmt: skip

    def __init__(self, *args: Any, umbrellas: list[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.queryset = Agreement.objects.filter(pk__in=[agreement.pk for agreement in umbrellas])
        field.label_from_instance = lambda agreement: f"{agreement.ref} · {agreement.title}"


class BeneficiaryForm(Form):
    """A third party and the clause on which it may rely."""

    agency = forms.CharField(
        label=_("Agency"), max_length=200, help_text=_("Its acronym or reference; it is no party of this agreement.")
    )
    code = forms.ChoiceField(label=_("Clause"))
    words = forms.CharField(
        label=_("What it may rely on"), max_length=300, required=False,
        help_text=_("For example: the launch service that clause 5 promises."),
    )  # fmt: skip

    def __init__(self, *args: Any, clauses: list[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["code"]
        field.choices = [(clause.code, f"{clause.position} {clause.heading}") for clause in clauses]


class OnForm(Form):
    """A day on which a text is asked for."""

    on = forms.DateField(label=_("On"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
