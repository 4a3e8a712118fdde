"""What waits for somebody, what is to know, who has read it, and how they want to be told."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.inbox import labels, texts
from portal.kit.actors import Actor

SEE_ALL = ("administrator", "manager")
OPERATORS = "operator"
KNOW_FOR = timedelta(days=90)


class Reach(models.TextChoices):
    """Whose items to show."""

    ME = "me", _("For me")
    ROLE = "role", _("For my roles")
    ALL = "all", _("All of my agency")


class ItemQuerySet(models.QuerySet):
    """Items in the words that pages use."""

    def visible_to(self, actor: Actor) -> ItemQuerySet:
        """Everything the actor may know of: what is addressed to them, and all of the agency for those who lead it."""
        return self.for_actor(actor, Reach.ALL if may_see_all(actor) else Reach.ME)

    def for_actor(self, actor: Actor, reach: str = Reach.ME) -> ItemQuerySet:
        """Items for the person or the roles they hold ("me"), for those roles only ("role"), or of the agency ("all").

        What belongs to an agency needs a live membership of it; all of it is for administrators and managers.
        """
        if actor.person is None:
            return self.none()
        person = Q(person=actor.person)
        mine = Q(agency=None)
        roles = Q(pk__in=())
        if _is_live(actor):
            own = Q(agency=actor.agency_id)
            mine |= own
            roles = own & Q(person=None, roles__overlap=sorted(actor.roles))
            if reach == Reach.ALL:
                return self.filter(own | (person & mine)) if may_see_all(actor) else self.none()
        if actor.is_operator:
            roles |= Q(agency=None, person=None, roles__contains=[OPERATORS])
        if reach == Reach.ROLE:
            return self.filter(roles)
        return self.filter((person & mine) | roles) if reach == Reach.ME else self.none()

    def waiting(self) -> ItemQuerySet:
        """Unsettled, the most urgent first."""
        return self.filter(kind=Item.Kind.WAITING, settled_at=None).order_by(
            F("due_at").asc(nulls_last=True), "-created_at", "-pk"
        )

    def to_know(self) -> ItemQuerySet:
        """The news of the last three months, newest first."""
        since = timezone.now() - KNOW_FOR
        return self.filter(kind=Item.Kind.TO_KNOW, created_at__gte=since).order_by("-created_at", "-pk")

    def current(self) -> ItemQuerySet:
        """What waits, and the news of the last three months."""
        since = timezone.now() - KNOW_FOR
        return self.filter(
            Q(kind=Item.Kind.WAITING, settled_at=None) | Q(kind=Item.Kind.TO_KNOW, created_at__gte=since)
        )

    def with_read(self, actor: Actor) -> ItemQuerySet:
        """Say of each item whether the actor has read it (`is_read`)."""
        return self.annotate(is_read=Exists(Read.objects.filter(item=OuterRef("pk"), person=actor.person)))

    def unread(self, actor: Actor) -> ItemQuerySet:
        return self.with_read(actor).filter(is_read=False)


def may_see_all(actor: Actor) -> bool:
    """Whether the actor may see what waits for other members of their agency."""
    return _is_live(actor) and actor.has_role(*SEE_ALL)


def _is_live(actor: Actor) -> bool:
    return actor.membership is not None and bool(actor.membership.is_live)


class Item(models.Model):
    """Something for a person, for roles of an agency, or for the portal's operators, in its reader's words."""

    class Kind(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TO_KNOW = "to_know", _("to know")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event_uid = models.UUIDField(_("event"), null=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=200, blank=True)
    verb = models.CharField(_("asks to"), max_length=40, blank=True)
    agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("agency")
    )
    roles = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("roles"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("person")
    )
    title_id = models.TextField(_("title"))
    title_params = models.JSONField(default=dict)
    why_id = models.TextField(_("why"), blank=True)
    why_params = models.JSONField(default=dict)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    url = models.CharField(_("address"), max_length=500)
    ref = models.CharField(_("record"), max_length=64, blank=True)
    due_at = models.DateTimeField(_("due"), null=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True)
    open_key = models.GeneratedField(
        expression=Case(When(kind="waiting", settled_at=None, then=F("key"))),
        output_field=models.CharField(max_length=200, null=True),
        db_persist=True,
        unique=True,
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox items")
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(person__isnull=False) | Q(roles=[OPERATORS]),
                name="item_is_addressed",
            ),
            models.CheckConstraint(condition=Q(kind="to_know") | (~Q(key="") & ~Q(verb="")), name="item_waits_by_key"),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_at"], condition=Q(kind="waiting", settled_at=None), name="item_waits_for_agency"
            ),
            models.Index(
                fields=["person", "due_at"], condition=Q(kind="waiting", settled_at=None), name="item_waits_for_person"
            ),
            models.Index(fields=["agency", "-created_at"], condition=Q(kind="to_know"), name="item_known_to_agency"),
            models.Index(fields=["person", "-created_at"], condition=Q(kind="to_know"), name="item_known_to_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.ref or self.uid}"

    @property
    def title(self) -> str:
        """In the reader's language."""
        return texts.render(self.title_id, self.title_params)

    @property
    def why(self) -> str:
        """In the reader's language."""
        return texts.render(self.why_id, self.why_params)

    @property
    def label(self) -> labels.Label:
        return labels.find(self.verb)


class Read(models.Model):
    """A person has seen an item."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="reads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="item_read_once")]

    def __str__(self) -> str:
        return f"{self.item_id} by {self.person_id}"


class Preference(models.Model):
    """When a person wants mail about what waits for them; without a row, at once."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        NEVER = "never", _("Never")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mail = models.CharField(
        _("mail about what waits for you"), max_length=8, choices=Mail.choices, default=Mail.AT_ONCE
    )

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")

    def __str__(self) -> str:
        return self.get_mail_display()


class SentMail(models.Model):
    """A mail that has left, so that a job that runs again does not send it again."""

    key = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("sent mail")
        verbose_name_plural = _("sent mails")

    def __str__(self) -> str:
        return self.key
