"""Input of the pages of disputes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Membership
from portal.kit.forms import Form
from projects.ip.models import Dispute, DisputeKind, DisputeStatus, ExhibitKind

DAY = forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d")


def _text(label: Any, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **options)


class ClaimForm(Form):
    """What is claimed, and what is sought."""

    claim = _text(
        _("What you claim"),
        error_messages={"required": _("Say what you claim.")},
        help_text=_("The facts and the words of the agreement that you rely on. The other side reads it."),
    )
    sought = _text(
        _("The outcome you seek"),
        rows=2,
        error_messages={"required": _("Say what outcome you seek.")},
        help_text=_("For example: a share of 40 percent; access on the terms of clause 11."),
    )


class DisputeForm(ClaimForm):
    """A dispute about something in a project, against some of its parties."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=DisputeKind.choices,
        widget=forms.RadioSelect,
        initial=DisputeKind.DIFFERENCE,
        help_text=_("A notice of breach is against one party, gives it time to cure, and all others get a copy."),
    )
    about = forms.ChoiceField(label=_("About"), error_messages={"required": _("Choose what it is about.")})
    against = forms.MultipleChoiceField(
        label=_("Against"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Say against whom you claim it.")},
    )
    is_silence = forms.BooleanField(
        label=_("The request was not answered in time: begin with the heads of project"), required=False
    )
    field_order = ["kind", "about", "against", "claim", "sought", "is_silence"]

    def __init__(self, *args: Any, subjects: list[Any], opponents: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [("", "—"), *subjects]  # type: ignore[attr-defined]
        self.fields["against"].choices = [(one.ref, one.acronym) for one in opponents]  # type: ignore[attr-defined]

    def typed(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.cleaned_data
        kind, ref, clause = (*said["about"].split(":"), "")[:3]
        return {
            "kind": said["kind"],
            "subject_kind": kind,
            "subject_ref": ref,
            "clause": clause,
            "against": said["against"],
            "claim": said["claim"],
            "sought": said["sought"],
            "start_level": 2 if said["is_silence"] else 1,
        }


class AnswerForm(Form):
    """A respondent's answer."""

    answer = _text(
        _("What your agency answers"),
        error_messages={"required": _("Say what you answer.")},
        help_text=_("It stays as it is. Add what proves it as exhibits."),
    )


class RepresentativeForm(Form):
    """Who speaks for an agency at a level."""

    level = forms.ChoiceField(label=_("Level"))
    membership = forms.ModelChoiceField(
        label=_("Who speaks for your agency"),
        queryset=Membership.objects.none(),
        error_messages={"required": _("Choose somebody.")},
    )

    def __init__(self, *args: Any, dispute: Dispute, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(row.status, DisputeStatus(row.status).label) for row in dispute.levels.all()]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]
        self.fields["level"].initial = dispute.current
        chosen: Any = self.fields["membership"]
        chosen.queryset = members
        chosen.label_from_instance = lambda row: ", ".join(filter(None, [row.person.name, row.position]))


class MeasureForm(Form):
    """An urgent measure that was sought."""

    before = forms.CharField(
        label=_("Court or authority"),
        max_length=200,
        error_messages={"required": _("Say which court or authority was asked.")},
    )
    sought_on = forms.DateField(label=_("Sought on"), widget=DAY)
    note = _text(_("What was asked for"), rows=2, error_messages={"required": _("Say what was asked for.")})


class AppointForm(Form):
    """Who is appointed."""

    neutral = forms.CharField(
        label=_("Mediator or tribunal"), max_length=200, error_messages={"required": _("Say who is appointed.")}
    )


class DecisionForm(Form):
    """What a tribunal decided."""

    tribunal = forms.CharField(
        label=_("Who decided it"), max_length=200, error_messages={"required": _("Say who decided it.")}
    )
    decided_on = forms.DateField(label=_("Decided on"), widget=DAY)
    file = forms.FileField(label=_("The decision"), error_messages={"required": _("Choose the document.")})


class ReasonForm(Form):
    """Why."""

    reason = _text(_("Reason"), rows=3, error_messages={"required": _("Say why.")})


class ExhibitForm(Form):
    """Something out of the portal, or a file, with what it shows."""

    source = forms.ChoiceField(
        label=_("From the portal"),
        required=False,
        help_text=_("Entries of the ledger, histories of assets, deposits and signed texts that you may see."),
    )
    file = forms.FileField(label=_("Or a file"), required=False)
    is_cleared = forms.BooleanField(
        label=_("Our agency has determined that this file is not export controlled and may go to the other side"),
        required=False,
    )
    shows = _text(
        _("What it shows"),
        rows=2,
        error_messages={"required": _("Say what it shows.")},
        help_text=_("It proves that something existed or was done by a time; who invented it is for you to argue."),
    )

    def __init__(self, *args: Any, offered: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (ExhibitKind(kind).label, [(f"{kind}:{value}", words) for value, words in choices])
            for kind, choices in offered.items()
            if choices
        ]
        self.fields["source"].choices = [("", "—"), *groups]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if bool(said.get("source")) == bool(said.get("file")) and not self.errors:
            self.add_error("source", _("Choose something out of the portal, or a file, and not both."))
        return said


class RoomForm(Form):
    """Words in order to settle."""

    body = _text(_("Without prejudice"), rows=3, error_messages={"required": _("Write something.")})


class TermsForm(Form):
    """Terms of settlement that are offered."""

    terms = _text(
        _("Terms of settlement"),
        rows=6,
        error_messages={"required": _("Write the terms.")},
        help_text=_("Offering them says that your agency agrees to them. They replace terms offered before."),
    )


class AgreeForm(Form):
    """The hash of the terms that the person was shown."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
