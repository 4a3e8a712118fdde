"""The parties of an agreement: agencies under the name they had, with what each of them did."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Party(models.Model):
    """An agency that is bound by an agreement, under the name it has at that time."""

    agreement = models.ForeignKey("agreements.Agreement", models.CASCADE, related_name="parties")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    agency_name = models.CharField(max_length=200)
    native_name = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()
    agreed_sha256 = models.CharField(max_length=64, blank=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)
    bound_as = models.CharField(_("bound as"), max_length=200, blank=True)
    share = models.DecimalField(
        _("share"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("In percent; what a weighted rule of entry into force counts."),
    )
    in_force_on = models.DateField(_("bound since"), null=True)
    left_on = models.DateField(_("no longer bound from"), null=True)
    acceded_by = models.ForeignKey(
        "agreements.Agreement", models.PROTECT, related_name="+", null=True, verbose_name=_("acceded by")
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency"], name="party_once_per_agreement"),
            models.UniqueConstraint(fields=["agreement", "position"], name="party_position_once"),
            models.CheckConstraint(
                name="party_share_is_a_percentage", condition=Q(share=None) | Q(share__gte=0, share__lte=100)
            ),
            models.CheckConstraint(
                name="party_leaves_after_it_is_bound",
                condition=Q(left_on=None) | Q(in_force_on=None) | Q(left_on__gte=models.F("in_force_on")),
            ),
            models.CheckConstraint(
                name="party_agreement_to_text_is_whole",
                condition=Q(agreed_sha256="", agreed_at=None, agreed_by=None)
                | ~Q(agreed_sha256="") & Q(agreed_at__isnull=False, agreed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.agency_name

    @property
    def has_not_left(self) -> bool:
        """Whether it takes part; a party that left stays readable as one that was. From when it is bound, `bound` says."""
        return self.left_on is None

    def agree(self, sha256: str, *, person: Any, at: Any) -> None:
        """Remember which text, by its hash, this party agreed to; another text is another hash."""
        self.agreed_sha256, self.agreed_by, self.agreed_at = sha256, person, at

    def forget_agreement(self) -> None:
        self.agreed_sha256, self.agreed_by, self.agreed_at = "", None, None
