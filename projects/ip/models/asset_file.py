"""Files of assets: each upload is a version that stays."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.files.models import StoredFile
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet
from projects.ip.models.asset import Asset


class AssetFileQuerySet(AppendOnlyQuerySet):
    """Files by who may know of them; whether they may be read as well, projects.ip.markings says."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of every asset that the actor sees."""
        return self.filter(Exists(Asset.objects.visible_to(actor).filter(pk=OuterRef("asset"))))

    def newest(self) -> Self:
        """The last version of each."""
        return self.filter(~Exists(AssetFile.objects.filter(follows=OuterRef("pk"))))

    def with_asset(self) -> Self:
        return self.select_related("file", "asset__party", "asset__project")


class AssetFile(AppendOnly):
    """One version of a file of an asset; the next one says which it follows."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="files", verbose_name=_("asset"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    number = models.PositiveIntegerField(_("version"), default=1)
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("follows")
    )
    note = models.CharField(_("what it is"), max_length=200, blank=True)
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    at = models.DateTimeField(_("added"), default=timezone.now)

    objects: ClassVar = AssetFileQuerySet.as_manager()
    is_newest = True

    class Meta(AppendOnly.Meta):
        verbose_name = _("file of an asset")
        verbose_name_plural = _("files of assets")
        indexes = [models.Index(fields=["asset", "-id"], name="asset_file_of_asset")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number=1, follows=None) | Q(number__gt=1, follows__isnull=False),
                name="asset_file_follows_the_one_before",
            )
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("ip:file", args=[self.uid])
