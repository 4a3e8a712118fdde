"""Input of threads and messages; what is wrong with the words themselves, the actions say."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.languages import COMMON, own_name_of
from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.forms import Form, VersionField
from projects.messaging.models import Audience, Thread
from projects.models import Project


class MessageForm(Form):
    """The composer: internal comes first."""

    audience = forms.ChoiceField(
        label=_("Who reads this message"), choices=Audience.choices, initial=Audience.INTERNAL, widget=forms.RadioSelect
    )
    body = forms.CharField(label=_("Message"), required=False, strip=False, widget=forms.Textarea)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = cast("forms.ChoiceField", self.fields["language"])
        language.choices, language.initial = language_choices(actor), actor.person.language

    @property
    def is_shared(self) -> bool:
        return self["audience"].value() == Audience.SHARED


class AgenciesField(forms.ModelMultipleChoiceField):
    """Agencies by acronym and legal name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.acronym}, {obj.legal_name}"


class ThreadForm(MessageForm):
    """A new thread with its first message."""

    title = forms.CharField(label=_("What it is about"), max_length=160)
    agencies = AgenciesField(
        label=_("Agencies"),
        queryset=Agency.objects.none(),
        to_field_name="ref",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They read what is shared in this thread; your own agency always does."),
    )
    field_order = ["title", "agencies", "audience", "body", "language"]

    def __init__(self, *args: Any, actor: Actor, project: Project | None, agency: Agency | None, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        choosable = Agency.objects.visible_to(actor).exclude(pk=actor.agency_id or 0)
        offered = project.agencies() if project is not None else [agency] if agency is not None else []
        choosable = choosable.filter(pk__in=[other.pk for other in offered])
        agencies = cast("AgenciesField", self.fields["agencies"])
        agencies.queryset = choosable.order_by("sort_name", "pk")
        agencies.initial = [other.ref for other in offered]


class EditForm(Form):
    """One's own words again."""

    version = VersionField()
    body = forms.CharField(
        label=_("Message"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": _("Write something first.")},
    )


class AddAgencyForm(Form):
    """Another agency for the list: on a project one of those that take part, else any by its reference."""

    agency = forms.CharField(
        label=_("Agency"), max_length=32, help_text=_("By its reference in the directory, such as CSA.")
    )

    def __init__(self, *args: Any, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if thread.project is not None:
            listed = {seat.agency_id for seat in thread.seats.all()}
            others = [agency for agency in thread.project.agencies() if agency.pk not in listed]
            choices = [(agency.ref, f"{agency.acronym}, {agency.legal_name}") for agency in others]
            self.fields["agency"] = forms.ChoiceField(label=_("Agency"), choices=choices)

    def clean_agency(self) -> str:
        return self.cleaned_data["agency"].strip().upper()


def language_choices(actor: Actor) -> list[tuple[str, Any]]:
    """The languages of the portal, the person's and their agency's, each by its own name."""
    spoken = [actor.person.language, *(actor.agency.languages if actor.agency is not None else [])]
    codes = dict.fromkeys([*spoken, *COMMON])
    return [("", _("Not said")), *((code, own_name_of(code)) for code in codes if code)]
