"""To whom a disclosure's existence was reported, and with whom its content was shared: rows that are written once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly

from .disclosure import Disclosure


class DisclosureReport(AppendOnly):
    """One agency was told that there is a disclosure, with its reference and date, and nothing else."""

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="reports", verbose_name=_("disclosure"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("told"))
    source = models.CharField(_("under"), max_length=300, blank=True)
    at = models.DateTimeField(_("reported"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reported by"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("report of a disclosure")
        verbose_name_plural = _("reports of disclosures")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "agency"], name="disclosure_reported_once"),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure_id} to {self.agency_id}"


class DisclosureShare(AppendOnly):
    """One agency was let to read one sealed version."""

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="shared", verbose_name=_("disclosure"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("reader"))
    number = models.PositiveIntegerField(_("version"))
    export_class = models.CharField(_("export class then"), max_length=14)
    at = models.DateTimeField(_("shared"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("shared by"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("share of a disclosure")
        verbose_name_plural = _("shares of disclosures")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "agency", "number"], name="disclosure_version_shared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure_id} version {self.number} to {self.agency_id}"
