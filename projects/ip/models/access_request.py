"""Requests for access to what another party owns: what is needed and why, the owner's clock, offers and the talk between."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import AGENCY_WIDE
from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.ip.models.access_choices import CLOSED, DECIDED, OVER, OWED, Ground, RequestStatus
from projects.ip.models.access_choices import RequestStatus as S
from projects.ip.models.access_talk import AccessNote, AccessOffer
from projects.ip.models.asset import Asset, AssetQuerySet
from projects.ip.models.ownership import OwnershipShare
from projects.ip.models.right import AccessRight, Purpose, SoftwareForm
from projects.models import Participation, Project


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    """Requests by who may know of them and whom they wait for."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those to what one's agency owns once they are submitted; also after it left the project."""
        if actor.agency_id is None:
            return self.none()
        owns = OwnershipShare.objects.filter(asset=OuterRef("asset"), agency=actor.agency_id)
        asked = Q(owner=actor.agency_id) | Exists(owns)
        reachable = self.filter(
            Q(requester=actor.agency_id) | ~Q(status=S.DRAFT) & Q(submitted_at__isnull=False) & asked
        )
        if actor.has_role(*AGENCY_WIDE):
            return reachable
        return reachable.filter(Exists(Project.objects.inside_for(actor).filter(pk=OuterRef("asset__project"))))

    def open(self) -> Self:
        return self.exclude(status__in=OVER)

    def of_what_is_over(self) -> Self:
        """Where the project has ended or the requester has left it."""
        left = Participation.objects.filter(
            project=OuterRef("asset__project"), agency=OuterRef("requester"), left_on__lte=timezone.now().date()
        )
        return self.filter(Q(asset__project__ended_at__isnull=False) | Exists(left))

    def with_parties(self) -> Self:
        return self.select_related("asset__project", "asset__party", "requester", "owner")

    def for_pages(self) -> Self:
        """Read what the policies and the pages ask, in a fixed number of queries."""
        known = self.select_related("requester", "owner", "right__grantor")
        assets = Asset.objects.with_owners().with_project()
        offers = AccessOffer.objects.select_related("by")
        notes = AccessNote.objects.select_related("by", "person")
        return known.prefetch_related(
            Prefetch("asset", queryset=assets), Prefetch("offers", queryset=offers), Prefetch("notes", queryset=notes)
        )


