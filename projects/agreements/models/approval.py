"""The internal approvals that an agency asks before it freezes a text."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.agreements.models.agreement import Agreement


class ApprovalKind(models.TextChoices):
    LEGAL = "legal", _("Legal")
    INTELLECTUAL_PROPERTY = "ip", _("Intellectual property")
    EXPORT = "export", _("Export control")
    FINANCE = "finance", _("Finance")
    STATE = "state", _("Approval by the state")
    OTHER = "other", _("Other")


class Approval(models.Model):
    """One line of an agency's checklist, approved against one text by its hash; another text asks again."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="approvals")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=ApprovalKind.choices)
    words = models.CharField(_("what is approved, and by whom"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()
    approved_sha256 = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering = ["agency", "position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency", "position"], name="approval_position_once"),
            models.CheckConstraint(
                name="approval_is_whole",
                condition=Q(approved_sha256="", approved_at=None, approved_by=None)
                | ~Q(approved_sha256="") & Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.agency_id} {self.kind}"

    def approve(self, sha256: str, *, person: Any, at: Any) -> None:
        """Remember which text, by its hash, was approved."""
        self.approved_sha256, self.approved_by, self.approved_at = sha256, person, at

    def take_back(self) -> None:
        self.approved_sha256, self.approved_by, self.approved_at = "", None, None
