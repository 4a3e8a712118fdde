"""What people type about projects; the forms only parse."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from agencies import taxonomy
from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.forms import Form, ModelForm, VersionField
from projects.models import MATERIAL, Answer, Audience, Destination, Mode, Project

DATE = forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d")


class TermsForm(ModelForm):
    """The material terms of a project, for a draft and for a revision."""

    taxonomy = forms.MultipleChoiceField(
        label=_("Capabilities"),
        help_text=_("What the work needs, in the NASA taxonomy of 2020. Agencies find open proposals by it."),
        choices=lazy(taxonomy.choices, list)(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    destination = forms.ChoiceField(
        label=_("Destination"), choices=[("", _("Not decided")), *Destination.choices], required=False
    )
    planned_start = forms.DateField(label=_("Planned start"), widget=DATE, required=False)
    planned_end = forms.DateField(label=_("Planned end"), widget=DATE, required=False)
    audience = forms.ChoiceField(
        label=_("Who may read the overview"),
        help_text=_("From the moment you propose it. What is inside stays with the agencies that take part."),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        initial=Audience.PARTNERS,
    )
    mode = forms.ChoiceField(
        label=_("How it may start"),
        help_text=_("A study starts without an agreement; nothing restricted may be exchanged in it."),
        choices=Mode.choices,
        widget=forms.RadioSelect,
        initial=Mode.AGREEMENT,
    )
    version = VersionField(required=False)

    class Meta:
        model = Project
        fields = MATERIAL
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "objective": forms.Textarea(attrs={"rows": 10}),
        }
        help_texts = {
            "title": _("Short, and the same in every language."),
            "objective": _("What is to be found out or built, and who does what. Markdown works."),
            "marking": _("How far the records inside may travel unless one says otherwise."),
        }

    @classmethod
    def of(cls, project: Project) -> TermsForm:
        """The form as the project stands."""
        initial: dict[str, Any] = {name: getattr(project, name) for name in MATERIAL}
        return cls(initial={**initial, "version": project.version})

    @property
    def terms(self) -> dict[str, Any]:
        """The parsed terms, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name in MATERIAL}


class InviteForm(Form):
    """An agency by what people call it: its acronym or its reference; a suggestion that was clicked wins."""

    agency = forms.CharField(
        label=_("Agency"),
        help_text=_("Type the acronym or a part of the name. Only verified agencies can be invited."),
        max_length=200,
        required=False,
    )
    chosen = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.found: Agency | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = cleaned.get("chosen") or cleaned.get("agency") or ""
        self.found = find_agency(words, self.actor)
        if self.found is None and not self.errors:
            complaint = _("No verified agency has this acronym or reference. Try a part of its name.")
            self.add_error("agency", complaint if words else _("Say which agency."))
        return cleaned


class AnswerForm(Form):
    """The answer of one agency to the terms it has read."""

    answer = forms.ChoiceField(label=_("Your answer"), choices=Answer.choices, widget=forms.RadioSelect)
    condition = forms.CharField(
        label=_("Condition"),
        help_text=_("Only with “accept with a condition”. Your acceptance counts once the lead accepts it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    note = forms.CharField(
        label=_("Note to the partners"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )
    terms_number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class StepForm(Form):
    """A step that needs no words."""

    version = VersionField(required=False)


class ReasonForm(Form):
    """A step that should say why."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=600, required=False
    )


class CauseForm(Form):
    """A step that must say why."""

    cause = forms.CharField(
        label=_("Cause"),
        help_text=_("Every partner reads it, and the page shows it until the project goes on."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=600,
    )


class NeededReasonForm(ReasonForm):
    """An end that must say why."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=600)


class NoteForm(Form):
    """A last word."""

    note = forms.CharField(
        label=_("Closing note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=600, required=False
    )


class LeaveForm(Form):
    """When a partner goes, and why."""

    on = forms.DateField(
        label=_("Last day"),
        help_text=_("Counted in UTC. Until then your agency remains a party and sees everything. Empty means today."),
        widget=DATE,
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )


class TeamForm(Form):
    """Which members of one's own agency are on the team."""

    members = forms.MultipleChoiceField(label=_("People"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = choices  # type: ignore[attr-defined]


def find_agency(words: str, actor: Actor) -> Agency | None:
    """The one agency the actor can see with this reference or acronym."""
    words = words.strip()
    if not words or "\x00" in words:
        return None
    seen = Agency.objects.visible_to(actor)
    found = seen.filter(ref=words.upper()).first()
    if found is not None:
        return found
    called = list(seen.filter(acronym__iexact=words)[:2])
    return called[0] if len(called) == 1 else None


def suggest_agencies(words: str, project: Project, actor: Actor, limit: int = 8) -> list[Agency]:
    """Verified agencies that match what was typed and do not take part yet."""
    if not words.strip():
        return []
    taking_part = [row.agency_id for row in project.still_in()]
    found = Agency.objects.visible_to(actor).verified().found_by(words).exclude(pk__in=taking_part)
    return list(found.order_by("sort_name", "pk")[:limit])
