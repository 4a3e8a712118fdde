"""What people type when they propose changes to a shared text, answer them, talk about it and approve it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from portal.kit.forms import Form, VersionField
from projects.agreements.models import Approval, Audience
from projects.agreements.models.approval import ApprovalKind
from projects.agreements.profile import groups_of, questions_of

TEXT_HELP = gettext_lazy(
    "An empty line begins a new paragraph; a line that begins with (a) is an item of it. "
    "Words in {{braces}} are filled from the profile or number another clause; keep them where you can."
)
EMPTY_LINES = 3
LINES = 20


class NoteForm(Form):
    """A change that needs no words of the text, with its reason."""

    version = VersionField(required=False)
    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Every party reads it."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Answer asked by the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, proposer: Agency | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = _(
            "A day at the seat of your agency (%(zone)s). Whoever has not answered is reminded; "
            "silence is not consent, and nothing else follows."
        ) % {"zone": proposer.zone.replace("_", " ") if proposer is not None else "UTC"}


class RewordForm(NoteForm):
    """Other words for a clause; the parties' own clauses also have a heading of their own."""

    field_order = ["version", "heading", "text", "note", "due_on"]
    heading = forms.CharField(label=gettext_lazy("Heading"), max_length=160)
    text = forms.CharField(label=gettext_lazy("Words"), widget=forms.Textarea(attrs={"rows": 14}), help_text=TEXT_HELP)

    def __init__(self, *args: Any, has_heading: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_heading:
            del self.fields["heading"]


class PlaceForm(NoteForm):
    """Another place for a clause."""

    field_order = ["version", "after", "note", "due_on"]
    after = forms.ChoiceField(label=gettext_lazy("Stands after"), required=False)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = places  # type: ignore[attr-defined]


class NewClauseForm(PlaceForm):
    """A clause of the parties' own."""

    field_order = ["version", "heading", "text", "after", "note", "due_on"]
    heading = forms.CharField(label=gettext_lazy("Heading"), max_length=160)
    text = forms.CharField(label=gettext_lazy("Words"), widget=forms.Textarea(attrs={"rows": 10}), help_text=TEXT_HELP)


class AnswersForm(NoteForm):
    """Other answers: every question of the kind, with the answer that it has now or that was proposed."""

    def __init__(
        self, *args: Any, kind: str, now: Mapping[str, Any], proposed: Mapping[str, Any], **kwargs: Any
    ) -> None:
        self.kind, self.now = kind, now
        kwargs["initial"] = {**now, **proposed, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for question in questions_of(kind).values():
            self.fields[question.key] = question.form_field()
            self.fields[question.key].required = False  # what a form leaves out keeps its answer
            if not isinstance(self.fields[question.key].widget, forms.CheckboxInput):
                self.fields[question.key].widget.attrs["class"] = "input"
            if question.kind in ("choice", "whole"):
                self.fields[question.key].widget.attrs["required"] = True

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The questions chapter by chapter."""
        asked = questions_of(self.kind).values()
        return [
            (group, [self[question.key] for question in asked if question.group == group.key])
            for group in groups_of(self.kind)
        ]

    @property
    def answers(self) -> dict[str, Any]:
        """The answers that were changed; a question that was left out of the form keeps its answer."""
        typed = {key: self.cleaned_data[key] for key in questions_of(self.kind) if key in self.cleaned_data}
        return {key: value for key, value in typed.items() if value != self.now.get(key) and value is not None}


class CommentForm(Form):
    """A comment: internal unless the writer says otherwise."""

    code = forms.SlugField(max_length=60, required=False, widget=forms.HiddenInput)
    reply_to = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)
    audience = forms.ChoiceField(choices=Audience.choices, initial=Audience.INTERNAL, required=False)
    words = forms.CharField(max_length=5000, widget=forms.Textarea)

    def clean_audience(self) -> str:
        return self.cleaned_data["audience"] or Audience.INTERNAL

    @property
    def is_shared(self) -> bool:
        return self["audience"].value() == Audience.SHARED


class BracketForm(Form):
    """Words of a clause that are open, and why."""

    words = forms.CharField(
        label=gettext_lazy("Words"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("As they read in the clause; leave it empty for the whole clause."),
    )
    note = forms.CharField(label=gettext_lazy("What is open"), max_length=500, required=False)


class ApprovalsForm(Form):
    """The list of internal approvals of an agency, with a few empty lines to add to it."""

    def __init__(self, *args: Any, lines: Sequence[Approval], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = min(len(lines) + EMPTY_LINES, LINES)
        kinds = [("", _("No approval")), *ApprovalKind.choices]
        for number in range(1, self.count + 1):
            line = lines[number - 1] if number <= len(lines) else None
            label = _("Approval %(number)s") % {"number": number}
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=label, choices=kinds, required=False, initial=line.kind if line else ""
            )
            self.fields[f"words_{number}"] = forms.CharField(
                label=_("What is approved, and by whom (%(number)s)") % {"number": number}, max_length=200,
                required=False, initial=line.words if line else "",
            )  # fmt: skip
            for name in (f"kind_{number}", f"words_{number}"):
                self.fields[name].widget.attrs["class"] = "input"

    @property
    def lines(self) -> list[dict[str, str]]:
        """What was typed, without the lines that were left empty."""
        numbers = range(1, self.count + 1)
        typed = [(self.cleaned_data[f"kind_{n}"], self.cleaned_data[f"words_{n}"]) for n in numbers]
        return [{"kind": kind, "words": words} for kind, words in typed if kind]

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"kind_{number}"], self[f"words_{number}"]) for number in range(1, self.count + 1)]


class ApproveForm(Form):
    """One approval, of the text that was shown."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)
