"""The words an asset chooses among: where it comes from, what it is, and where its entry stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where an asset comes from, as seen from the project."""

    BACKGROUND = "background", _("Background")
    RESULT = "result", _("Result")
    SIDEGROUND = "sideground", _("Sideground")


class Nature(models.TextChoices):
    PATENT = "patent", _("Patent or patent application")
    SOFTWARE = "software", _("Software")
    DATA = "data", _("Data")
    KNOW_HOW = "know_how", _("Know-how")
    DESIGN = "design", _("Design")
    HARDWARE = "hardware", _("Hardware")
    PUBLICATION = "publication", _("Publication")
    OTHER = "other", _("Other")


class Status(models.TextChoices):
    DECLARED = "declared", _("Declared")
    AGREED = "agreed", _("Agreed")
    CONTESTED = "contested", _("Contested")
    WITHDRAWN = "withdrawn", _("Withdrawn")
