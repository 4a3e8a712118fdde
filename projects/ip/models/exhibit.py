"""Exhibits: what each side puts before the other as evidence, written once and withdrawn only by a further row."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.history.models import DatabaseClock
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet
from projects.ip.models.dispute import Dispute
from projects.ip.models.ladder import DisputeParty, Side


class ExhibitKind(models.TextChoices):
    EVENT = "event", _("Entry of the ledger")
    HISTORY = "history", _("History of an asset")
    DEPOSIT = "deposit", _("Deposit")
    AGREEMENT = "agreement", _("Signed text of an agreement")
    FILE = "file", _("File")


class ExhibitQuerySet(AppendOnlyQuerySet["Exhibit"]):
    def visible_to(self, actor: Actor) -> Self:
        """Exhibits are for both sides of the dispute; who only has a copy of a notice does not see them."""
        at_odds = DisputeParty.objects.filter(dispute=OuterRef("dispute"), agency=actor.agency_id)
        return self.filter(
            Exists(at_odds.exclude(side=Side.COPY)), dispute__in=Dispute.objects.visible_to(actor).order_by()
        )


class Exhibit(AppendOnly):
    """One piece of evidence. `events` are the entries of the ledger that date it; of a file, its own adding does."""

    Kind = ExhibitKind

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="exhibits", verbose_name=_("dispute"))
    number = models.PositiveIntegerField(_("number"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("added by"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    side = models.CharField(_("side"), max_length=10, choices=Side)
    kind = models.CharField(_("kind"), max_length=10, choices=ExhibitKind)
    source = models.CharField(_("source"), max_length=64, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    events = ArrayField(models.UUIDField(), verbose_name=_("events"), default=list)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", null=True, verbose_name=_("file"))
    shows = models.TextField(_("what it shows"), max_length=2_000)
    added_at = models.DateTimeField(_("added"), db_default=DatabaseClock(), editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects: ClassVar = ExhibitQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("exhibit")
        verbose_name_plural = _("exhibits")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "number"], name="exhibit_numbered_once"),
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False) | ~Q(kind="file") & Q(file__isnull=True),
                name="exhibit_file_has_a_file",
            ),
            models.CheckConstraint(condition=~Q(shows=""), name="exhibit_says_what_it_shows"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"E-{self.number}"

    @property
    def withdrawn(self) -> Any:
        """The row that withdrew it, or None; select `withdrawal` with a list."""
        return getattr(self, "withdrawal", None)


class ExhibitWithdrawal(AppendOnly):
    """That the party that added an exhibit relies on it no more; the exhibit stays."""

    exhibit = models.OneToOneField(Exhibit, models.PROTECT, related_name="withdrawal", verbose_name=_("exhibit"))
    reason = models.CharField(_("reason"), max_length=600)
    at = models.DateTimeField(_("withdrawn"), db_default=DatabaseClock(), editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("withdrawal of an exhibit")
        verbose_name_plural = _("withdrawals of exhibits")

    def __str__(self) -> str:
        return str(self.exhibit_id)
