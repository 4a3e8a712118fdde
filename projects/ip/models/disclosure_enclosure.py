"""What comes with a disclosure: files, each by its hash, and when and where it was or will be public."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .disclosure import Disclosure


class DisclosureFile(models.Model):
    """One attached file. The link can go while the disclosure is a draft; a sealed version keeps the hash."""

    disclosure = models.ForeignKey(Disclosure, models.CASCADE, related_name="files", verbose_name=_("disclosure"))
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("file"))
    note = models.CharField(_("what it shows"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("file of a disclosure")
        verbose_name_plural = _("files of disclosures")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)


class PublicDate(models.Model):
    """A day on which it was, or will be, shown to the public. Whether it lies behind us is read from the calendar."""

    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, related_name="public_dates", verbose_name=_("disclosure")
    )
    on = models.DateField(_("day"))
    where = models.CharField(_("where"), max_length=300)

    class Meta:
        verbose_name = _("public disclosure")
        verbose_name_plural = _("public disclosures")
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["on"], name="disclosure_public_on")]

    def __str__(self) -> str:
        return f"{self.on} {self.where}"
