"""Protection: the steps of each right at each office, and offers to others before one is given up."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet
from portal.kit.records import Record
from projects.ip.models.asset import Asset


class StepKind(models.TextChoices):
    """What happened to a right at its office."""

    FILED = "filed", _("Filed")
    PUBLISHED = "published", _("Published")
    GRANTED = "granted", _("Granted")
    MAINTAINED = "maintained", _("Maintained")
    LAPSED = "lapsed", _("Lapsed")
    ABANDONED = "abandoned", _("Abandoned")


class OfferStatus(models.TextChoices):
    """Where an offer to take over a right stands."""

    OFFERED = "offered", _("Offered")
    TAKEN = "taken", _("Taken over")
    ABANDONED = "abandoned", _("Abandoned; nobody took it over")
    WITHDRAWN = "withdrawn", _("Kept after all")


class ProtectionStepQuerySet(AppendOnlyQuerySet["ProtectionStep"]):
    """Steps by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(models.Exists(Asset.objects.visible_to(actor).filter(pk=models.OuterRef("asset"))))

    def with_asset(self) -> Self:
        return self.select_related("asset__project", "agency")


class ProtectionStep(Record, AppendOnly):
    """One step of one right; what was entered wrongly is set right by a further step with a remark."""

    REF_PREFIX = "PS"
    Kind = StepKind
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        StepKind.FILED: ("send", "info"),
        StepKind.PUBLISHED: ("eye", "info"),
        StepKind.GRANTED: ("seal", "good"),
        StepKind.MAINTAINED: ("refresh", "good"),
        StepKind.LAPSED: ("clock", "warn"),
        StepKind.ABANDONED: ("no", ""),
    }

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="protection_steps", verbose_name=_("asset"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    kind = models.CharField(_("what happened"), max_length=12, choices=StepKind)
    office = models.CharField(_("office"), max_length=100, help_text=_("For example: European Patent Office."))
    number = models.CharField(_("number"), max_length=100, help_text=_("Of the application or of the registration."))
    territory = models.CharField(_("territory"), max_length=200, blank=True, help_text=_("Where the right holds."))
    on = models.DateField(_("on"))
    remark = models.CharField(_("remark"), max_length=400, blank=True)

    objects: ClassVar = ProtectionStepQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("protection step")
        verbose_name_plural = _("protection steps")
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="step_newest_first")]
        constraints = [models.CheckConstraint(condition=~Q(office="") & ~Q(number=""), name="step_names_its_right")]

    def get_absolute_url(self) -> str:
        return f"{self.asset.get_absolute_url()}#protection"

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of what happened."""
        icon, tone = self.LOOK[self.kind]
        return icon, tone, StepKind(self.kind).label

    @property
    def right(self) -> tuple[str, str]:
        """What tells one right from another, however it is typed."""
        return right_of(self.office, self.number)


class AbandonmentOfferQuerySet(models.QuerySet["AbandonmentOffer"]):
    """Offers by who may know of them and whether they can be taken."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(models.Exists(Asset.objects.visible_to(actor).filter(pk=models.OuterRef("asset"))))

    def with_asset(self) -> Self:
        return self.select_related("asset__project__lead", "asset__party", "asset__contested_by", "agency", "taken_by")


class AbandonmentOffer(Record):
    """An owner is about to give up a right, and offers it to the others first."""

    REF_PREFIX = "AO"
    Status = OfferStatus
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        OfferStatus.OFFERED: {OfferStatus.TAKEN, OfferStatus.ABANDONED, OfferStatus.WITHDRAWN},
        OfferStatus.TAKEN: set(),
        OfferStatus.ABANDONED: set(),
        OfferStatus.WITHDRAWN: set(),
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        OfferStatus.OFFERED: ("clock", "warn"),
        OfferStatus.TAKEN: ("handshake", "good"),
        OfferStatus.ABANDONED: ("no", ""),
        OfferStatus.WITHDRAWN: ("undo", ""),
    }

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="abandonment_offers", verbose_name=_("asset"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("offered by"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    office = models.CharField(_("office"), max_length=100)
    number = models.CharField(_("number"), max_length=100)
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=2_000)
    days = models.PositiveIntegerField(_("days of notice"))
    source = models.CharField(_("source of the days"), max_length=300, blank=True)
    ends_at = models.DateTimeField(_("can be taken over until"))
    status = models.CharField(
        _("status"), max_length=10, choices=OfferStatus, default=OfferStatus.OFFERED, editable=False
    )
    taken_by = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("taken over by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    objects = AbandonmentOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer before abandonment")
        verbose_name_plural = _("offers before abandonment")
        ordering = ["pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="offer_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="offered", closed_at__isnull=True)
                | ~Q(status="offered") & Q(closed_at__isnull=False),
                name="offer_closing_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="taken", taken_by__isnull=False) | ~Q(status="taken") & Q(taken_by__isnull=True),
                name="offer_taken_by_somebody",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:abandonment", args=[self.ref])

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where the offer stands."""
        icon, tone = self.LOOK[self.status]
        if self.status == OfferStatus.OFFERED and self.is_over:
            return "hold", "warn", _("Nobody took it over")
        return icon, tone, OfferStatus(self.status).label

    @property
    def is_over(self) -> bool:
        """Whether the time in which others may take it over has run out."""
        return timezone.now() >= self.ends_at

    @property
    def right(self) -> tuple[str, str]:
        return right_of(self.office, self.number)

    def move_to(self, status: str, **facts: object) -> Self:
        """Close the offer; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        self.status, self.closed_at = status, timezone.now()
        for name, value in facts.items():
            setattr(self, name, value)
        return self.bump()


def taken_over(asset: Asset) -> dict[tuple[str, str], Agency]:
    """Whose the rights are that were taken over, by what tells one right from another; the last who took it has it."""
    offers = sorted(asset.abandonment_offers.all(), key=lambda offer: offer.pk)
    return {offer.right: offer.taken_by for offer in offers if offer.taken_by is not None}


def right_of(office: str, number: str) -> tuple[str, str]:
    """Office and number without what people type differently."""
    return " ".join(office.casefold().split()), "".join(number.casefold().split())
