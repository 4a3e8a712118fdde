"""Publications: what a party intends to publish, who was sent which text until when, and what they object to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import AGENCY_WIDE
from portal.files.models import StoredFile
from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.ip.models.asset import Asset
from projects.ip.models.publication_choices import (
    NEXT,
    UNDER_REVIEW,
    Answer,
    PublicationKind,
    PublicationStatus,
)
from projects.models import Participation, Project

if TYPE_CHECKING:
    from projects.ip.models.publication_objection import PublicationObjection
    from projects.ip.models.publication_text import PublicationReview, PublicationText


class PublicationQuerySet(models.QuerySet["PublicationNotice"]):
    """Notices by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own; and what was sent, for the parties of the project and for whoever got the newest text.

        SECURITY: a draft is its agency's alone. A party that has left keeps reading what it was sent, and no later text.
        """
        if actor.agency_id is None:
            return self.none()
        inside = Exists(Project.objects.inside_for(actor).filter(pk=OuterRef("project")))
        from .publication_text import PublicationReview, PublicationText

        is_party = Participation.objects.parties().filter(project=OuterRef("project"), agency=actor.agency_id)
        seen: Any = inside & (Q(agency=actor.agency_id) | Q(sent_at__isnull=False) & Exists(is_party))
        if actor.has_role(*AGENCY_WIDE):
            newest = PublicationText.objects.filter(notice=OuterRef("notice"), number__gt=OuterRef("number"))
            sent = PublicationReview.objects.filter(agency=actor.agency_id, text__notice=OuterRef("pk"))
            current = PublicationText.objects.filter(~Exists(newest))
            seen |= Q(agency=actor.agency_id) | Exists(sent.filter(text__in=current))
        return self.filter(seen)

    def running(self) -> Self:
        """Those whose state may still change with time."""
        return self.filter(status__in=PublicationNotice.UNDER_REVIEW)

    def due(self, now: datetime) -> Self:
        """Those of which something has ended by time and is not written down."""
        from .publication_objection import PublicationObjection
        from .publication_text import PublicationReview

        silent = PublicationReview.objects.filter(text__notice=OuterRef("pk"), answer="", due_at__lte=now)
        lapsed = PublicationObjection.objects.filter(notice=OuterRef("pk"), ending="", until_at__lte=now)
        return self.filter(Exists(silent) | Exists(lapsed))

    def with_reviews(self) -> Self:
        """Read what the clock needs: the parties asked about every text, and what they objected to."""
        from .publication_objection import PublicationObjection
        from .publication_text import PublicationReview, PublicationText

        reviews = PublicationReview.objects.select_related("agency").order_by("agency__acronym", "pk")
        texts = PublicationText.objects.select_related("file").defer("body").order_by("number")
        objections = PublicationObjection.objects.select_related("agency", "text", "ended_by_text")
        return self.select_related("project__lead", "agency").prefetch_related(
            Prefetch("texts", queryset=texts.prefetch_related(Prefetch("reviews", queryset=reviews))),
            Prefetch("objections", queryset=objections.defer("text__body", "ended_by_text__body").order_by("number")),
        )

    def with_project(self) -> Self:
        """Read what the policies ask about taking part."""
        taking_part = Participation.objects.select_related("agency").order_by("role", "pk")
        return self.prefetch_related(Prefetch("project__participations", queryset=taking_part))


class PublicationNotice(Record):
    """One party's intention to publish, until it is published or given up."""

    REF_PREFIX = "PB"
    Status = PublicationStatus
    Kind = PublicationKind
    UNDER_REVIEW = UNDER_REVIEW
    TRANSITIONS: ClassVar[Mapping[str, set[PublicationStatus]]] = NEXT
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        PublicationStatus.PLANNED: ("draft", ""),
        PublicationStatus.IN_REVIEW: ("wait", "info"),
        PublicationStatus.OBJECTED: ("hold", "warn"),
        PublicationStatus.AMENDED: ("wait", "info"),
        PublicationStatus.CLEARED: ("ok", "good"),
        PublicationStatus.PUBLISHED: ("globe", "good"),
        PublicationStatus.RECORDED: ("seal", "good"),
        PublicationStatus.WITHDRAWN: ("no", ""),
    }

    project = models.ForeignKey(Project, models.PROTECT, related_name="publications", verbose_name=_("project"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("publishing party"))
    agency_name = models.CharField(_("name of the party then"), max_length=200, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=PublicationKind)
    title = models.CharField(_("title"), max_length=300)
    authors = models.TextField(
        _("authors as printed"),
        max_length=4_000,
        help_text=_("Persons and parties, in the order and the form in which the publication names them."),
    )
    venue = models.CharField(
        _("where"), max_length=300, blank=True, help_text=_("The journal, conference, archive or repository.")
    )
    planned_on = models.DateField(
        _("planned date"), null=True, blank=True, help_text=_("The day on which it is submitted or shown.")
    )
    assets = models.ManyToManyField(Asset, related_name="publications", blank=True, verbose_name=_("results used"))
    # References of the publishing party's own disclosures. SECURITY: shown to its own agency only.
    disclosures = ArrayField(models.CharField(max_length=32), default=list, blank=True, verbose_name=_("disclosures"))
    draft_text = models.TextField(_("text"), max_length=200_000, blank=True)
    draft_file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=PublicationStatus, default=PublicationStatus.PLANNED, editable=False
    )
    sent_at = models.DateTimeField(_("sent to the parties"), null=True, editable=False)
    notice_ends_at = models.DateTimeField(_("end of the notice period"), null=True, editable=False)
    published_on = models.DateField(_("published on"), null=True, editable=False)
    published_at = models.DateTimeField(_("publication entered"), null=True, editable=False)
    published_text = models.ForeignKey(
        "PublicationText", models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("as published")
    )
    doi = models.CharField(_("DOI"), max_length=200, blank=True, editable=False)
    address = models.URLField(_("address"), max_length=500, blank=True, editable=False)
    licence = models.CharField(_("licence"), max_length=200, blank=True, editable=False)
    embargo_until = models.DateField(_("under embargo until"), null=True, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication notice")
        verbose_name_plural = _("publication notices")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["project", "-created_at", "-id"], name="publication_of_project"),
            models.Index(
                fields=["status"],
                condition=Q(status__in=["in_review", "objected", "amended", "cleared"]),
                name="publication_under_review",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="publication_has_a_title"),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "withdrawn"]) | Q(sent_at__isnull=False),
                name="publication_reviewed_once_sent",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["published", "recorded"],
                    published_on__isnull=False,
                    published_at__isnull=False,
                    published_text__isnull=False,
                )
                | ~Q(status__in=["published", "recorded"])
                & Q(published_on__isnull=True, published_at__isnull=True, published_text__isnull=True),
                name="publication_dated_with_its_text",
            ),
            models.CheckConstraint(
                condition=~Q(status="recorded") | ~Q(doi="", address="") & ~Q(licence=""),
                name="publication_recorded_with_address",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:publication", args=[self.ref])

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Where it stands at this moment, also while the job that records it is late."""
        state = self.state()
        icon, tone = self.LOOK[state]
        return icon, tone, PublicationStatus(state).label

    def move_to(self, status: str) -> Self:
        """Take a step; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        self.status = status
        return self.bump()

    # --- what was sent ---

    @property
    def is_draft(self) -> bool:
        return self.status == PublicationStatus.PLANNED

    @property
    def has_ended(self) -> bool:
        return not self.TRANSITIONS[self.status]

    @property
    def newest_text(self) -> PublicationText | None:
        texts = list(self.texts.all())
        return texts[-1] if texts else None

    @property
    def reviews(self) -> list[PublicationReview]:
        """Those of the newest text."""
        text = self.newest_text
        return list(text.reviews.all()) if text is not None else []

    def review_of(self, agency_id: int | None) -> PublicationReview | None:
        """What this agency was sent last; none when the newest text did not go to it."""
        return next((review for review in self.reviews if review.agency_id == agency_id), None)

    # --- the clock ---

    def state(self, now: datetime | None = None) -> str:
        """The status at an instant: windows and objections end by time, with or without a job that says so."""
        if self.status not in self.UNDER_REVIEW:
            return self.status
        now = now or timezone.now()
        if self.standing_objections(now):
            return PublicationStatus.OBJECTED
        if self.waiting_reviews(now):
            text = self.newest_text
            is_first = text is None or text.number == 1
            return PublicationStatus.IN_REVIEW if is_first else PublicationStatus.AMENDED
        return PublicationStatus.CLEARED

    def standing_objections(self, now: datetime | None = None) -> list[PublicationObjection]:
        now = now or timezone.now()
        return [objection for objection in self.objections.all() if objection.stands(now)]

    def waiting_reviews(self, now: datetime | None = None) -> list[PublicationReview]:
        """Parties whose word on the newest text the publication waits for."""
        now = now or timezone.now()
        return [review for review in self.reviews if review.holds_up and review.is_open(now)]

    def is_cleared_by_word(self) -> bool:
        """Whether every party that was asked has said so itself, which makes the rest of the notice period moot."""
        last = {
            review.agency_id: review.answer
            for text in self.texts.all()
            for review in text.reviews.all()
            if review.holds_up
        }
        return all(answer == Answer.CLEARED for answer in last.values())

    def clears_at(self, now: datetime | None = None) -> datetime | None:
        """When it is cleared if nobody says anything more; None while a consent is needed that time does not give."""
        now = now or timezone.now()
        standing = self.standing_objections(now)
        if any(objection.until_at is None for objection in standing):
            return None
        ends = [objection.until_at for objection in standing if objection.until_at]
        return max([*ends, *(review.due_at for review in self.waiting_reviews(now))], default=now)

    def cleared_since(self, now: datetime) -> datetime:
        """The instant at which the last party had its word or its time was over; for a notice that is cleared."""
        moments = [review.answered_at or review.due_at for review in self.reviews if review.holds_up]
        moments += [moment for one in self.objections.all() if (moment := one.ended_at or one.until_at)]
        if self.notice_ends_at is not None and not self.is_cleared_by_word():
            moments.append(self.notice_ends_at)
        return min(max(moments, default=now), now)
