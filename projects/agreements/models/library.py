"""Clauses that the operators add to the library, each version kept."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import InstrumentKind
from projects.agreements.library import Alternate, Library, load_library, with_added
from projects.agreements.library import Clause as LibraryClause


class ModelClause(models.Model):
    """A clause, or an alternate of one, beside those that come with the portal; texts drawn from it keep their words."""

    kind = models.CharField(_("kind of agreement"), max_length=24, choices=InstrumentKind.choices)
    code = models.SlugField(_("code"), max_length=60, help_text=_("Of an existing clause for another alternate of it."))
    heading = models.CharField(_("heading"), max_length=160)
    group = models.SlugField(_("chapter"), max_length=60)
    alternate = models.SlugField(_("code of the alternate"), max_length=60)
    label = models.CharField(_("name of the alternate"), max_length=120)
    note = models.TextField(_("note for the negotiator"), max_length=2000)
    text = models.TextField(_("text"), max_length=20_000)
    when = models.JSONField(
        _("chosen when"),
        default=dict,
        blank=True,
        help_text=_('Answers of the profile, for example {"liability": "own"}.'),
    )
    after = models.SlugField(_("stands after"), max_length=60, blank=True)
    number = models.PositiveIntegerField(_("version"), default=1, editable=False)
    is_current = models.BooleanField(_("offered for new drafts"), default=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True, editable=False)

    class Meta:
        verbose_name = _("model clause")
        verbose_name_plural = _("model clauses")
        ordering = ["kind", "code", "alternate", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "alternate", "number"], name="model_clause_version_once"),
            models.UniqueConstraint(
                fields=["kind", "code", "alternate"], condition=Q(is_current=True), name="model_clause_current_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}/{self.alternate} v{self.number}"


def offered(kind: str) -> Library:
    """The library of a kind with what the operators have added to it and offer now."""
    return with_rows(kind, ModelClause.objects.filter(kind=kind, is_current=True).order_by("pk"))


def with_rows(kind: str, rows: Iterable[ModelClause]) -> Library:
    """The library of a kind with these rows added to it, in their order; those of other kinds do not count."""
    library = load_library(kind)
    added = [
        LibraryClause(
            row.code,
            row.heading,
            row.group,
            (Alternate(row.alternate, row.label, row.when, row.text, row.note, is_added=True),),
            after=row.after,
        )
        for row in rows
        if row.kind == kind
    ]
    return with_added(library, added) if added else library
