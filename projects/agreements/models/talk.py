"""What is said about the words without changing them: comments, and brackets around what is open."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.prepared import Blank
from projects.agreements.models.agreement import Agreement
from projects.agreements.models.party import Party


class Audience(models.TextChoices):
    INTERNAL = "internal", _("Internal")
    SHARED = "shared", _("Shared")


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, actor: Actor) -> CommentQuerySet:
        """Those of one's own agency, and those shared by parties, on the agreements that the actor may see."""
        readable = Agreement.objects.visible_to(actor).values("pk")
        return self.filter(agreement__in=readable).read_by(actor.agency_id)

    def read_by(self, agency_id: int | Blank | None) -> CommentQuerySet:
        """SECURITY: what is internal is read by the agency that wrote it, what is shared by the parties of then; nobody else."""
        if agency_id is None:
            return self.none()
        party = Party.objects.filter(agreement=OuterRef("agreement"), agency=agency_id).filter(
            Q(left_on=None) | Q(left_on__gt=OuterRef("at__date"))
        )
        return self.filter(Q(agency_id=agency_id) | Q(audience=Audience.SHARED) & Exists(party))

    def unresolved(self) -> CommentQuerySet:
        return self.filter(resolved_at=None)


class Comment(models.Model):
    """A remark on a clause, or on the whole text; internal to its agency unless it is widened."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="comments")
    code = models.SlugField(_("clause"), max_length=60, blank=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.INTERNAL)
    words = models.TextField(_("comment"), max_length=5000)
    reply_to = models.ForeignKey("self", models.CASCADE, related_name="replies", null=True)
    at = models.DateTimeField(auto_now_add=True)
    widened_at = models.DateTimeField(null=True)
    widened_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["agreement", "code"], name="comment_by_clause")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.code} {self.pk}"

    @property
    def is_internal(self) -> bool:
        return self.audience == Audience.INTERNAL


class Bracket(models.Model):
    """Words that a party marks as open, [as lawyers do]; while it stands, nobody can agree to the text."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="brackets")
    code = models.SlugField(_("clause"), max_length=60)
    words = models.CharField(_("words in brackets"), max_length=500, blank=True)
    note = models.CharField(_("what is open"), max_length=500, blank=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.code} [{self.words}]"

    @property
    def stands(self) -> bool:
        return self.lifted_at is None
