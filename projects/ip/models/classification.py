"""Who determined what export control says of a record, who asked for it, and who holds it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.files.markings import ExportClass, Regime
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet
from projects.models import Participation, Project


class Basis(models.TextChoices):
    """What a classification rests on."""

    SELF = "self", _("Own determination")
    RULING = "ruling", _("Ruling of the authority")
    SUPPLIER = "supplier", _("Statement of the supplier")
    CHANGED = "changed", _("Content changed since")

    @classmethod
    def claimable(cls) -> list[tuple[str, Any]]:
        """What an officer can rest a determination on; that the content changed says the portal."""
        return [choice for choice in cls.choices if choice[0] != cls.CHANGED]


class ClassificationQuerySet(AppendOnlyQuerySet):
    """Classifications by who reads them."""

    def visible_to(self, actor: Actor) -> Self:
        """The owning agency's own: the rationale of a classification is its business."""
        return self.filter(_known_to(actor), agency=actor.agency_id)

    def of(self, *refs: str) -> Self:
        return self.filter(item__in=refs)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class Classification(AppendOnly):
    """One determination by the owner's export officer; the newest of a record counts."""

    item = models.CharField(_("record"), max_length=32, db_index=True)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("project")
    )
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("owner"))
    agency_name = models.CharField(_("name of the owner then"), max_length=200)
    export_class = models.CharField(_("export class"), max_length=14, choices=ExportClass)
    regime = models.CharField(_("control list"), max_length=10, choices=Regime, blank=True)
    number = models.CharField(_("number on the list"), max_length=40, blank=True)
    list_version = models.CharField(
        _("edition of the list"), max_length=60, blank=True, help_text=_("For example: 2026-01.")
    )
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.SELF)
    rationale = models.TextField(
        _("rationale"), max_length=4_000, help_text=_("Why it is so. Only your own agency reads this.")
    )
    relies_on = models.CharField(
        _("licence or exemption relied upon"),
        max_length=200,
        blank=True,
        help_text=_("Only your own agency reads this."),
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer"))
    person_name = models.CharField(_("name of the officer then"), max_length=200)
    at = models.DateTimeField(_("determined"), default=timezone.now)

    objects: ClassVar = ClassificationQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")

    def __str__(self) -> str:
        return f"{self.item}: {self.get_export_class_display()}"


class ClassificationRequestQuerySet(models.QuerySet["ClassificationRequest"]):
    """Requests by who may know of them and whether they wait."""

    def visible_to(self, actor: Actor) -> Self:
        """The two agencies'."""
        return self.filter(Q(agency=actor.agency_id) | Q(asked_by=actor.agency_id), _known_to(actor))

    def waiting(self) -> Self:
        return self.filter(answered_at=None)


class ClassificationRequest(models.Model):
    """Another party asks the owner to determine the class; the clock of the agreement runs."""

    item = models.CharField(_("record"), max_length=32, db_index=True)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("project")
    )
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("owner"))
    asked_by = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    need = models.TextField(_("what it is needed for"), max_length=2_000)
    source = models.CharField(_("where the time comes from"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ClassificationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a classification")
        verbose_name_plural = _("requests for a classification")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "asked_by"], condition=Q(answered_at=None), name="classification_asked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.asked_by_id}"

    @property
    def is_overdue(self) -> bool:
        return self.answered_at is None and self.due_at < timezone.now()


class HoldQuerySet(models.QuerySet["ExportHold"]):
    """Holds by who may know of them and whether they stand."""

    def visible_to(self, actor: Actor) -> Self:
        """Every party of the project knows that a hold stands; its reason is for the agency that placed it."""
        return self.filter(_known_to(actor))

    def standing(self) -> Self:
        return self.filter(released_at=None)


class ExportHold(models.Model):
    """An export officer stops a record for the own side: nothing of it is given out, or nothing of it is received."""

    item = models.CharField(_("record"), max_length=32, db_index=True)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("project")
    )
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("held by"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    reason = models.TextField(_("reason"), max_length=2_000, help_text=_("Only your own agency reads this."))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(_("held since"), default=timezone.now)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("export hold")
        verbose_name_plural = _("export holds")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "agency"], condition=Q(released_at=None), name="hold_stands_once_for_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="hold_released_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.agency_name}"


def _known_to(actor: Actor) -> Q:
    """Rows about a project whose inside the actor reads, and the own agency's rows that belong to no project."""
    inside = Participation.objects.seen_by(actor).filter(project=OuterRef("project"))
    return Q(Exists(inside)) | Q(project=None, agency=actor.agency_id, agency__isnull=False)
