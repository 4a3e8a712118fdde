"""Rights of access that one party granted to another: for which purpose, on which terms, from and to which instant."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import AGENCY_WIDE
from agencies.zones import end_of, start_of
from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.ip.models.ownership import OwnershipShare
from projects.models import Project


class Purpose(models.TextChoices):
    """What an asset of another party is used for; the clauses of an agreement distinguish these."""

    IMPLEMENTATION = "implementation", _("Implementation")
    EXPLOITATION = "exploitation", _("Exploitation")
    INTERNAL_RESEARCH = "internal_research", _("Internal research")
    EVALUATION = "evaluation", _("Evaluation")
    AFFILIATES = "affiliates", _("Use by affiliates")


class Royalty(models.TextChoices):
    """What is paid for a right."""

    FREE = "free", _("Free of charge")
    SUM = "sum", _("A fixed sum")
    RUNNING = "running", _("In proportion to the use or the income")
    IN_KIND = "in_kind", _("In kind, against something in return")


class SoftwareForm(models.TextChoices):
    OBJECT = "object", _("Object code with its interfaces")
    SOURCE = "source", _("Source code")


TERMS = (
    "field",
    "territory",
    "starts_on",
    "ends_on",
    "royalty",
    "royalty_words",
    "software_form",
    "may_sublicense",
    "affiliates",
    "improvements",
    "confidentiality",
    "reporting",
)


class GrantTerms(models.Model):
    """The terms on which access is offered and granted; what is left empty follows the agreement."""

    field = models.CharField(
        _("field of use"), max_length=400, blank=True, help_text=_("For example: lunar missions. Empty means any.")
    )
    territory = models.CharField(_("territory"), max_length=200, blank=True, help_text=_("Empty means worldwide."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("The right ends when this day is over at the owner's seat.")
    )
    royalty = models.CharField(_("price"), max_length=8, choices=Royalty, default=Royalty.FREE)
    royalty_words = models.TextField(
        _("price in words"), max_length=2_000, blank=True, help_text=_("Amount, currency, when it is due.")
    )
    software_form = models.CharField(_("software is given as"), max_length=8, choices=SoftwareForm, blank=True)
    may_sublicense = models.BooleanField(_("may be sub-licensed"), default=False)
    affiliates = models.TextField(
        _("affiliates that may use it"), max_length=1_000, blank=True, help_text=_("Empty means none.")
    )
    improvements = models.TextField(_("improvements"), max_length=2_000, blank=True)
    confidentiality = models.TextField(_("confidentiality"), max_length=2_000, blank=True)
    reporting = models.TextField(_("reporting"), max_length=2_000, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.ends_on is not None and self.starts_on is not None and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day comes after the first.")})
        if self.royalty != Royalty.FREE and not self.royalty_words.strip():
            raise ValidationError({"royalty_words": _("Say what is paid, and when.")})

    def terms(self) -> dict[str, object]:
        """The terms by the names of their fields, as another record takes them."""
        return {name: getattr(self, name) for name in TERMS}


class Standing(models.TextChoices):
    """Where a right stands at an instant; the first three follow from the clock."""

    COMING = "coming", _("Not begun")
    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    EXHAUSTED = "exhausted", _("Used up")


class Cause(models.TextChoices):
    """Why a right was cut short; an agreement allows no other reason."""

    BREACH = "breach", _("The party in breach lost its rights")
    AUTHORISATION = "authorisation", _("An authorisation was withdrawn")
    EXHAUSTED = "exhausted", _("What was granted is used up")


class AccessRightQuerySet(models.QuerySet["AccessRight"]):
    """Rights by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        """Those that one's agency holds or granted, or on what it owns; also after it left the project."""
        if actor.agency_id is None:
            return self.none()
        owns = OwnershipShare.objects.filter(asset=OuterRef("asset"), agency=actor.agency_id)
        own = self.filter(Q(holder=actor.agency_id) | Q(grantor=actor.agency_id) | Exists(owns))
        if actor.has_role(*AGENCY_WIDE):
            return own
        return own.filter(Exists(Project.objects.inside_for(actor).filter(pk=OuterRef("asset__project"))))

    def with_parties(self) -> Self:
        return self.select_related("asset__project", "asset__party", "holder", "grantor")


