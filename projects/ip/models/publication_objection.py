"""Objections to publications: specific, with an end, and answered in an exchange that nobody rewrites."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly
from projects.ip.models.publication import PublicationNotice
from projects.ip.models.publication_choices import Ending, Ground
from projects.ip.models.publication_text import ONE_SECOND, PublicationText


class PublicationObjection(models.Model):
    """What one party says must not be published, why, what would remove the harm, and until when at most."""

    notice = models.ForeignKey(PublicationNotice, models.PROTECT, related_name="objections", verbose_name=_("notice"))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.ForeignKey(PublicationText, models.PROTECT, related_name="+", verbose_name=_("text"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("party"))
    agency_name = models.CharField(_("name of the party then"), max_length=200)
    ground = models.CharField(_("ground"), max_length=12, choices=Ground)
    passage = models.TextField(_("which passage"), max_length=4_000)
    harm = models.TextField(_("what harm"), max_length=4_000)
    change = models.TextField(_("what change would remove it"), max_length=4_000)
    objected_at = models.DateTimeField(_("objected"), default=timezone.now)
    objected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    zone = models.CharField(_("zone"), max_length=64)
    until_on = models.DateField(_("delays until"), null=True)
    until_at = models.DateTimeField(_("ends by time"), null=True)
    source = models.CharField(_("source of the longest delay"), max_length=300, blank=True)
    ending = models.CharField(_("how it ended"), max_length=10, choices=Ending, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by_text = models.ForeignKey(PublicationText, models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("objection to a publication")
        verbose_name_plural = _("objections to publications")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="objection_once_per_number"),
            models.CheckConstraint(
                condition=~Q(passage="") & ~Q(harm="") & ~Q(change=""), name="objection_is_specific"
            ),
            models.CheckConstraint(
                condition=Q(ground="confidential", until_on__isnull=True, until_at__isnull=True)
                | ~Q(ground="confidential") & Q(until_on__isnull=False, until_at__isnull=False),
                name="objection_ends_by_time_unless_consent_is_needed",
            ),
            models.CheckConstraint(
                condition=Q(ending="", ended_at__isnull=True) | ~Q(ending="") & Q(ended_at__isnull=False),
                name="objection_ending_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(ending="lapsed", ground="confidential"), name="objection_consent_never_lapses"
            ),
        ]
        indexes = [models.Index(fields=["until_at"], condition=Q(ending=""), name="objection_standing")]

    def __str__(self) -> str:
        return f"{self.notice.ref}, {self.number}"

    @property
    def last_moment(self) -> datetime | None:
        """The last second of the delay; None where only consent ends it."""
        return self.until_at - ONE_SECOND if self.until_at is not None else None

    @property
    def needs_consent(self) -> bool:
        """Whether only the party's own word ends it, never time."""
        return self.until_at is None

    def stands(self, now: datetime) -> bool:
        return not self.ending and (self.until_at is None or now < self.until_at)

    def ending_at(self, now: datetime) -> str:
        """How it has ended by an instant; empty while it stands."""
        return self.ending or ("" if self.stands(now) else Ending.LAPSED)


class ObjectionAnswer(AppendOnly):
    """What a party answers in the exchange about an objection."""

    objection = models.ForeignKey(
        PublicationObjection, models.PROTECT, related_name="answers", verbose_name=_("objection")
    )
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    body = models.TextField(_("answer"), max_length=4_000)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta(AppendOnly.Meta):
        verbose_name = _("answer to an objection")
        verbose_name_plural = _("answers to objections")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.objection}: {self.agency_name}"
