"""Who is at odds in a dispute, the levels with their times, who speaks for a party at each, and urgent measures."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet
from projects.ip.models.dispute import Dispute, DisputeStatus


class Side(models.TextChoices):
    CLAIMANT = "claimant", _("Claimant")
    RESPONDENT = "respondent", _("Respondent")
    COPY = "copy", _("Has a copy")


class DisputeParty(models.Model):
    """One agency in a dispute, with its answer to the claim. The others of a notice of breach have a copy of it."""

    Side = Side

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="parties", verbose_name=_("dispute"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    side = models.CharField(_("side"), max_length=10, choices=Side)
    answer = models.TextField(_("answer"), max_length=10_000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("party of a dispute")
        verbose_name_plural = _("parties of disputes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "agency"], name="dispute_party_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False, side="respondent"),
                name="dispute_answer_is_a_respondents",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_name}, {self.get_side_display()}"

    @property
    def is_at_odds(self) -> bool:
        return self.side != Side.COPY


class DisputeLevel(AppendOnly):
    """A level as it was laid down when the dispute was opened: a later change of profile or calendar does not move it.

    `ends` has for every party its own last day and the instant at which it is over; `due_at` is the last of these.
    """

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="levels", verbose_name=_("dispute"))
    number = models.PositiveSmallIntegerField(_("level"))
    status = models.CharField(_("name"), max_length=16, choices=DisputeStatus)
    days = models.PositiveSmallIntegerField(_("days"), null=True)
    starts_at = models.DateTimeField(_("starts"))
    due_at = models.DateTimeField(_("ends"), null=True)
    ends = models.JSONField(_("end for each party"), default=list)

    class Meta(AppendOnly.Meta):
        verbose_name = _("level of a dispute")
        verbose_name_plural = _("levels of disputes")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "status"], name="dispute_level_once"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gt=models.F("starts_at")), name="dispute_level_takes_time"
            ),
        ]

    def __str__(self) -> str:
        return str(DisputeStatus(self.status).label)


class Representative(models.Model):
    """Whom a party has named to speak for it at a level."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="representatives", verbose_name=_("dispute"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    level = models.CharField(_("level"), max_length=16, choices=DisputeStatus)
    membership = models.ForeignKey(
        "agencies.Membership", models.PROTECT, related_name="+", verbose_name=_("representative")
    )
    person_name = models.CharField(_("name then"), max_length=200)
    named_at = models.DateTimeField(_("named"), default=timezone.now)

    class Meta:
        verbose_name = _("representative in a dispute")
        verbose_name_plural = _("representatives in disputes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "agency", "level"], name="dispute_one_representative_a_level")
        ]

    def __str__(self) -> str:
        return self.person_name


class UrgentMeasureQuerySet(AppendOnlyQuerySet["UrgentMeasure"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(dispute__in=Dispute.objects.visible_to(actor))


class UrgentMeasure(AppendOnly):
    """That a party sought an urgent measure, which the clause allows at any time."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="urgent_measures", verbose_name=_("dispute"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("sought by"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    before = models.CharField(_("court or authority"), max_length=200)
    sought_on = models.DateField(_("sought on"))
    note = models.TextField(_("what was asked for"), max_length=4_000)
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)

    objects: ClassVar = UrgentMeasureQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("urgent measure")
        verbose_name_plural = _("urgent measures")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.before
