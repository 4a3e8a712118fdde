"""Texts of publications as they were sent, and the parties that may object to each until their own last day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.zones import today
from portal.files.models import StoredFile
from portal.kit.append_only import AppendOnly
from projects.ip.models.publication import PublicationNotice
from projects.ip.models.publication_choices import Answer

ONE_SECOND = timedelta(seconds=1)


class PublicationText(AppendOnly):
    """Exactly what is to be published, once for every version that was sent."""

    notice = models.ForeignKey(PublicationNotice, models.PROTECT, related_name="texts", verbose_name=_("notice"))
    number = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField(_("text"), blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, verbose_name=_("file"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    changes = models.TextField(_("what was changed"), max_length=4_000, blank=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("text of a publication")
        verbose_name_plural = _("texts of publications")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="publication_text_once_per_number"),
            models.CheckConstraint(condition=~Q(body="") | Q(file__isnull=False), name="publication_text_is_something"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="publication_text_has_its_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.notice.ref}/{self.number}"


class PublicationReview(models.Model):
    """One party that was sent a text: until when it may object, and what it said."""

    text = models.ForeignKey(PublicationText, models.PROTECT, related_name="reviews", verbose_name=_("text"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("party"))
    agency_name = models.CharField(_("name of the party then"), max_length=200)
    holds_up = models.BooleanField(_("the publication waits for it"), default=True)
    days = models.PositiveSmallIntegerField(_("days"))
    basis = models.CharField(_("kind of days"), max_length=10)
    zone = models.CharField(_("zone"), max_length=64)
    due_on = models.DateField(_("last day"))
    due_at = models.DateTimeField(_("ends"))
    source = models.CharField(_("source of the period"), max_length=300, blank=True)
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("review of a publication")
        verbose_name_plural = _("reviews of publications")
        constraints = [
            models.UniqueConstraint(fields=["text", "agency"], name="publication_review_once_per_party"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="publication_answer_is_dated",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(answer=""), name="publication_review_open")]

    def __str__(self) -> str:
        return f"{self.text}: {self.agency_name}"

    @property
    def last_moment(self) -> datetime:
        """The last second of the last day, which is how a deadline is shown."""
        return self.due_at - ONE_SECOND

    @property
    def days_left(self) -> int:
        """Whole days that follow today at the party's seat; 0 on the last day."""
        return max((self.due_on - today(self.zone)).days, 0)

    def is_open(self, now: datetime) -> bool:
        """Whether the party may still say something about this text."""
        return not self.answer and now < self.due_at

    def answer_at(self, now: datetime) -> str:
        """What it has said; silence once its time is over."""
        return self.answer or ("" if now < self.due_at else Answer.SILENT)
