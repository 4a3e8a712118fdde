"""What people type about an agreement in force: reasons, days, years, and whom a notice is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from portal.kit.forms import Form
from projects.agreements.actions.life.ending import BY_CONSENT, PURPOSE
from projects.agreements.actions.life.leaving import FUNDS, LAW, NOTICE, PARTNER, SHORT
from projects.agreements.bound import bound_parties
from projects.agreements.forms.negotiating import ReasonForm
from projects.agreements.policies.life import LifeRules

GROUNDS = (
    (NOTICE, _("Notice, as the text allows at any time")),
    (FUNDS, _("Its funds are finally refused or withdrawn")),
    (LAW, _("A change of law forbids what it has undertaken")),
    (PARTNER, _("A party without whose part the project cannot continue has left")),
)
ENDS = ((BY_CONSENT, _("The parties end it together")), (PURPOSE, _("Its purpose is achieved, or out of reach")))
# A year of four digits, and far enough from the ends of the calendar that sums of years stay in it.
EARLIEST, LATEST = date(1950, 1, 1), date(2500, 12, 31)


def day_field(**words: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date", "class": "input-medium"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        **words,
    )


class LifeForm(ReasonForm):
    """A reason, and what the text of this agreement lets one choose; the policy knows the text."""

    def __init__(self, *args: Any, policy: LifeRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy


class WithdrawForm(LifeForm):
    ground = forms.ChoiceField(label=_("Ground"), choices=GROUNDS, required=False)
    tasks = forms.CharField(
        label=_("Tasks that are handed over"),
        required=False,
        max_length=26_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line, with who takes it over if that is known. The other parties tick them off."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {NOTICE, *SHORT.get(str(self.policy.answers.get("termination_grounds")), ())}
        self.fields["ground"].choices = [row for row in GROUNDS if row[0] in offered]  # type: ignore[attr-defined]

    def clean_ground(self) -> str:
        return self.cleaned_data["ground"] or NOTICE

    def clean_tasks(self) -> list[str]:
        return self.cleaned_data["tasks"].splitlines()


class SuspendForm(LifeForm):
    until = day_field(
        label=_("Until"), required=False, help_text=_("With this day it goes on by itself. Without one, the parties agree to resume.")
    )  # fmt: skip


class ResumeForm(LifeForm):
    pass


class BreachForm(LifeForm):
    about = forms.ChoiceField(label=_("Party in breach"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.policy.actor.agency_id
        self.others: dict[str, Agency] = {
            party.agency.ref: party.agency for party in bound_parties(self.policy.agreement) if party.agency_id != own
        }
        names = [(ref, f"{agency.acronym}, {agency.legal_name}") for ref, agency in self.others.items()]
        self.fields["about"].choices = [("", _("Choose")), *names]  # type: ignore[attr-defined]

    def clean_about(self) -> Agency:
        return self.others[self.cleaned_data["about"]]


class OnForm(LifeForm):
    """A reason and a last day, which is today when it is left out."""

    on = day_field(
        label=_("Last day"),
        required=False,
        help_text=_("Today when it is left out; it binds until the end of that day."),
    )


class TerminateForm(OnForm):
    ground = forms.ChoiceField(label=_("Ground"), choices=ENDS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.policy.answers.get("termination_grounds") != "wide":
            self.fields["ground"].choices = ENDS[:1]  # type: ignore[attr-defined]

    def clean_ground(self) -> str:
        return self.cleaned_data["ground"] or BY_CONSENT


class RenewForm(LifeForm):
    years = forms.IntegerField(
        label=_("Years"), min_value=1, max_value=30, required=False, widget=forms.NumberInput(attrs={"class": "input-short num"}),
        help_text=_("As long as the text says when it is left out."),
    )  # fmt: skip


class ExitForm(Form):
    """Which party leaves, and with which last day."""

    party = forms.ChoiceField(label=_("Party"))
    on = day_field(
        label=_("Last day"), required=False, help_text=_("The earliest day that the text allows when it is left out.")
    )

    def __init__(self, *args: Any, parties: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {agency.ref: agency for agency in parties}
        self.fields["party"].choices = [(ref, agency.acronym) for ref, agency in self.parties.items()]  # type: ignore[attr-defined]

    def clean_party(self) -> Agency:
        return self.parties[self.cleaned_data["party"]]
