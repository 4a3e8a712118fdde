"""Clauses: the words as they stand now, in every authentic language, and every wording they had."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly
from projects.agreements.models.agreement import Agreement


class Part(models.TextChoices):
    OWN = "own", _("Of the instrument itself")
    AMENDED = "amended", _("Of the text that it amends")


class Clause(models.Model):
    """One clause of an agreement that is being negotiated; an amendment also holds the clauses of the text it changes."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses")
    part = models.CharField(max_length=8, choices=Part.choices, default=Part.OWN)
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=60)
    alternate = models.CharField(max_length=60, blank=True)
    group = models.CharField(max_length=60, blank=True)
    heading = models.CharField(_("heading"), max_length=160)
    template = models.TextField(_("words with their placeholders"))
    text = models.TextField(_("text"))
    departs = models.BooleanField(_("departs from the model"), default=False)
    is_added = models.BooleanField(_("written by the parties"), default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-part", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "part", "position"],
                name="clause_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["agreement", "code"], name="clause_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.heading}"

    @property
    def number(self) -> str:
        return str(self.position)


class ClauseTranslation(models.Model):
    """The words of a clause in another authentic language, as of the revision they were made for."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=12)
    heading = models.CharField(_("heading"), max_length=160)
    text = models.TextField(_("text"))
    revision = models.PositiveIntegerField()
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "language"], name="translation_once_per_language")]

    def __str__(self) -> str:
        return f"{self.clause_id} {self.language}"


class Revision(AppendOnly):
    """What the text was at a revision beside its wordings: the answers and the order of the clauses, part by part."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    profile = models.JSONField()
    entry_rule = models.JSONField()
    codes = ArrayField(models.SlugField(max_length=60))
    amended_profile = models.JSONField(default=dict)
    amended_codes = ArrayField(models.SlugField(max_length=60), default=list)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.agreement_id} r{self.number}"


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