class AccessRequest(Record):
    """One agency asks the owner of an asset to let it use it for one purpose. Silence never grants."""

    REF_PREFIX = "AR"
    Status = RequestStatus
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        S.DRAFT: {S.SUBMITTED, S.REFUSED, *CLOSED},
        S.SUBMITTED: {S.ACKNOWLEDGED, S.INFO_REQUESTED, S.NEED_ASSESSED, S.ESCALATED, *DECIDED, *CLOSED},
        S.ACKNOWLEDGED: {S.INFO_REQUESTED, S.NEED_ASSESSED, S.ESCALATED, *DECIDED, *CLOSED},
        S.INFO_REQUESTED: {S.ANSWERED, *DECIDED, *CLOSED},
        S.ANSWERED: {S.INFO_REQUESTED, S.NEED_ASSESSED, S.ESCALATED, *DECIDED, *CLOSED},
        S.NEED_ASSESSED: {S.INFO_REQUESTED, S.ESCALATED, *DECIDED, *CLOSED},
        S.OFFERED: {S.GRANTED, S.COUNTERED, S.OFFERED, S.REFUSED, *CLOSED},
        S.COUNTERED: {S.ESCALATED, *DECIDED, *CLOSED},
        S.ESCALATED: {S.INFO_REQUESTED, *DECIDED, *CLOSED},
        **{over: set() for over in OVER},
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        S.DRAFT: ("draft", ""),
        S.SUBMITTED: ("send", "info"),
        S.ACKNOWLEDGED: ("eye", "info"),
        S.INFO_REQUESTED: ("chat", "warn"),
        S.ANSWERED: ("chat", "info"),
        S.NEED_ASSESSED: ("check", "info"),
        S.OFFERED: ("handshake", "warn"),
        S.COUNTERED: ("swap", "warn"),
        S.GRANTED: ("ok", "good"),
        S.REFUSED: ("no", "bad"),
        S.WITHDRAWN: ("no", ""),
        S.LAPSED: ("clock", ""),
        S.ESCALATED: ("alert", "bad"),
    }

    asset = models.ForeignKey("ip.Asset", models.PROTECT, related_name="access_requests", verbose_name=_("asset"))
    requester = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    requester_name = models.CharField(_("name of the requester then"), max_length=200)
    owner = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("asked of"))
    owner_name = models.CharField(_("name of the owner then"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    need = models.TextField(
        _("why it is needed"),
        max_length=4_000,
        help_text=_("What would be impossible, seriously late or much dearer without it. The owner reads it."),
    )
    wanted_from = models.DateField(_("wanted from"))
    wanted_to = models.DateField(_("wanted until"), null=True, blank=True, help_text=_("Empty means without end."))
    field = models.CharField(_("field of use"), max_length=400, blank=True)
    territory = models.CharField(_("territory"), max_length=200, blank=True, help_text=_("Empty means worldwide."))
    affiliates = models.TextField(
        _("affiliates that would use it"), max_length=1_000, blank=True, help_text=_("Empty means none.")
    )
    software_form = models.CharField(
        _("form of the software"), max_length=8, choices=SoftwareForm, blank=True, help_text=_("Only for software.")
    )

    status = models.CharField(_("status"), max_length=16, choices=RequestStatus, default=S.DRAFT, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    due_at = models.DateTimeField(_("answer due"), null=True, editable=False)
    answer_days = models.PositiveIntegerField(_("days to answer"), null=True, editable=False)
    day_basis = models.CharField(_("days are"), max_length=8, blank=True, editable=False)
    clause = models.CharField(_("clause"), max_length=300, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)
    need_accepted_at = models.DateTimeField(_("need accepted"), null=True, editable=False)
    escalated_at = models.DateTimeField(_("escalated"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    refusal_ground = models.CharField(
        _("ground of the refusal"), max_length=16, choices=Ground, blank=True, editable=False
    )
    refusal_words = models.TextField(_("reason of the refusal"), max_length=4_000, blank=True, editable=False)
    is_automatic = models.BooleanField(_("refused by the portal"), default=False, editable=False)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("access request")
        verbose_name_plural = _("access requests")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="access_request_newest_first"),
            models.Index(fields=["requester", "status"], name="access_request_of_requester"),
            models.Index(fields=["owner", "status"], name="access_request_of_owner"),
            models.Index(
                fields=["due_at"], condition=Q(status__in=[str(one) for one in OWED]), name="access_request_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(requester=F("owner")), name="access_request_asks_another"),
            models.UniqueConstraint(
                fields=["asset", "requester", "purpose"],
                condition=~Q(status__in=["granted", "refused", "withdrawn", "lapsed"]),
                name="access_request_open_once",
                violation_error_message=_("Your agency has asked for this already."),
            ),
            models.CheckConstraint(
                condition=Q(wanted_to__isnull=True) | Q(wanted_to__gte=F("wanted_from")),
                name="access_request_window_is_one",
                violation_error_message=_("The last day comes after the first."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn", "lapsed", "refused"])
                | Q(submitted_at__isnull=False, due_at__isnull=False),
                name="access_request_has_a_clock",
            ),
            models.CheckConstraint(
                condition=~Q(status="need_assessed") | Q(need_accepted_at__isnull=False),
                name="access_request_need_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="refused") & ~Q(refusal_ground="") & ~Q(refusal_words="")
                | ~Q(status="refused") & Q(refusal_ground="", refusal_words="", is_automatic=False),
                name="access_request_refusal_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["granted", "refused", "withdrawn", "lapsed"], closed_at__isnull=False)
                | ~Q(status__in=["granted", "refused", "withdrawn", "lapsed"]) & Q(closed_at__isnull=True),
                name="access_request_close_is_dated",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:access-request", args=[self.ref])

    def clean(self) -> None:
        errors = {}
        if self.wanted_to is not None and self.wanted_from is not None and self.wanted_to < self.wanted_from:
            errors["wanted_to"] = _("The last day comes after the first.")
        if not self.need.strip():
            errors["need"] = _("Say why it is needed: that is what the owner decides on.")
        if self.purpose == Purpose.AFFILIATES and not self.affiliates.strip():
            errors["affiliates"] = _("Name the affiliates that would use it.")
        if errors:
            raise ValidationError(errors)

    def move_to(self, status: str) -> Self:
        """The only assignment of the status, with the dates that belong to it; the caller saves."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        now = timezone.now()
        self.status = status
        if status in OVER:
            self.closed_at = now
        if status == S.NEED_ASSESSED:
            self.need_accepted_at = now
        if status == S.ESCALATED:
            self.escalated_at = now
        return self.bump()

    @property
    def is_open(self) -> bool:
        return self.status not in OVER

    @property
    def clock_runs(self) -> bool:
        """Whether the owner's time is running, or has run out without an answer."""
        return self.status in (*OWED, S.INFO_REQUESTED, S.ESCALATED)

    @property
    def last_moment(self) -> datetime | None:
        """The last second of the owner's last day, which is how a deadline is shown."""
        return self.due_at - timedelta(seconds=1) if self.due_at is not None else None

    def is_overdue(self, at: datetime | None = None) -> bool:
        """Whether the owner has let its time pass, whether or not the job has said so yet."""
        return self.status in OWED and self.due_at is not None and self.due_at <= (at or timezone.now())

    def stands(self, at: datetime | None = None) -> str:
        """Where it stands by the clock: an answer that is overdue is escalated, even when the job is late."""
        return S.ESCALATED if self.is_overdue(at) else self.status

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        now = self.stands()
        return *self.LOOK[now], RequestStatus(now).label

    @property
    def offer(self) -> AccessOffer | None:
        """The newest terms on the table."""
        return max(self.offers.all(), key=lambda offer: offer.number, default=None)

    @property
    def counter(self) -> AccessOffer | None:
        """The requester's own terms, when they are the newest: whoever grants then, grants these."""
        offer = self.offer
        return offer if offer is not None and offer.by_id == self.requester_id else None

    @property
    def granted_right(self) -> AccessRight | None:
        return getattr(self, "right", None)


def askable_by(actor: Actor) -> AssetQuerySet:
    """The assets that the actor may ask about: what they see, and what stood in the register when their agency left.

    SECURITY: a party that has left asks in the time that the agreement gives it; of what came later it knows nothing.
    """
    if actor.agency_id is None:
        return Asset.objects.none()
    seen = Asset.objects.visible_to(actor).filter(pk=OuterRef("pk"))
    if not actor.has_role(*AGENCY_WIDE):
        return Asset.objects.filter(Exists(seen))
    left = Participation.objects.filter(
        project=OuterRef("project"),
        agency=actor.agency_id,
        joined_on__isnull=False,
        left_on__lte=timezone.now().date(),
        left_on__gte=Cast(OuterRef("created_at"), models.DateField()),
    )
    return Asset.objects.filter(Exists(seen) | Exists(left))
