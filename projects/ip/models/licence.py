"""Licences that owners give on an asset, with the notice that a joint owner owes the others first."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.zones import today
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly
from portal.kit.records import Record
from projects.ip.models.asset import Asset


class LicenceStatus(models.TextChoices):
    """Where a licence stands."""

    NOTICED = "noticed", _("Notice is running")
    RECORDED = "recorded", _("Recorded")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Ended early")


class LicenceQuerySet(models.QuerySet["Licence"]):
    """Licences by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(models.Exists(Asset.objects.visible_to(actor).filter(pk=models.OuterRef("asset"))))

    def with_asset(self) -> Self:
        known = ("asset__project__lead", "asset__party", "asset__contested_by", "licensor", "licensee")
        answers = LicenceAnswer.objects.select_related("agency").order_by("pk")
        return self.select_related(*known).prefetch_related(models.Prefetch("answers", queryset=answers))


class Licence(Record):
    """One owner lets somebody use an asset, from one day to another."""

    REF_PREFIX = "LC"
    Status = LicenceStatus
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        LicenceStatus.NOTICED: {LicenceStatus.RECORDED, LicenceStatus.WITHDRAWN},
        LicenceStatus.RECORDED: {LicenceStatus.ENDED},
        LicenceStatus.WITHDRAWN: set(),
        LicenceStatus.ENDED: set(),
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        LicenceStatus.NOTICED: ("clock", "info"),
        LicenceStatus.RECORDED: ("ok", "good"),
        LicenceStatus.WITHDRAWN: ("undo", ""),
        LicenceStatus.ENDED: ("no", ""),
    }

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="licences", verbose_name=_("asset"))
    licensor = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("licensor"))
    licensor_name = models.CharField(_("name of the licensor then"), max_length=200)
    licensee = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("licensee")
    )
    licensee_name = models.CharField(_("name of the licensee"), max_length=200)
    is_exclusive = models.BooleanField(
        _("exclusive"),
        default=False,
        help_text=_("Nobody else, not even an owner, uses it in that field and territory."),
    )
    field = models.CharField(_("field of use"), max_length=300, blank=True, help_text=_("Empty means every field."))
    territory = models.CharField(_("territory"), max_length=300, blank=True, help_text=_("Empty means worldwide."))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    consent_asked = models.BooleanField(_("the agreement asks for the consent of every owner"), default=False)
    days = models.PositiveIntegerField(_("days of notice"))
    source = models.CharField(_("source of the days"), max_length=300, blank=True)
    first_day = models.DateField(_("earliest day"))
    notice_ends_at = models.DateTimeField(_("notice runs until"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=LicenceStatus, default=LicenceStatus.NOTICED, editable=False
    )
    recorded_at = models.DateTimeField(_("recorded"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="licence_newest_first")]
        constraints = [
            models.CheckConstraint(condition=~Q(licensee_name=""), name="licence_names_its_licensee"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="licence_ends_after_it_starts",
                violation_error_message=_("The last day does not come before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["recorded", "ended"]) | Q(starts_on__gte=F("first_day")),
                name="licence_starts_after_its_notice",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True)
                | Q(notice_ends_at__isnull=True)
                | Q(recorded_at__gte=F("notice_ends_at")),
                name="licence_recorded_after_its_notice",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["noticed", "withdrawn"], recorded_at__isnull=True)
                | Q(status__in=["recorded", "ended"], recorded_at__isnull=False),
                name="licence_recording_is_dated",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:licence", args=[self.ref])

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where it stands today."""
        icon, tone = self.LOOK[self.status]
        if self.status == LicenceStatus.NOTICED and self.is_over:
            return "here", "info", _("Notice has run; can be recorded")
        day = today(self.licensor.zone)
        if self.status == LicenceStatus.RECORDED and self.starts_on > day:
            return "clock", "info", _("Recorded, not begun")
        if self.status == LicenceStatus.RECORDED and self.ends_on is not None and self.ends_on < day:
            return "no", "", _("Over")
        return icon, tone, LicenceStatus(self.status).label

    @property
    def needs_consent(self) -> bool:
        """Whether every other owner consents: to an exclusive licence always, to others where the agreement asks for it."""
        return self.is_exclusive or self.consent_asked

    @property
    def is_over(self) -> bool:
        """Whether the notice has run; the only owner owes none."""
        return self.notice_ends_at is None or timezone.now() >= self.notice_ends_at

    def standing_answers(self) -> dict[int, LicenceAnswer]:
        """The last word of each owner; read from the rows already fetched."""
        return {answer.agency_id: answer for answer in sorted(self.answers.all(), key=lambda answer: answer.pk)}

    def move_to(self, status: str, **facts: object) -> Self:
        """Take a step; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        self.status = status
        if status == LicenceStatus.RECORDED:
            self.recorded_at = timezone.now()
        else:
            self.closed_at = timezone.now()
        for name, value in facts.items():
            setattr(self, name, value)
        return self.bump()


class LicenceAnswer(AppendOnly):
    """What another owner says of an exclusive licence; the last word counts."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="answers", verbose_name=_("licence"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    consents = models.BooleanField(_("consents"))
    reason = models.TextField(_("reason"), max_length=2_000, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("answer to a licence")
        verbose_name_plural = _("answers to licences")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(consents=True) | ~Q(reason=""), name="licence_refusal_says_why")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.consents}"
