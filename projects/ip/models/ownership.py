"""Owners' shares of assets, which the database keeps at exactly 100 percent."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

HUNDRED = Decimal(100)

# A row lock on the asset makes two transactions that change its shares take turns: the second one counts what the first
# has committed. NO KEY UPDATE does not collide with the key locks that the foreign keys of both already hold.
SHARES_SUM_TO_100 = """
    PERFORM 1 FROM ip_asset WHERE id = checked FOR NO KEY UPDATE;
    IF FOUND THEN
        SELECT coalesce(sum(percent), 0) INTO total FROM ip_ownershipshare WHERE asset_id = checked;
        IF total <> 100 THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_sum_to_100',
                MESSAGE = 'the shares of asset ' || checked || ' sum to ' || total || ', not to 100';
        END IF;
    END IF;
"""
TOUCHED = "ARRAY[OLD.asset_id, NEW.asset_id]"


class OwnershipShare(models.Model):
    """One owner's part of an asset. The database commits no shares that do not sum to exactly 100.

    An owner without an agency is somebody outside, to whom a share was transferred; `agency_name` names them.
    """

    asset = models.ForeignKey("ip.Asset", models.CASCADE, related_name="shares", verbose_name=_("asset"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", null=True, verbose_name=_("owner"))
    agency_name = models.CharField(_("name of the owner then"), max_length=200)
    percent = models.DecimalField(
        _("percent"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(Decimal("0.0001")), MaxValueValidator(HUNDRED)],
    )

    class Meta:
        verbose_name = _("ownership share")
        verbose_name_plural = _("ownership shares")
        ordering = ["-percent", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "agency"], name="share_once_per_owner"),
            models.UniqueConstraint(
                fields=["asset", "agency_name"], condition=Q(agency__isnull=True), name="share_once_per_outsider"
            ),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="share_is_a_part"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="shares_sum_to_100",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=[("checked", "bigint"), ("total", "numeric")],
                func=f"FOREACH checked IN ARRAY {TOUCHED} LOOP {SHARES_SUM_TO_100} END LOOP; RETURN NULL;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_name} {self.words}"

    @property
    def holder(self) -> str:
        """The reference of the agency, or the name of who is outside."""
        return self.agency.ref if self.agency is not None else self.agency_name

    @property
    def shown(self) -> str:
        """The acronym of the agency, or the name of who is outside."""
        return self.agency.acronym if self.agency is not None else self.agency_name

    @property
    def words(self) -> str:
        """`60`, `33.3333`: the percentage without zeros that say nothing."""
        whole, _point, part = f"{self.percent:.4f}".partition(".")
        return f"{whole}.{part.rstrip('0')}".rstrip(".")
