"""What came of a decision: applications with their offices and dates, and offers with what was answered."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit.lines import line_errors

from .disclosure import Disclosure
from .disclosure_choices import Answer, FilingStatus

PRIORITY_MONTHS = 12


class Filing(models.Model):
    """One application for protection."""

    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        FilingStatus.FILED: ("send", "info"),
        FilingStatus.PUBLISHED: ("globe", "info"),
        FilingStatus.GRANTED: ("ok", "good"),
        FilingStatus.REFUSED: ("no", "bad"),
        FilingStatus.LAPSED: ("no", ""),
    }

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="filings", verbose_name=_("disclosure"))
    office = models.CharField(_("office"), max_length=100, help_text=_("For example: Japan Patent Office."))
    number = models.CharField(_("number of the application"), max_length=100)
    filed_on = models.DateField(_("filed on"))
    status = models.CharField(_("status"), max_length=10, choices=FilingStatus, default=FilingStatus.FILED)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    class Meta:
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        ordering = ["filed_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "office", "number"], name="filing_recorded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.number}"

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        return (*self.LOOK[self.status], FilingStatus(self.status).label)

    @property
    def priority_ends_on(self) -> date:
        """The last day of the priority (Paris Convention, article 4 C): twelve months after the day of filing.

        The same day of the month, or the last one where there is none; for information, as offices add days of rest.
        """
        year = self.filed_on.year + PRIORITY_MONTHS // 12
        try:
            return self.filed_on.replace(year=year)
        except ValueError:
            return self.filed_on.replace(year=year, day=28)

    def move_to(self, status: str, *, note: str = "") -> None:
        """Say where the application stands at its office; the caller saves."""
        self.status, self.note = FilingStatus(status), note or self.note

    def clean(self) -> None:
        errors: dict[str, Any] = line_errors(self, "office", "number", "note")
        if self.filed_on and self.filed_on > self.disclosure.today:
            errors["filed_on"] = [_("That day has not come yet.")]
        if errors:
            raise ValidationError(errors)

    def validate_constraints(self, exclude: Any = None) -> None:
        taken = Filing.objects.filter(disclosure=self.disclosure, office=self.office, number=self.number)
        if taken.exclude(pk=self.pk).exists():
            raise ValidationError({"number": [_("This application is recorded already.")]})


class DisclosureOffer(models.Model):
    """Rights offered to a co-owner or to an inventor, and what they answered."""

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="offers", verbose_name=_("disclosure"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+", verbose_name=_("agency"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("inventor")
    )
    terms = models.TextField(_("terms"), max_length=4_000)
    offered_at = models.DateTimeField(_("offered"))
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("offered by")
    )
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, blank=True)
    answer_note = models.TextField(_("words of the answer"), max_length=4_000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["offered_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False, person__isnull=True) | Q(agency__isnull=True, person__isnull=False),
                name="offer_is_to_one",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="offer_answer_is_somebodys",
            ),
            models.UniqueConstraint(
                fields=["disclosure", "agency"], condition=Q(agency__isnull=False), name="offer_once_to_an_agency"
            ),
            models.UniqueConstraint(
                fields=["disclosure", "person"], condition=Q(person__isnull=False), name="offer_once_to_an_inventor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure_id} to {self.agency_id or self.person_id}"

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        if not self.answer:
            return "clock", "warn", _("Waits for the answer")
        return ("ok", "good", _("Accepted")) if self.answer == Answer.ACCEPTED else ("no", "", _("Declined"))
