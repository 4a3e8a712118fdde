"""Clauses: the words as they stand now, and every wording they had."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly
from projects.agreements.models.agreement import Agreement


class Clause(models.Model):
    """One clause of an agreement that is being negotiated."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=60)
    alternate = models.CharField(max_length=60, blank=True)
    group = models.CharField(max_length=60, blank=True)
    heading = models.CharField(_("heading"), max_length=160)
    template = models.TextField(_("words with their placeholders"))
    text = models.TextField(_("text"))
    departs = models.BooleanField(_("departs from the model"), default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "position"], name="clause_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["agreement", "code"], name="clause_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.heading}"

    @property
    def number(self) -> str:
        return str(self.position)


class ClauseWording(AppendOnly):
    """A wording that a clause had, from the revision that brought it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="wordings")
    code = models.SlugField(max_length=60)
    revision = models.PositiveIntegerField()
    heading = models.CharField(max_length=160)
    text = models.TextField()
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "code", "revision"], name="wording_once_per_revision")
        ]

    def __str__(self) -> str:
        return f"{self.code} r{self.revision}"
