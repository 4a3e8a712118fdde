"""Contributions that another party asserts to a result within its window, and what its owners answer."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.ip.models.asset import Asset
from projects.ip.models.ownership import HUNDRED, OwnershipShare


class ContributionStatus(models.TextChoices):
    """Where an assertion stands."""

    ASSERTED = "asserted", _("Asserted, not answered yet")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Asserted contributions by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        """Those to the assets that the actor sees."""
        of_assets = Asset.objects.visible_to(actor).filter(pk=models.OuterRef("asset"))
        return self.filter(models.Exists(of_assets))

    def open(self) -> Self:
        return self.filter(status=ContributionStatus.ASSERTED)

    def with_asset(self) -> Self:
        shares = OwnershipShare.objects.select_related("agency")
        known = ("asset__project__lead", "asset__party", "asset__contested_by", "agency")
        return self.select_related(*known).prefetch_related(models.Prefetch("asset__shares", queryset=shares))


class Contribution(Record):
    """One agency's assertion that it made a part of a result."""

    REF_PREFIX = "CA"
    Status = ContributionStatus
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        ContributionStatus.ASSERTED: {
            ContributionStatus.ACCEPTED,
            ContributionStatus.REFUSED,
            ContributionStatus.WITHDRAWN,
        },
        ContributionStatus.ACCEPTED: set(),
        ContributionStatus.REFUSED: set(),
        ContributionStatus.WITHDRAWN: set(),
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        ContributionStatus.ASSERTED: ("clock", "warn"),
        ContributionStatus.ACCEPTED: ("ok", "good"),
        ContributionStatus.REFUSED: ("no", "bad"),
        ContributionStatus.WITHDRAWN: ("undo", ""),
    }

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="contributions", verbose_name=_("asset"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    percent = models.DecimalField(
        _("share proposed, in percent"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(Decimal("0.0001")), MaxValueValidator(HUNDRED)],
    )
    reason = models.TextField(_("what it made"), max_length=4_000)
    status = models.CharField(
        _("status"), max_length=10, choices=ContributionStatus, default=ContributionStatus.ASSERTED, editable=False
    )
    answer = models.TextField(_("reason of the answer"), max_length=4_000, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("asserted contribution")
        verbose_name_plural = _("asserted contributions")
        ordering = ["pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="contribution_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "agency"], condition=Q(status="asserted"), name="contribution_asserted_once"
            ),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="contribution_is_a_part"),
            models.CheckConstraint(
                condition=Q(status="asserted", answered_at__isnull=True)
                | ~Q(status="asserted") & Q(answered_at__isnull=False),
                name="contribution_answer_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(answer=""), name="contribution_refused_says_why"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:contribution", args=[self.ref])

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where it stands."""
        icon, tone = self.LOOK[self.status]
        return icon, tone, ContributionStatus(self.status).label

    @property
    def is_open(self) -> bool:
        return self.status == ContributionStatus.ASSERTED

    @property
    def words(self) -> str:
        return f"{self.percent.normalize():f}"

    def move_to(self, status: str, *, answer: str = "") -> Self:
        """Answer it; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        self.status, self.answer, self.answered_at = status, answer, timezone.now()
        return self.bump()
