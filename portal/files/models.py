"""A stored file: what its bytes are, and who brought them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly


class StoredFile(AppendOnly):
    """One upload. Equal bytes are stored once, however many uploads name them; the rows are never changed."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=100)
    name = models.CharField(_("name"), max_length=200)
    marking = models.CharField(_("marking"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("stored"), auto_now_add=True)
    uploaded_by = models.UUIDField(_("stored by"), null=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_named_by_its_hash")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the storage keeps the bytes: named by their hash, fanned out over folders."""
        return f"{self.sha256[:2]}/{self.sha256[2:]}"
