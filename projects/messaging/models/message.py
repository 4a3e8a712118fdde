"""Messages with their audience, and what they said before they were edited or withdrawn."""

from __future__ import annotations

import hashlib
import uuid
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.languages import own_name_of
from agencies.models import Agency, Person
from portal.kit.actors import Actor
from portal.kit.addresses import address
from portal.kit.append_only import AppendOnly

from .thread import Thread, ThreadAgency

LONGEST = 20_000
language_tag = RegexValidator(
    r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$", _("Use a language tag such as en or zh-Hans.")
)


class Audience(models.TextChoices):
    """Who reads a message; the narrower one comes first."""

    INTERNAL = "internal", _("Internal")
    SHARED = "shared", _("Shared")


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by who reads them."""

    def addressed_to(self, actor: Actor) -> Self:
        """Internal ones of the actor's agency, and those shared since it came to the list."""
        return self.read_by(actor.agency_id or 0)

    def read_by(self, agency: int) -> Self:
        """The one rule of `addressed_to`."""
        seat = ThreadAgency.objects.filter(thread=OuterRef("thread"), agency=agency, since__lte=OuterRef("created_at"))
        return self.filter(Q(audience=Audience.INTERNAL, agency=agency) | Q(Exists(seat), audience=Audience.SHARED))

    def visible_to(self, actor: Actor) -> Self:
        """What is addressed to the actor's agency, in the threads that the actor sees."""
        threads = Thread.objects.visible_to(actor).filter(pk=OuterRef("thread"))
        return self.addressed_to(actor).filter(Exists(threads))

    def with_writers(self) -> Self:
        """Read the author and their agency in the same query, and count the edits."""
        edits = MessageEdit.objects.filter(message=OuterRef("pk")).values("message").annotate(number=models.Count("pk"))
        counted = Coalesce(Subquery(edits.values("number"), output_field=models.IntegerField()), 0)
        return self.select_related("author", "agency").annotate(edit_count=counted)


class Message(models.Model):
    """What one person wrote for one agency, and who reads it."""

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages", verbose_name=_("thread"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    audience = models.CharField(_("audience"), max_length=8, choices=Audience, default=Audience.INTERNAL)
    language = models.CharField(_("language"), max_length=35, blank=True, validators=[language_tag])
    body = models.TextField(_("message"), max_length=LONGEST)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("withdrawn by"),
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["pk"]
        indexes = [models.Index(fields=["thread", "id"], name="message_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None) & ~Q(body="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, body=""),
                name="message_says_something_or_is_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    def get_absolute_url(self) -> str:
        return address("messaging:message", self.thread.ref, self.uid)

    @property
    def is_internal(self) -> bool:
        return self.audience == Audience.INTERNAL

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def language_name(self) -> str:
        """The language by its own name, or its tag where nobody has named it."""
        return own_name_of(self.language) if self.language else ""

    def body_hash(self) -> str:
        return body_hash(self.body)


class MessageEdit(AppendOnly):
    """What a message said before it was edited or withdrawn."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="edits")
    body = models.TextField()
    body_sha256 = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField(default=timezone.now)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        verbose_name = _("earlier words")
        verbose_name_plural = _("earlier words")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.body_sha256

    @classmethod
    def keep(cls, message: Message, *, by: Person) -> MessageEdit:
        """Write down what the message says now, before it changes."""
        written_at = message.edited_at or message.created_at
        return cls.objects.create(
            message=message, body=message.body, body_sha256=message.body_hash(), written_at=written_at, replaced_by=by
        )


def body_hash(body: str) -> str:
    """SHA-256 of the words as stored, in UTF-8: the history holds this, never the words."""
    return hashlib.sha256(body.encode()).hexdigest()
