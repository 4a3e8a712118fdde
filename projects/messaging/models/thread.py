"""Threads: what a conversation is about, and the visible list of agencies that read it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import AGENCY_WIDE, Agency, SharingQuerySet
from portal.kit.actors import Actor
from portal.kit.addresses import address
from portal.kit.records import Record
from projects.models import Participation, Project
from projects.models.inside import inside


class ThreadQuerySet(SharingQuerySet):
    """Threads by who may know of them and what they have not read."""

    SHOWN, AGENCIES = ("seats", "project__participations"), ("opened_for", "seats__agency")  # in a list

    def visible_to(self, actor: Actor) -> Self:
        """Threads whose list names the actor's agency: on projects whose inside the actor reads, or between agencies.

        SECURITY: between agencies, those who reach every project of their agency read along, and others only where they
        opened the thread or wrote in it. Leaving the list or the project ends it.
        """
        if actor.membership is None:
            return self.none()
        from .message import Message

        between = Q(project=None)
        if not actor.has_role(*AGENCY_WIDE):
            wrote = Message.objects.filter(thread=OuterRef("pk"), author=actor.person, agency=actor.agency_id)
            between &= Q(opened_by=actor.person, opened_for=actor.agency_id) | Q(Exists(wrote))
        return self.naming(actor.agency_id or 0).filter(between | Q(inside(actor, "project")))

    def with_unread(self, actor: Actor) -> Self:
        """Say of each how far the actor has read (`read_up_to`) and whether others have written since (`is_unread`)."""
        return self.with_unread_of(actor.agency_id or 0, actor.person.pk if actor.person else 0)

    def with_unread_of(self, agency: int, person: int) -> Self:
        from .message import Message
        from .read_mark import ReadMark

        mark = ReadMark.objects.filter(thread=OuterRef("pk"), person=person).values("up_to")[:1]
        since = Message.objects.read_by(agency).filter(thread=OuterRef("pk"), pk__gt=OuterRef("read_up_to"))
        unread = Exists(since.exclude(author=person))
        return self.annotate(read_up_to=Coalesce(Subquery(mark), 0)).annotate(is_unread=unread)

    def naming(self, agency: int) -> Self:
        """Those whose list names the agency."""
        return self.filter(Exists(ThreadAgency.objects.filter(thread=OuterRef("pk"), agency=agency)))

    def in_list(self) -> Self:
        """Read what a list shows: the project, who takes part in it, the agencies that read; three more queries."""
        return self.select_related("project").prefetch_related(*self.SHOWN).sharing_agencies(*self.AGENCIES)

    def with_seats(self) -> Self:
        """Read the same of one thread in two more queries, and the agencies of the project too."""
        seats = Prefetch("seats", ThreadAgency.objects.select_related("agency"))
        taking_part = Prefetch("project__participations", Participation.objects.select_related("agency"))
        return self.select_related("project__lead", "opened_for").prefetch_related(seats, taking_part)


class Thread(Record):
    """A conversation with a visible list of agencies."""

    REF_PREFIX = "T"
    LOOK: ClassVar[dict[bool, tuple[str, str, str | Promise]]] = {
        False: ("chat", "", _("Open")),
        True: ("lock", "", _("Closed")),
    }

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="threads", null=True, blank=True, verbose_name=_("project")
    )
    title = models.CharField(_("title"), max_length=160)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_for = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("opened for"))
    # Only shared messages move it: an internal one must not show in another agency's list.
    last_message_at = models.DateTimeField(_("last shared message"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("closed by"),
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        ordering = ["-last_message_at", "-pk"]
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="thread_latest_first"),
            models.Index(fields=["project", "-last_message_at", "-id"], name="thread_of_project"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="thread_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="thread_has_a_title", violation_error_message=_("Say what it is about.")
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("messaging:thread", self.ref)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        return self.LOOK[self.is_closed]

    @property
    def topic(self) -> str:
        """What its open pages listen to."""
        return f"thread-{self.ref.lower()}"

    def readers(self, since: datetime | None = None) -> list[Agency]:
        """The agencies that read what is shared at an instant (now, unless told), in the order in which they came.

        SECURITY: an agency on the list that no longer takes part in the project reads nothing.
        """
        taking_part = None if self.project is None else {row.agency_id for row in self.project.taking_part()}
        at = since or timezone.now()
        seats = sorted(self.seats.all(), key=lambda seat: seat.pk)
        return [
            seat.agency for seat in seats if seat.since <= at and (taking_part is None or seat.agency_id in taking_part)
        ]


class ThreadAgency(models.Model):
    """A seat on the list: from that instant on the agency reads what is shared."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="seats", verbose_name=_("thread"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("agency of a thread")
        verbose_name_plural = _("agencies of a thread")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["thread", "agency"], name="thread_names_an_agency_once")]

    def __str__(self) -> str:
        return self.agency_name
