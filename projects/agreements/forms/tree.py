"""What people type about instruments above, below and beside an agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from portal.kit.forms import Form, VersionField
from projects.agreements.models import Agreement, Clause


class OneOfField(forms.ChoiceField):
    """One of the records that the view has fetched for its reader, by reference; nothing else can be named."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.records: dict[str, Any] = {}
        self.nothing = ""

    def offer(self, records: Iterable[Any], label: Callable[[Any], str]) -> None:
        """Offer these records, by their references."""
        self.records = {record.ref: record for record in records}
        first = [("", self.nothing or _("Choose"))]
        self.choices = first + [(ref, label(record)) for ref, record in self.records.items()]

    def clean(self, value: Any) -> Any:
        return self.records.get(super().clean(value))


class AccessionForm(Form):
    """Which agency accedes; only those that have accepted the project and are no party are offered."""

    newcomer = OneOfField(label=_("Agency that accedes"))

    def __init__(self, *args: Any, candidates: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["newcomer"]
        field.offer(candidates, lambda agency: f"{agency.acronym} · {agency.legal_name}")


class PlaceForm(Form):
    """The instrument above a draft, or none."""

    version = VersionField()
    parent = OneOfField(
        label=_("Stands under"),
        required=False,
        help_text=_("It can then neither widen nor outlive what it stands under."),
    )

    def __init__(self, *args: Any, umbrellas: list[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.nothing = _("Nothing: it stands alone")
        field.offer(umbrellas, lambda agreement: f"{agreement.ref} · {agreement.title}")


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
