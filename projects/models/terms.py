"""What exactly was proposed: every version of the material terms, kept for good."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from agencies.models import Marking
from portal.kit.append_only import AppendOnly
from projects.models.choices import Audience, Destination, Mode
from projects.models.project import Project

MATERIAL = (
    "title",
    "summary",
    "objective",
    "destination",
    "taxonomy",
    "planned_start",
    "planned_end",
    "mode",
    "audience",
    "marking",
)
CHOICES = {"destination": Destination, "mode": Mode, "audience": Audience, "marking": Marking}


@dataclass(frozen=True)
class Difference:
    """One material term, before and after, in words."""

    name: str
    label: str
    before: str
    after: str


class Terms(AppendOnly):
    """The material terms as proposed under one number; an acceptance names the number it accepts."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="terms")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=600, blank=True)
    objective = models.TextField(blank=True)
    destination = models.CharField(max_length=16, blank=True)
    taxonomy = ArrayField(models.CharField(max_length=8), default=list)
    planned_start = models.DateField(null=True)
    planned_end = models.DateField(null=True)
    mode = models.CharField(max_length=10)
    audience = models.CharField(max_length=10)
    marking = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    proposed_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="terms_number_once")]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.number}"

    @classmethod
    def of(cls, project: Project, *, number: int, proposed_by: Any) -> Terms:
        """An unsaved snapshot of the project's material terms with its SHA-256."""
        values = {name: getattr(project, name) for name in MATERIAL}
        canonical = json.dumps(
            {"number": number, "project": project.ref, **values}, default=str, sort_keys=True, separators=(",", ":")
        )
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        return cls(project=project, number=number, proposed_by=proposed_by, digest=digest, **values)

    def differences_from(self, earlier: Terms) -> list[Difference]:
        """What changed since earlier terms, term by term."""
        changed = (name for name in MATERIAL if getattr(self, name) != getattr(earlier, name))
        return [Difference(name, label_of(name), earlier.words(name), self.words(name)) for name in changed]

    def words(self, name: str) -> str:
        """A term as a reader sees it."""
        value = getattr(self, name)
        if name in CHOICES and value:
            return str(CHOICES[name](value).label)
        if isinstance(value, date):
            return f"{value.day} {date_format(value, 'M')} {value.year}"
        return ", ".join(value) if isinstance(value, list) else str(value or "")


def label_of(name: str) -> str:
    return str(Project._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]