class AccessRight(GrantTerms, Record):
    """One agency may use one asset of another for one purpose. It ends at an instant, and is never prolonged in place."""

    REF_PREFIX = "RG"
    Purpose = Purpose
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        Standing.COMING: ("clock", "info"),
        Standing.ACTIVE: ("ok", "good"),
        Standing.EXPIRED: ("no", ""),
        Standing.REVOKED: ("stop", "bad"),
        Standing.EXHAUSTED: ("no", ""),
    }

    asset = models.ForeignKey("ip.Asset", models.PROTECT, related_name="access_rights", verbose_name=_("asset"))
    holder = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("holder"))
    holder_name = models.CharField(_("name of the holder then"), max_length=200)
    grantor = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("granted by"))
    grantor_name = models.CharField(_("name of the owner then"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    request = models.OneToOneField(
        "ip.AccessRequest", models.PROTECT, related_name="right", null=True, blank=True, verbose_name=_("request")
    )
    clause = models.CharField(_("granted under"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    cut_at = models.DateTimeField(_("cut short"), null=True, blank=True, editable=False)
    cut_cause = models.CharField(_("cause"), max_length=16, choices=Cause, blank=True)
    cut_reason = models.TextField(_("reason"), max_length=4_000, blank=True)
    cut_by = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )

    objects = AccessRightQuerySet.as_manager()

    class Meta:
        verbose_name = _("access right")
        verbose_name_plural = _("access rights")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["asset", "holder", "purpose"], name="right_asked_for"),
            models.Index(fields=["holder", "-created_at", "-id"], name="right_of_holder"),
            models.Index(fields=["-created_at", "-id"], name="right_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="right_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(holder=F("grantor")), name="right_is_of_another"),
            models.CheckConstraint(
                condition=Q(cut_at__isnull=True, cut_by__isnull=True, cut_cause="", cut_reason="")
                | Q(cut_at__isnull=False, cut_by__isnull=False) & ~Q(cut_cause="") & ~Q(cut_reason=""),
                name="right_cut_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("ip:access-right", args=[self.ref])

    def date(self) -> Self:
        """Turn the days of the terms into instants, at the seat of the owner who grants it; the caller saves."""
        self.starts_at = start_of(self.starts_on, self.grantor.zone)
        self.ends_at = end_of(self.ends_on, self.grantor.zone) if self.ends_on else None
        return self

    @property
    def over_at(self) -> datetime | None:
        """The first instant at which it holds no more: its end, or when it was cut short."""
        return min((moment for moment in (self.ends_at, self.cut_at) if moment is not None), default=None)

    def standing(self, at: datetime | None = None) -> str:
        """Where it stands at an instant, now by default."""
        at = at or timezone.now()
        if self.cut_at is not None and self.cut_at <= at and (self.ends_at is None or self.cut_at <= self.ends_at):
            return Standing.EXHAUSTED if self.cut_cause == Cause.EXHAUSTED else Standing.REVOKED
        if at < self.starts_at:
            return Standing.COMING
        return Standing.ACTIVE if self.ends_at is None or at < self.ends_at else Standing.EXPIRED

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        now = self.standing()
        return *self.LOOK[now], Standing(now).label

    def cut(self, cause: str, reason: str, *, by: object) -> Self:
        """End it at this instant; the caller saves. ValueError when it is over."""
        if self.standing() not in (Standing.ACTIVE, Standing.COMING):
            raise ValueError(f"{self.ref} is over")
        self.cut_at, self.cut_cause, self.cut_reason, self.cut_by = timezone.now(), cause, reason, by  # type: ignore[assignment]
        return self.bump()
