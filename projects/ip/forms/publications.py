"""Input of publication clearance."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.forms import Form, ModelForm, VersionField
from projects.ip.models import Asset, Disclosure, PublicationNotice
from projects.ip.models.publication_choices import Ground
from projects.models import Project

# So many are offered to tick; a longer register is named by reference.
OFFERED = 40
DAY = {"type": "date", "class": "input-short"}
EXACTLY = _("Exactly what will be published. Every later change is a new version that the parties read.")


def day_field(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **kwargs)


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class References(forms.CharField):
    """References typed one after another: IP-2026-0007, IP-2026-0011."""

    def clean(self, value: Any) -> list[str]:
        return [ref for ref in re.split(r"[\s,;]+", super().clean(value)) if ref][:200]


class Content(forms.Form):
    """The text itself, mixed into the forms that send one."""

    text = forms.CharField(label=_("Text"), required=False, max_length=200_000, strip=False, widget=text_area(12))
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("PDF, an office document, an image, ZIP or text; at most 20 MB."),
    )


class PlanForm(Content, ModelForm):
    """What is to be published, where and when."""

    class Meta:
        model = PublicationNotice
        fields = ["kind", "title", "authors", "venue", "planned_on"]
        widgets = {"authors": text_area(3), "planned_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d")}

    def __init__(self, *args: Any, project: Project, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = EXACTLY
        results = Asset.objects.visible_to(actor).standing().results().filter(project=project)
        own = Disclosure.objects.visible_to(actor).filter(project=project, agency=actor.agency_id)
        self.fields["assets"] = _offered(
            [(asset.ref, f"{asset.ref}  {asset.title}") for asset in results.order_by("pk")[: OFFERED + 1]],
            label=_("Results used"),
            help_text=_("The parties see them. The owners of a result know by them what concerns them."),
        )
        self.fields["disclosures"] = _offered(
            [(row.ref, row.ref) for row in own.order_by("pk")[: OFFERED + 1]],
            label=_("Disclosures of your agency that it concerns"),
            help_text=_("Only your agency sees these."),
        )
        if self.instance.pk:
            self.fields["version"] = VersionField(initial=self.instance.version)
            self.fields["text"].initial = self.instance.draft_text
            self.fields["assets"].initial = _shown(
                self.fields["assets"], list(self.instance.assets.values_list("ref", flat=True))
            )
            self.fields["disclosures"].initial = _shown(self.fields["disclosures"], self.instance.disclosures)
            if self.instance.draft_file is not None:
                self.fields["file"].help_text = _("Now: %(name)s. Leave both empty to keep it.") % {
                    "name": self.instance.draft_file.name
                }
        self.order_fields(["kind", "title", "authors", "venue", "planned_on", "text", "file", "assets", "disclosures"])

    def _post_clean(self) -> None:
        """The action checks against the row it has locked."""

    def typed(self) -> dict[str, Any]:
        """The words of the plan, as the actions take them; the file is stored by the view."""
        names = [*self.Meta.fields, "text", "assets", "disclosures"]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class AmendForm(Content, Form):
    """A changed text."""

    changes = forms.CharField(
        label=_("What is changed"),
        max_length=4_000,
        widget=text_area(3),
        help_text=_("In a few words, and whose objection it answers. All parties read it."),
    )


class ObjectionForm(Form):
    """One specific objection that has an end."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices, widget=forms.RadioSelect)
    passage = forms.CharField(
        label=_("Which passage"), max_length=4_000, widget=text_area(2), help_text=_("A page, a figure, a sentence.")
    )
    harm = forms.CharField(label=_("What harm"), max_length=4_000, widget=text_area(3))
    change = forms.CharField(
        label=_("Which change would remove it"),
        max_length=4_000,
        widget=text_area(3),
        help_text=_("Without one the publishing party cannot answer you."),
    )
    until = day_field(label=_("Delay until, at most"), required=False)


class AnswerForm(Form):
    objection = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)
    body = forms.CharField(label=_("Your answer"), max_length=4_000, widget=text_area(3))


class NumberForm(Form):
    objection = forms.IntegerField(min_value=1, max_value=32_000)


class PublishForm(Form):
    published_on = day_field(label=_("Published on"))
    doi = forms.CharField(
        label=_("DOI"), max_length=250, required=False, help_text=_("If it has one already, such as 10.1000/182.")
    )
    address = forms.CharField(label=_("Address"), max_length=500, required=False)


class RecordForm(Form):
    """Where it is found, and what may be done with it."""

    doi = forms.CharField(label=_("DOI"), max_length=250, required=False, help_text=_("Such as 10.1000/182."))
    address = forms.CharField(label=_("Address"), max_length=500, required=False, help_text=_("Where there is no DOI."))
    licence = forms.CharField(
        label=_("Licence"),
        max_length=200,
        help_text=_("Its SPDX name, such as CC-BY-4.0 or Apache-2.0; or in words."),
    )
    embargo_until = day_field(
        label=_("Under embargo until"), required=False, help_text=_("Leave empty when it is open already.")
    )


def _offered(choices: list[tuple[str, str]], **words: Any) -> forms.Field:
    """Boxes to tick; references to type where there would be too many."""
    if len(choices) > OFFERED:
        return References(required=False, widget=forms.Textarea(attrs={"rows": 2, "class": "input"}), **words)
    return forms.MultipleChoiceField(choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **words)


def _shown(field: forms.Field, refs: list[str]) -> Any:
    return ", ".join(refs) if isinstance(field, References) else refs
