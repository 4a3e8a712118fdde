"""Input of the steps of a disclosure: each a short form, made for the record that it is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.forms import Form, ModelForm, VersionField
from projects.ip.markings import refusal_to_share
from projects.ip.models import ContributorState, Decision, Disclosure, FilingStatus, Triage
from projects.ip.models.disclosure_choices import Answer
from projects.ip.policies import DisclosurePolicy


def _long(label: Any, *, rows: int = 4, required: bool = True, most: int = 4_000, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        **kwargs,
    )


class DisclosureStepForm(Form):
    """A step that needs no words."""

    def __init__(self, *args: Any, disclosure: Disclosure, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.disclosure, self.actor = disclosure, actor
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the record."""


class SeenForm(DisclosureStepForm):
    """A step about exactly what the page shows."""

    version = VersionField(required=False)

    def prepare(self) -> None:
        self.fields["version"].initial = self.disclosure.version


class ReasonForm(DisclosureStepForm):
    """A step that says why."""

    reason = _long(_("Reason"))


class UnreachableForm(DisclosureStepForm):
    """Who could not be reached, and what was tried."""

    contributor = forms.TypedChoiceField(label=_("Who"), coerce=int, widget=forms.RadioSelect)
    reason = _long(
        _("What was tried"),
        most=2_000,
        help_text=_("It is sealed with the disclosure. For example: left in 2019; letters of 3 and 20 May came back."),
    )

    def prepare(self) -> None:
        field: Any = self.fields["contributor"]
        field.choices = [
            (row.pk, f"{row.name}, {row.agency_name}")
            for row in self.disclosure.contributors.all()
            if row.state == ContributorState.ASKED
        ]


class WitnessForm(DisclosureStepForm):
    """Who is to countersign."""

    email = forms.EmailField(
        label=_("E-mail address of the witness"),
        help_text=_("A colleague of your agency who understands the field and had no part in it."),
    )


class CountersignForm(DisclosureStepForm):
    """What a witness says."""

    competence = _long(
        _("What makes you competent to understand it"),
        most=2_000,
        rows=3,
        help_text=_("For example: 12 years of valve design."),
    )
    understood = forms.BooleanField(label=_("I have read this version and understood it."), required=True)


class ShareForm(DisclosureStepForm):
    """With whom."""

    parties = forms.MultipleChoiceField(label=_("Parties"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        unshared = DisclosurePolicy(self.actor, self.disclosure).unshared()
        self.fields["parties"].choices = [(agency.ref, agency.legal_name) for agency in unshared]  # type: ignore[attr-defined]
        self.blocked = [
            (agency, refusal)
            for agency in unshared
            if (refusal := refusal_to_share(self.disclosure, agency)) is not None
        ]


class TriageForm(ModelForm):
    """Six questions; an open one may wait."""

    class Meta:
        model = Triage
        fields = [name for question in Triage.QUESTIONS for name in (question, f"{question}_note")]

    def __init__(self, *args: Any, disclosure: Disclosure, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, instance=getattr(disclosure, "triage", None), **kwargs)
        for name in Triage.QUESTIONS:
            field: Any = self.fields[name]
            field.choices = [("", _("Open")), *[choice for choice in field.choices if choice[0]]]

    def _post_clean(self) -> None:
        """The action checks against the row it has locked."""

    @property
    def questions(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[name], self[f"{name}_note"]) for name in Triage.QUESTIONS]


class EvaluationForm(SeenForm):
    """What it is worth."""

    evaluation = _long(
        _("Evaluation"),
        rows=10,
        most=20_000,
        help_text=_("Novelty, use, who else works on it, what protects it best, and what that costs."),
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["evaluation"].initial = self.disclosure.evaluation


class DecisionForm(DisclosureStepForm):
    """What becomes of it."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect)
    reason = _long(_("Reason"), rows=6, most=10_000)


class FilingForm(DisclosureStepForm):
    """An application for protection."""

    office = forms.CharField(label=_("Office"), max_length=100, help_text=_("For example: Japan Patent Office."))
    number = forms.CharField(label=_("Number of the application"), max_length=100)
    filed_on = forms.DateField(
        label=_("Filed on"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d"),
        help_text=_("This day begins the twelve months in which an application elsewhere keeps its priority."),
    )


class FollowUpForm(DisclosureStepForm):
    """Where an application stands."""

    filing = forms.TypedChoiceField(label=_("Application"), coerce=int, widget=forms.RadioSelect)
    status = forms.ChoiceField(label=_("Stands at"), choices=FilingStatus.choices)
    words = forms.CharField(label=_("Note"), required=False, max_length=500)

    def prepare(self) -> None:
        field: Any = self.fields["filing"]
        field.choices = [
            (row.pk, f"{row} · {row.get_status_display()}")
            for row in self.disclosure.filings.order_by("filed_on", "pk")
        ]


class OfferForm(DisclosureStepForm):
    """To whom, and on which terms."""

    to = forms.ChoiceField(label=_("To"), widget=forms.RadioSelect)
    terms = _long(_("Terms"), rows=5)

    def prepare(self) -> None:
        field: Any = self.fields["to"]
        if self.disclosure.decision == Decision.RELEASE:
            people = [row for row in self.disclosure.contributors.all() if row.person is not None]
            field.choices = [(str(row.person.uid), f"{row.name}, {row.agency_name}") for row in people]  # type: ignore[union-attr]
        else:
            shared = self.disclosure.shared.select_related("agency").order_by("agency__acronym")
            field.choices = list({row.agency.ref: (row.agency.ref, row.agency.legal_name) for row in shared}.values())


class AnswerForm(DisclosureStepForm):
    """What one answers to an offer."""

    answer = forms.ChoiceField(label=_("Your answer"), choices=Answer.choices, widget=forms.RadioSelect)
    words = _long(_("Words with it"), required=False, rows=3)


class ClosingForm(DisclosureStepForm):
    """A last word."""

    words = _long(_("Closing note"), required=False, rows=3)
