"""Publications: what a party intends to publish, who was sent which text until when, and what they object to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import AGENCY_WIDE
from agencies.zones import today
from portal.files.models import StoredFile
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly
from portal.kit.records import Record
from projects.ip.models.asset import Asset
from projects.ip.models.publication_choices import (
    NEXT,
    UNDER_REVIEW,
    Answer,
    Ending,
    Ground,
    PublicationKind,
    PublicationStatus,
)
from projects.models import Participation, Project

ONE_SECOND = timedelta(seconds=1)


class PublicationQuerySet(models.QuerySet["PublicationNotice"]):
    """Notices by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own; and what was sent, for the parties of the project and for whoever got the newest text.

        SECURITY: a draft is its agency's alone. A party that has left keeps reading what it was sent, and no later text.
        """
        if actor.agency_id is None:
            return self.none()
        inside = Exists(Project.objects.inside_for(actor).filter(pk=OuterRef("project")))
        is_party = Participation.objects.parties().filter(project=OuterRef("project"), agency=actor.agency_id)
        seen = inside & (Q(agency=actor.agency_id) | Q(sent_at__isnull=False) & Exists(is_party))
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
        silent = PublicationReview.objects.filter(text__notice=OuterRef("pk"), answer="", due_at__lte=now)
        lapsed = PublicationObjection.objects.filter(notice=OuterRef("pk"), ending="", until_at__lte=now)
        return self.filter(Exists(silent) | Exists(lapsed))

    def with_reviews(self) -> Self:
        """Read what the clock needs: the parties asked about every text, and what they objected to."""
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
    TRANSITIONS: ClassVar[dict[str, set[str]]] = NEXT
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
