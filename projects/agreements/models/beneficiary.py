"""Agencies that are no party and yet have a right under a clause: an amendment that touches it needs their consent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly
from projects.agreements.models.agreement import Agreement


class Beneficiary(models.Model):
    """A third party and the clause that gives it a right (ISS Intergovernmental Agreement, article 4)."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="beneficiaries")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    code = models.SlugField(_("clause"), max_length=60)
    words = models.CharField(_("what it may rely on"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency", "code"], name="beneficiary_once_per_clause")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.agency_id} {self.code}"


class BeneficiaryConsent(AppendOnly):
    """The written consent of a third party to an amendment of what it may rely on, given to one text by its hash."""

    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="consents")
    amendment = models.ForeignKey(Agreement, models.PROTECT, related_name="beneficiary_consents")
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["beneficiary", "amendment", "sha256"], name="beneficiary_consents_once")
        ]

    def __str__(self) -> str:
        return f"{self.beneficiary_id} {self.amendment_id}"
