"""The people who made what a disclosure describes: each with role and share, and each confirms their own part."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .disclosure import PARTS, PARTS_SUM_TO_100, Disclosure
from .disclosure_choices import ContributorRole, Employer


class ContributorState(models.TextChoices):
    """What a contributor has said."""

    UNASKED = "unasked", _("Not asked yet")
    ASKED = "asked", _("Asked, no answer yet")
    CONFIRMED = "confirmed", _("Confirmed")
    UNREACHABLE = "unreachable", _("Could not be reached")


class DisclosureContributor(models.Model):
    """One person's part. The database commits no parts beyond a draft that do not sum to exactly 100."""

    State = ContributorState
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        ContributorState.UNASKED: ("ring", ""),
        ContributorState.ASKED: ("clock", "warn"),
        ContributorState.CONFIRMED: ("ok", "good"),
        ContributorState.UNREACHABLE: ("hold", "warn"),
    }

    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, related_name="contributors", verbose_name=_("disclosure")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(_("name then"), max_length=150)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    role = models.CharField(_("role"), max_length=12, choices=ContributorRole, default=ContributorRole.INVENTOR)
    employer = models.CharField(_("employer status"), max_length=12, choices=Employer, default=Employer.EMPLOYEE)
    percent = models.DecimalField(
        _("share of the contribution"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(Decimal("0.0001")), MaxValueValidator(Decimal(100))],
    )
    part = models.TextField(_("what they contributed"), max_length=4_000, blank=True)
    state = models.CharField(_("answer"), max_length=12, choices=ContributorState, default=ContributorState.UNASKED)
    answered_at = models.DateTimeField(_("answered"), null=True)
    unreachable_reason = models.TextField(_("why not reached"), max_length=2_000, blank=True)
    disputed_at = models.DateTimeField(_("disputed"), null=True)
    dispute_reason = models.TextField(_("reason of the dispute"), max_length=4_000, blank=True)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "person"],
                condition=Q(person__isnull=False),
                name="disclosure_names_a_person_once",
            ),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="disclosure_part_is_a_part"),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "unreachable"], answered_at__isnull=False)
                | Q(state__in=["unasked", "asked"], answered_at__isnull=True),
                name="disclosure_answer_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state="unreachable") & ~Q(unreachable_reason="")
                | ~Q(state="unreachable") & Q(unreachable_reason=""),
                name="disclosure_unreachable_says_why",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, agency__isnull=False) | ~Q(state="confirmed"),
                name="disclosure_only_people_confirm",
            ),
            models.CheckConstraint(
                condition=Q(disputed_at__isnull=True, dispute_reason="")
                | Q(disputed_at__isnull=False) & ~Q(dispute_reason=""),
                name="disclosure_dispute_says_why",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="parts_sum_to_100",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=PARTS,
                func="FOREACH checked IN ARRAY ARRAY[OLD.disclosure_id, NEW.disclosure_id] LOOP "
                f"{PARTS_SUM_TO_100} END LOOP; RETURN NULL;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.words} %"

    @property
    def words(self) -> str:
        """`60`, `33.3333`: the percentage without zeros that say nothing."""
        whole, _point, part = f"{self.percent:.4f}".partition(".")
        return f"{whole}.{part.rstrip('0')}".rstrip(".")

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of what they have said."""
        if self.disputed_at is not None:
            return "alert", "bad", _("Disputes it")
        return (*self.LOOK[self.state], ContributorState(self.state).label)

    @property
    def has_settled(self) -> bool:
        """Whether nobody waits for this contributor any more."""
        return self.state in (ContributorState.CONFIRMED, ContributorState.UNREACHABLE)
