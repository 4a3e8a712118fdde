"""Agencies that read an agreement without being a party: who accedes to it, and who may rely on one of its clauses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    NEWCOMER = "newcomer", _("Accedes to it")
    BENEFICIARY = "beneficiary", _("May rely on one of its clauses")


class Reader(models.Model):
    """One agency that may read one agreement, and why; the talk between the parties stays theirs."""

    agreement = models.ForeignKey("agreements.Agreement", models.CASCADE, related_name="readers")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    standing = models.CharField(max_length=12, choices=Standing.choices)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency", "standing"], name="reader_once_per_standing")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.agency_id} {self.standing}"
