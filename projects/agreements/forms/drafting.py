"""What people type when they begin an agreement, and when they change its clauses while it is a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, InstrumentKind
from portal.kit.forms import Form, VersionField
from projects.agreements.languages import LANGUAGES
from projects.agreements.models import Agreement

# When each kind is used, in one line.
KINDS = (
    (InstrumentKind.MEMORANDUM, _("The umbrella of a cooperation: who does what, and what others stand under.")),
    (InstrumentKind.IP_SHARING, _("Who owns what the work brings, and who may use whose knowledge.")),
    (InstrumentKind.IMPLEMENTING, _("One project or phase under an umbrella: tasks, goods, schedule.")),
    (InstrumentKind.NDA, _("Before anything is agreed: so that confidential information can be shown.")),
    (InstrumentKind.DATA_EXCHANGE, _("Scientific data passed between archives and teams: access, rights, credit.")),
    (InstrumentKind.JOINT_OWNERSHIP, _("One result that several own: shares, costs, filing, licences.")),
)
# These begin at the agreement that they are about.
FROM_AN_AGREEMENT = (
    (InstrumentKind.AMENDMENT, _("Changes the words of an agreement in force. Start it from that agreement.")),
    (InstrumentKind.ACCESSION, _("Lets another agency join an agreement in force. Start it from that agreement.")),
)
TEXT_HELP = _(
    "An empty line begins a new paragraph; a line that begins with (a) is an item of it. "
    "Words in {{braces}} are filled from the profile or number another clause; keep them where you can."
)


class DraftForm(Form):
    """Kind, title, parties, umbrella and languages of a first draft."""

    kind = forms.ChoiceField(
        label=_("Kind of agreement"),
        choices=[(kind.value, kind.label) for kind, _when in KINDS],
        widget=forms.RadioSelect,
        required=False,
    )
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("As it will stand on the signed text."))
    parties = forms.MultipleChoiceField(
        label=_("Parties"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Agencies that have accepted the project. Your own agency drafts and is always a party."),
    )
    under = forms.ChoiceField(
        label=_("Under another agreement"),
        required=False,
        help_text=_("An umbrella of this project. What stands under it can neither widen nor outlive it."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Further authentic languages"),
        choices=[(code, name) for code, name in LANGUAGES.items() if code != "en"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The model is written in English. Every language chosen here must say the same before signing."),
    )

    def __init__(self, *args: Any, parties: Sequence[Agency], umbrellas: Sequence[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accepted = list(parties)
        self.fields["parties"].choices = [  # type: ignore[attr-defined]
            (agency.ref, f"{agency.acronym}, {agency.legal_name}") for agency in parties
        ]
        self.fields["under"].choices = [  # type: ignore[attr-defined]
            ("", _("It stands by itself")),
            *((umbrella.ref, f"{umbrella.ref}, {umbrella.title}") for umbrella in umbrellas),
        ]
        if not umbrellas:
            del self.fields["under"]

    def kinds(self) -> list[tuple[Any, Any]]:
        """Each kind that starts here with its radio button and when it is used."""
        return [(radio, when) for radio, (_kind, when) in zip(self["kind"], KINDS, strict=True)]


class ClauseForm(Form):
    """The words of a clause of a draft."""

    version = VersionField()
    heading = forms.CharField(label=_("Heading"), max_length=160)
    text = forms.CharField(label=_("Words"), widget=forms.Textarea(attrs={"rows": 14}), help_text=TEXT_HELP)

    def __init__(self, *args: Any, has_heading: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_heading:
            del self.fields["heading"]


class AddClauseForm(Form):
    """A clause of one's own, and where it stands."""

    version = VersionField()
    after = forms.ChoiceField(label=_("Stands"), required=False)
    heading = forms.CharField(label=_("Heading"), max_length=160)
    text = forms.CharField(label=_("Words"), widget=forms.Textarea(attrs={"rows": 12}), help_text=TEXT_HELP)

    def __init__(self, *args: Any, places: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = places  # type: ignore[attr-defined]


class MoveForm(Form):
    """Another place for a clause: after which one; an empty one puts it first."""

    version = VersionField(required=False)
    after = forms.SlugField(max_length=60, required=False)


class VersionForm(Form):
    """A verb that asks nothing but what was seen."""

    version = VersionField(required=False)
