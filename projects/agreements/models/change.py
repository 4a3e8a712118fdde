"""Changes that a party proposes to a shared text, and what the other parties answer."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.agreements.models.agreement import Agreement
from projects.agreements.models.clause import Part


class Operation(models.TextChoices):
    REWORD = "reword", _("Other words")
    ADD = "add", _("New clause")
    REMOVE = "remove", _("Clause left out")
    MOVE = "move", _("Clause moved")
    RESTORE = "restore", _("The model’s words again")
    ANSWER = "answer", _("Other answers in the profile")


class Decision(models.TextChoices):
    OPEN = "open", _("Waits for answers")
    ACCEPTED = "accepted", _("Accepted by all")
    COUNTERED = "countered", _("Countered")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OVERTAKEN = "overtaken", _("Overtaken by another change")


FOLLOWS: dict[str, set[str]] = {
    Decision.OPEN: {
        Decision.ACCEPTED, Decision.COUNTERED, Decision.REFUSED, Decision.WITHDRAWN, Decision.OVERTAKEN,
    },
    # A counter that fails brings back nothing: whoever still wants the first words proposes them again.
    Decision.COUNTERED: set(),
    Decision.ACCEPTED: set(),
    Decision.REFUSED: set(),
    Decision.WITHDRAWN: set(),
    Decision.OVERTAKEN: set(),
}  # fmt: skip

LOOK = {
    Decision.OPEN: ("clock", "warn"),
    Decision.ACCEPTED: ("ok", "good"),
    Decision.COUNTERED: ("swap", "info"),
    Decision.REFUSED: ("no", "bad"),
    Decision.WITHDRAWN: ("x", ""),
    Decision.OVERTAKEN: ("swap", ""),
}


class Verdict(models.TextChoices):
    ACCEPT = "accept", _("Accepted")
    COUNTER = "counter", _("Countered")
    REFUSE = "refuse", _("Refused")


class Change(models.Model):
    """One proposed change; it is written against a wording, and only that wording can be changed by it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    round = models.PositiveIntegerField()
    operation = models.CharField(_("operation"), max_length=8, choices=Operation.choices)
    part = models.CharField(max_length=8, choices=Part.choices, default=Part.OWN)
    code = models.SlugField(_("clause"), max_length=60, blank=True)
    based_on = models.PositiveIntegerField(_("revision of the words it changes"))
    heading = models.CharField(_("heading"), max_length=160, blank=True)
    text = models.TextField(_("words"), blank=True)
    after = models.SlugField(_("stands after"), max_length=60, blank=True)
    answers = models.JSONField(_("answers"), default=dict)
    note = models.TextField(_("why"), max_length=2000, blank=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(_("answer asked by"), null=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Decision.choices, default=Decision.OPEN, editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    counters = models.ForeignKey("self", models.PROTECT, related_name="countered_by", null=True)
    applied_in = models.PositiveIntegerField(_("revision that it brought"), null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="change_number_once"),
            models.CheckConstraint(
                name="change_reminded_of_a_day", condition=Q(reminded_at=None) | Q(due_at__isnull=False)
            ),
            models.CheckConstraint(
                name="change_decided_is_dated",
                condition=Q(status=Decision.OPEN, decided_at=None) | ~Q(status=Decision.OPEN) & ~Q(decided_at=None),
            ),
            models.CheckConstraint(
                name="change_accepted_is_applied",
                condition=Q(status=Decision.ACCEPTED) & ~Q(applied_in=None)
                | ~Q(status=Decision.ACCEPTED) & Q(applied_in=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} #{self.number} {self.operation} {self.code}"

    @property
    def is_open(self) -> bool:
        return self.status == Decision.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether the moment has passed by which an answer was asked; it still waits, for silence is not consent."""
        return self.is_open and self.due_at is not None and self.due_at <= timezone.now()

    @property
    def status_look(self) -> tuple[str, str, Any]:
        name, tone = LOOK[Decision(self.status)]
        return name, tone, self.get_status_display()

    def move_to(self, status: Decision, *, at: Any) -> None:
        """The only assignment to `.status`; raises ValueError for a step the diagram does not have."""
        if status not in FOLLOWS[self.status]:
            raise ValueError(f"{self.status} cannot become {status}")
        self.status, self.decided_at = status, at


class Answer(models.Model):
    """What a party said to a change; it can be said once."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="given")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "agency"], name="change_answered_once_per_party"),
            models.CheckConstraint(
                name="change_refused_with_a_reason", condition=~Q(verdict=Verdict.REFUSE) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.verdict}"
