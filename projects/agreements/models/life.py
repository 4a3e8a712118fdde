"""Steps in the life of an agreement in force: withdrawal, suspension, breach, termination, renewal."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.agreements.models.agreement import Agreement
from projects.agreements.models.party import Party


class StepKind(models.TextChoices):
    WITHDRAWAL = "withdrawal", _("Withdrawal")
    SUSPENSION = "suspension", _("Suspension")
    RESUMPTION = "resumption", _("Resumption")
    BREACH = "breach", _("Notice of breach")
    TERMINATION = "termination", _("Termination")
    RENEWAL = "renewal", _("Renewal")
    NO_RENEWAL = "no_renewal", _("Objection to renewal")


class StepStatus(models.TextChoices):
    OPEN = "open", _("Waits for the other parties")
    RUNNING = "running", _("Notice is running")
    DONE = "done", _("Took effect")
    CURED = "cured", _("Cured")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")
    LAPSED = "lapsed", _("Overtaken by the end")


AFTER: dict[str, set[str]] = {
    StepStatus.OPEN: {StepStatus.RUNNING, StepStatus.DONE, StepStatus.REFUSED, StepStatus.WITHDRAWN, StepStatus.LAPSED},
    StepStatus.RUNNING: {StepStatus.DONE, StepStatus.CURED, StepStatus.WITHDRAWN, StepStatus.LAPSED},
    StepStatus.DONE: set(),
    StepStatus.CURED: set(),
    StepStatus.REFUSED: set(),
    StepStatus.WITHDRAWN: set(),
    StepStatus.LAPSED: set(),
}

LOOK = {
    StepStatus.OPEN: ("clock", "warn"),
    StepStatus.RUNNING: ("clock", "warn"),
    StepStatus.DONE: ("ok", ""),
    StepStatus.CURED: ("ok", "good"),
    StepStatus.REFUSED: ("no", "bad"),
    StepStatus.WITHDRAWN: ("x", ""),
    StepStatus.LAPSED: ("x", ""),
}


class Step(models.Model):
    """A notice or a proposal of a party that changes how an agreement lives on."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="life")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=StepKind.choices)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    about = models.ForeignKey(Party, models.PROTECT, related_name="+", null=True, verbose_name=_("about"))
    follows = models.ForeignKey("self", models.PROTECT, related_name="followed_by", null=True)
    reason = models.TextField(_("reason"), max_length=2000)
    given_at = models.DateTimeField()
    takes_effect_on = models.DateField(_("takes effect on"), null=True)
    due_at = models.DateTimeField(_("runs until"), null=True)
    new_last_day = models.DateField(_("new last day"), null=True)
    source = models.CharField(_("clause"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=StepStatus.choices, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="step_number_once"),
            models.CheckConstraint(
                name="step_decided_is_dated",
                condition=Q(status__in=["open", "running"], decided_at=None)
                | ~Q(status__in=["open", "running"]) & ~Q(decided_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kind} {self.number}"

    @property
    def is_pending(self) -> bool:
        return self.status in (StepStatus.OPEN, StepStatus.RUNNING)

    @property
    def status_look(self) -> tuple[str, str, Any]:
        name, tone = LOOK[StepStatus(self.status)]
        return name, tone, self.get_status_display()

    def move_to(self, status: StepStatus, *, at: Any) -> None:
        """The only assignment to `.status` after the first; raises ValueError for a step the diagram does not have."""
        if status not in AFTER[self.status]:
            raise ValueError(f"{self.status} cannot become {status}")
        self.status = status
        if not self.is_pending:
            self.decided_at = at


class StepConsent(models.Model):
    """What a party answered to a step that needs the others."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="consents")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    consents = models.BooleanField(_("consents"))
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["step", "party"], name="step_answered_once_per_party")]

    def __str__(self) -> str:
        return f"{self.step_id} {self.party_id}"


class HandoverKind(models.TextChoices):
    TASKS = "tasks", _("Tasks passed on")
    EQUIPMENT = "equipment", _("Equipment returned")
    DATA = "data", _("Data and confidential information returned or destroyed")
    ACCESS = "access", _("Access rights that stay and end")
    MONEY = "money", _("Contributions still owed")
    OTHER = "other", _("Other")


class Handover(models.Model):
    """One thing that is settled before a party is gone."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="handovers")
    kind = models.CharField(_("kind"), max_length=10, choices=HandoverKind.choices)
    words = models.CharField(_("what"), max_length=500, blank=True)
    due_on = models.DateField(_("due"), null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)
    done_for = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.step_id} {self.kind}"
